package io.shopwatch.wire;

import static io.shopwatch.wire.DeadLetterReason.EMPTY;
import static io.shopwatch.wire.DeadLetterReason.INVALID_FIELD;
import static io.shopwatch.wire.DeadLetterReason.MALFORMED;
import static io.shopwatch.wire.DeadLetterReason.MISSING_FIELD;
import static io.shopwatch.wire.DeadLetterReason.OUT_OF_RANGE;
import static io.shopwatch.wire.DeadLetterReason.STRING_TOO_LONG;
import static io.shopwatch.wire.DeadLetterReason.TOO_FAR_AHEAD;
import static io.shopwatch.wire.DeadLetterReason.TOO_LARGE;
import static io.shopwatch.wire.DeadLetterReason.TOO_OLD;
import static io.shopwatch.wire.DeadLetterReason.UNKNOWN_TYPE;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventTime;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.Money;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.event.Words;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Reads the records of one input stream: UTF-8 JSON, one object each. Whatever is wrong with a record becomes a
 * rejection with its reason, never an exception. Fields that the stream does not have are skipped; of a field given
 * twice the last one holds; JSON null and the empty string are as good as a missing field.
 *
 * <p>Not thread-safe: between records it remembers words, such as the names of channels.
 */
public final class EventDecoder implements Serializable {
    private static final long serialVersionUID = 1;

    /** Largest record, in bytes. */
    public static final int MAX_BYTES = 64 * 1024;

    /** Longest string of a known field, in characters (Unicode code points). */
    public static final int MAX_CHARACTERS = 256;

    /** Largest quantity of one event either way: sums of units stay far below the limit of a {@code long}. */
    public static final long MAX_QUANTITY = 1_000_000_000_000L;

    /** Where a producer names no warehouse. */
    public static final String DEFAULT_WAREHOUSE = "default";

    /** Deepest nesting of objects and arrays, which can only be in fields that nobody reads. */
    public static final int MAX_DEPTH = 1_000;

    /** No exact amount within the bounds needs more characters, and longer ones are slow to convert. */
    private static final int MAX_NUMBER_CHARACTERS = 64;

    /** A {@code long} holds any number of so many digits. */
    private static final int SAFE_DIGITS = 18;

    private static final JsonFactory JSON = JsonFactory.builder()
            // The contract is UTF-8; what looks like UTF-16 is not to be guessed at.
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            // Unknown names come from outside; they must not fill the JVM's table of interned strings, ...
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            // ... and names whose hashes collide are slow for one record, not an error.
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_BYTES)
                    .maxNameLength(MAX_BYTES)
                    .maxStringLength(MAX_BYTES)
                    .build())
            .build();

    private final EventStream stream;
    private final Duration maxAhead;

    private transient Words words; // made where it is used: it has room for thousands

    /**
     * @param stream the stream whose records are read
     * @param maxAheadOrNull how far ahead of the wall clock an event time may be; null for any time
     */
    public EventDecoder(EventStream stream, Duration maxAheadOrNull) {
        this.stream = stream;
        this.maxAhead = maxAheadOrNull;
    }

    /**
     * Reads one record.
     *
     * @param bytes the record's value; null (a tombstone) is a rejection
     * @param nowMillis the wall clock in epoch milliseconds
     */
    public Decoded decode(byte[] bytes, long nowMillis) {
        if (bytes == null || bytes.length == 0) {
            return Decoded.rejected(EMPTY, "the record has no value");
        }
        if (bytes.length > MAX_BYTES) {
            return Decoded.rejected(
                    TOO_LARGE, "the record has " + bytes.length + " bytes; at most " + MAX_BYTES + " are read");
        }
        int invalid = Utf8.firstInvalid(bytes);
        if (invalid >= 0) {
            return Decoded.rejected(MALFORMED, "not UTF-8 at byte " + invalid);
        }
        if (words == null) {
            words = new Words();
        }
        ShopEvent plain = PlainReader.read(stream, bytes, newest(nowMillis), words);
        return plain != null ? Decoded.accepted(plain) : decodeAny(bytes, nowMillis);
    }

    private long newest(long nowMillis) {
        return maxAhead == null ? EventTime.MAX : Math.min(EventTime.MAX, nowMillis + maxAhead.toMillis());
    }

    /** Reads a record however it is written; it has been found to be UTF-8 of acceptable length. */
    Decoded decodeAny(byte[] bytes, long nowMillis) {
        try (JsonParser parser = JSON.createParser(bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Rejection(MALFORMED, "not a JSON object");
            }
            Fields fields = new Fields();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                readField(parser, name, fields);
            }
            if (parser.nextToken() != null) {
                throw new Rejection(MALFORMED, "more than one JSON value in the record");
            }
            return Decoded.accepted(event(fields, nowMillis));
        } catch (Rejection e) {
            return Decoded.rejected(e.reason, Text.clean(e.getMessage()));
        } catch (StreamConstraintsException e) {
            return Decoded.rejected(MALFORMED, "nested deeper than " + MAX_DEPTH);
        } catch (JsonProcessingException e) {
            return Decoded.rejected(
                    MALFORMED,
                    Text.clean("at byte " + e.getLocation().getByteOffset() + ": " + e.getOriginalMessage()));
        } catch (IOException e) {
            // Only JSON errors can happen on an array in memory; whatever else the parser reports is one as well.
            return Decoded.rejected(MALFORMED, Text.clean(String.valueOf(e.getMessage())));
        }
    }

    /** Fields as read, before it is known which type they belong to. */
    private static final class Fields {
        private String type;
        private String eventId;
        private boolean hasTime;
        private long time;
        private String visitorId;
        private String sessionId;
        private String channel;
        private String campaign;
        private String device;
        private String region;
        private String sku;
        private String category;
        private String warehouse;
        private Long quantity;
        private Long unitPrice;
        private String orderId;
        private List<Item> items;
        private String currency;
        private Long discount;
        private String coupon;
        private String paymentMethod;
        private boolean restock;
    }

    private void readField(JsonParser parser, String name, Fields fields) throws IOException, Rejection {
        switch (name) {
            case "type" -> fields.type = string(parser, "", name);
            case "eventId" -> fields.eventId = string(parser, "", name);
            case "eventTime" -> readTime(parser, fields);
            default -> {
                boolean known =
                        switch (stream) {
                            case CLICKS -> readVisit(parser, name, fields) || readProduct(parser, name, fields);
                            case CARTS ->
                                readVisit(parser, name, fields)
                                        || readProduct(parser, name, fields)
                                        || readLine(parser, name, fields);
                            case ORDERS -> readVisit(parser, name, fields) || readOrder(parser, name, fields);
                            case STOCK -> readStock(parser, name, fields);
                        };
                if (!known) {
                    parser.skipChildren();
                }
            }
        }
    }

    private static boolean readVisit(JsonParser parser, String name, Fields fields) throws IOException, Rejection {
        switch (name) {
            case "visitorId" -> fields.visitorId = string(parser, "", name);
            case "sessionId" -> fields.sessionId = string(parser, "", name);
            case "channel" -> fields.channel = string(parser, "", name);
            case "campaign" -> fields.campaign = string(parser, "", name);
            case "device" -> fields.device = string(parser, "", name);
            case "region" -> fields.region = string(parser, "", name);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static boolean readProduct(JsonParser parser, String name, Fields fields) throws IOException, Rejection {
        switch (name) {
            case "sku" -> fields.sku = string(parser, "", name);
            case "category" -> fields.category = string(parser, "", name);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static boolean readLine(JsonParser parser, String name, Fields fields) throws IOException, Rejection {
        switch (name) {
            case "quantity" -> fields.quantity = quantity(parser, "", name);
            case "unitPrice" -> fields.unitPrice = money(parser, "", name);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static boolean readOrder(JsonParser parser, String name, Fields fields) throws IOException, Rejection {
        switch (name) {
            case "orderId" -> fields.orderId = string(parser, "", name);
            case "items" -> fields.items = items(parser);
            case "currency" -> fields.currency = currency(parser);
            case "discount" -> fields.discount = money(parser, "", name);
            case "coupon" -> fields.coupon = string(parser, "", name);
            case "paymentMethod" -> fields.paymentMethod = string(parser, "", name);
            case "restock" -> fields.restock = bool(parser, name);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static boolean readStock(JsonParser parser, String name, Fields fields) throws IOException, Rejection {
        switch (name) {
            case "sku" -> fields.sku = string(parser, "", name);
            case "quantity" -> fields.quantity = quantity(parser, "", name);
            case "warehouse" -> fields.warehouse = string(parser, "", name);
            default -> {
                return false;
            }
        }
        return true;
    }

    private ShopEvent event(Fields fields, long nowMillis) throws Rejection {
        require(fields.type, "type");
        EventType type = EventType.of(stream, fields.type).orElse(null);
        if (type == null) {
            throw new Rejection(
                    UNKNOWN_TYPE, "no type " + Text.quote(fields.type) + " in the stream " + stream.wireName());
        }
        require(fields.eventId, "eventId");
        checkTime(fields, nowMillis);
        if (stream != EventStream.STOCK) {
            require(fields.visitorId, "visitorId");
        }
        switch (type) {
            case VIEW_ITEM -> {
                require(fields.sku, "sku");
                require(fields.category, "category");
            }
            case ADD_TO_CART, REMOVE_FROM_CART -> {
                require(fields.sku, "sku");
                require(fields.quantity, "quantity");
            }
            case COUNTED, RECEIVED, ADJUSTED -> {
                require(fields.sku, "sku");
                require(fields.quantity, "quantity");
                if (fields.warehouse == null) {
                    fields.warehouse = DEFAULT_WAREHOUSE;
                }
            }
            case PLACED -> {
                require(fields.orderId, "orderId");
                require(fields.items, "items");
            }
            case PAID, SHIPPED, CANCELLED, REFUNDED -> require(fields.orderId, "orderId");
            case PAGE_VIEW, SEARCH, VIEW_LIST, BEGIN_CHECKOUT -> {
                // Nothing beyond the common fields.
            }
        }
        long quantity = fields.quantity == null ? 0 : checkedQuantity(type, fields.quantity);
        long unitPrice = fields.unitPrice == null ? 0 : fields.unitPrice;
        addValue(0, quantity, unitPrice, "quantity × unitPrice");
        return new ShopEvent(
                type,
                fields.eventId,
                fields.time,
                fields.visitorId,
                fields.sessionId,
                fields.channel,
                fields.campaign,
                fields.device,
                fields.region,
                fields.sku,
                fields.category,
                fields.warehouse,
                quantity,
                unitPrice,
                fields.orderId,
                fields.items,
                fields.currency,
                fields.discount,
                fields.coupon,
                fields.paymentMethod,
                type == EventType.REFUNDED && fields.restock);
    }

    private static void require(Object value, String name) throws Rejection {
        if (value == null) {
            throw new Rejection(MISSING_FIELD, name + " is missing");
        }
    }

    private static long checkedQuantity(EventType type, long quantity) throws Rejection {
        if (type != EventType.ADJUSTED) {
            checkNotNegative(quantity, "", "quantity");
        }
        return quantity;
    }

    private static void checkNotNegative(long quantity, String path, String name) throws Rejection {
        if (quantity < 0) {
            throw new Rejection(INVALID_FIELD, path + name + " must not be negative, but is " + quantity);
        }
    }

    // --- times

    private static void readTime(JsonParser parser, Fields fields) throws IOException, Rejection {
        fields.hasTime = true;
        switch (parser.currentToken()) {
            case VALUE_NULL -> fields.hasTime = false;
            case VALUE_NUMBER_INT -> {
                if (parser.getTextLength() <= SAFE_DIGITS) {
                    fields.time = parser.getLongValue();
                } else {
                    // Beyond any bound, which is all that matters.
                    boolean negative = parser.getTextCharacters()[parser.getTextOffset()] == '-';
                    fields.time = negative ? Long.MIN_VALUE : Long.MAX_VALUE;
                }
            }
            case VALUE_STRING -> {
                String text = parser.getText();
                if (text.isEmpty()) {
                    fields.hasTime = false;
                    return;
                }
                OptionalLong time = EventTime.parse(text);
                if (time.isEmpty()) {
                    throw wrongTime(Text.quote(text));
                }
                fields.time = time.getAsLong();
            }
            default -> throw wrongTime(what(parser));
        }
    }

    private static Rejection wrongTime(String value) {
        return new Rejection(
                INVALID_FIELD, "eventTime must be epoch milliseconds or an RFC 3339 time, but is " + value);
    }

    private void checkTime(Fields fields, long nowMillis) throws Rejection {
        if (!fields.hasTime) {
            throw new Rejection(MISSING_FIELD, "eventTime is missing");
        }
        long time = fields.time;
        if (time < EventTime.MIN) {
            throw new Rejection(
                    TOO_OLD, "eventTime " + (time == Long.MIN_VALUE ? "" : describe(time) + " ") + "is before 2000");
        }
        if (maxAhead != null && time - nowMillis > maxAhead.toMillis()) {
            throw new Rejection(
                    TOO_FAR_AHEAD,
                    "eventTime " + (time > EventTime.MAX ? "" : describe(time) + " ") + "is more than "
                            + maxAhead.toMillis() + " ms ahead of the wall clock");
        }
        if (time > EventTime.MAX) {
            throw new Rejection(OUT_OF_RANGE, "eventTime is after the year 9999");
        }
    }

    private static String describe(long time) {
        return time + " (" + Instant.ofEpochMilli(time) + ")";
    }

    // --- strings

    /** The string, or null if it is JSON null or empty. */
    private static String string(JsonParser parser, String path, String name) throws IOException, Rejection {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token != JsonToken.VALUE_STRING) {
            throw new Rejection(INVALID_FIELD, path + name + " must be a string, but is " + what(parser));
        }
        String text = parser.getText();
        if (text.isEmpty()) {
            return null;
        }
        if (text.length() > MAX_CHARACTERS) {
            int characters = text.codePointCount(0, text.length());
            if (characters > MAX_CHARACTERS) {
                throw new Rejection(
                        STRING_TOO_LONG,
                        path + name + " has " + characters + " characters; at most " + MAX_CHARACTERS + " are read");
            }
        }
        if (Text.hasLoneSurrogate(text)) {
            // "\ud83d" alone is legal JSON, but no text: it could not be written again as UTF-8.
            throw new Rejection(INVALID_FIELD, path + name + " has half a surrogate pair");
        }
        return text;
    }

    private static String currency(JsonParser parser) throws IOException, Rejection {
        String text = string(parser, "", "currency");
        if (text == null) {
            return null;
        }
        boolean code = text.length() == 3;
        for (int i = 0; code && i < 3; i++) {
            char c = text.charAt(i);
            code = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        }
        if (!code) {
            throw new Rejection(INVALID_FIELD, "currency must be three letters (ISO 4217), but is " + Text.quote(text));
        }
        return text.toUpperCase(Locale.ROOT);
    }

    private static boolean bool(JsonParser parser, String name) throws IOException, Rejection {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            default -> throw new Rejection(INVALID_FIELD, name + " must be true or false, but is " + what(parser));
        };
    }

    // --- numbers

    /** The quantity, or null if it is JSON null. */
    private static Long quantity(JsonParser parser, String path, String name) throws IOException, Rejection {
        switch (parser.currentToken()) {
            case VALUE_NULL -> {
                return null;
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                long quantity =
                        parser.currentToken() == JsonToken.VALUE_NUMBER_INT && parser.getTextLength() <= SAFE_DIGITS
                                ? parser.getLongValue()
                                : wholeNumber(parser, path, name);
                if (Math.abs(quantity) > MAX_QUANTITY) {
                    throw new Rejection(OUT_OF_RANGE, path + name + " is over " + MAX_QUANTITY);
                }
                return quantity;
            }
            default ->
                throw new Rejection(INVALID_FIELD, path + name + " must be a whole number, but is " + what(parser));
        }
    }

    private static long wholeNumber(JsonParser parser, String path, String name) throws IOException, Rejection {
        BigDecimal number = decimal(parser, path, name);
        if (number.signum() == 0) {
            return 0;
        }
        // Compared before rescaling: 1e999999999 would otherwise be written out digit by digit.
        if ((long) number.precision() - number.scale() > SAFE_DIGITS) {
            throw new Rejection(OUT_OF_RANGE, path + name + " is over " + MAX_QUANTITY);
        }
        if (number.stripTrailingZeros().scale() > 0) {
            throw new Rejection(INVALID_FIELD, path + name + " must be a whole number, but is " + what(parser));
        }
        return number.longValueExact();
    }

    /** Money in 1/10000 units, or null if it is JSON null or the empty string. */
    private static Long money(JsonParser parser, String path, String name) throws IOException, Rejection {
        switch (parser.currentToken()) {
            case VALUE_NULL -> {
                return null;
            }
            case VALUE_STRING -> {
                if (parser.getTextLength() == 0) {
                    return null;
                }
                if (!isPlainDecimal(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength())) {
                    throw wrongMoney(parser, path, name);
                }
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                // JSON's grammar is all that is asked of a number.
            }
            default -> throw wrongMoney(parser, path, name);
        }
        long amount = plainAmount(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
        if (amount >= 0) {
            return amount;
        }
        BigDecimal units = decimal(parser, path, name);
        if (units.signum() < 0) {
            throw new Rejection(INVALID_FIELD, path + name + " must not be negative, but is " + what(parser));
        }
        if (units.compareTo(MAX_UNITS) > 0) {
            throw new Rejection(OUT_OF_RANGE, path + name + " is over " + MAX_UNITS);
        }
        try {
            return Money.of(units);
        } catch (ArithmeticException e) {
            throw new Rejection(INVALID_FIELD, path + name + " is finer than 1/10000, the exact value of money");
        }
    }

    private static final BigDecimal MAX_UNITS = Money.toUnits(Money.MAX_AMOUNT).setScale(0);

    private static Rejection wrongMoney(JsonParser parser, String path, String name) throws IOException {
        return new Rejection(
                INVALID_FIELD, path + name + " must be a number or a decimal string, but is " + what(parser));
    }

    /** Whether the characters are digits, with one point at most between them and perhaps a minus before. */
    private static boolean isPlainDecimal(char[] text, int offset, int length) {
        int begin = length > 0 && text[offset] == '-' ? offset + 1 : offset;
        int end = offset + length;
        boolean point = false;
        for (int i = begin; i < end; i++) {
            char c = text[i];
            if (c == '.') {
                if (point || i == begin || i == end - 1) {
                    return false;
                }
                point = true;
            } else if (c < '0' || c > '9') {
                return false;
            }
        }
        return begin < end;
    }

    /** The amount if it is written as up to 12 digits and 4 decimals, as nearly all are; otherwise −1. */
    private static long plainAmount(char[] text, int offset, int length) {
        long amount = 0;
        int decimals = -1;
        if (length > 12) {
            return -1;
        }
        for (int i = offset; i < offset + length; i++) {
            char c = text[i];
            if (c == '.' && decimals < 0) {
                decimals = 0;
            } else if (c >= '0' && c <= '9') {
                amount = amount * 10 + (c - '0');
                if (decimals >= 0) {
                    decimals++;
                }
            } else {
                return -1;
            }
        }
        if (decimals > Money.DECIMALS) {
            return -1;
        }
        for (int i = Math.max(decimals, 0); i < Money.DECIMALS; i++) {
            amount *= 10;
        }
        return amount;
    }

    private static BigDecimal decimal(JsonParser parser, String path, String name) throws IOException, Rejection {
        int length = parser.getTextLength();
        if (length > MAX_NUMBER_CHARACTERS) {
            throw new Rejection(OUT_OF_RANGE, path + name + " is written with " + length + " characters");
        }
        try {
            return new BigDecimal(parser.getTextCharacters(), parser.getTextOffset(), length);
        } catch (NumberFormatException e) {
            // Its grammar is checked already; what remains is an exponent beyond an int.
            throw new Rejection(OUT_OF_RANGE, path + name + " is " + what(parser));
        }
    }

    /** {@code total} + quantity × unit price, if that is within what one event may carry. */
    private static long addValue(long total, long quantity, long unitPrice, String name) throws Rejection {
        if (unitPrice != 0 && quantity > (Money.MAX_AMOUNT - total) / unitPrice) {
            throw new Rejection(OUT_OF_RANGE, name + " is over " + MAX_UNITS);
        }
        return total + quantity * unitPrice;
    }

    // --- items

    private static List<Item> items(JsonParser parser) throws IOException, Rejection {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token != JsonToken.START_ARRAY) {
            throw new Rejection(INVALID_FIELD, "items must be an array of objects, but is " + what(parser));
        }
        List<Item> items = new ArrayList<>(4);
        long total = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String path = "items[" + items.size() + "]";
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new Rejection(INVALID_FIELD, path + " must be an object, but is " + what(parser));
            }
            Item item = item(parser, path + ".");
            total = addValue(total, item.quantity(), item.unitPrice(), "the value of the items");
            items.add(item);
        }
        if (items.isEmpty()) {
            throw new Rejection(INVALID_FIELD, "items must not be empty");
        }
        return items;
    }

    private static Item item(JsonParser parser, String path) throws IOException, Rejection {
        String sku = null;
        String category = null;
        Long quantity = null;
        Long unitPrice = null;
        String warehouse = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "sku" -> sku = string(parser, path, name);
                case "category" -> category = string(parser, path, name);
                case "quantity" -> quantity = quantity(parser, path, name);
                case "unitPrice" -> unitPrice = money(parser, path, name);
                case "warehouse" -> warehouse = string(parser, path, name);
                default -> parser.skipChildren();
            }
        }
        require(sku, path + "sku");
        require(quantity, path + "quantity");
        require(unitPrice, path + "unitPrice");
        checkNotNegative(quantity, path, "quantity");
        return new Item(sku, category, quantity, unitPrice, warehouse == null ? DEFAULT_WAREHOUSE : warehouse);
    }

    // --- details

    /** The current value as a person would name it. */
    private static String what(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> Text.quote(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Text.shorten(parser.getText());
            default -> parser.getText();
        };
    }

    /** Ends the reading of a record; carries no stack trace, as a flood of bad records must not cost more than good ones. */
    private static final class Rejection extends Exception {
        private static final long serialVersionUID = 1;

        private final DeadLetterReason reason;

        Rejection(DeadLetterReason reason, String detail) {
            super(detail, null, false, false);
            this.reason = reason;
        }
    }
}
