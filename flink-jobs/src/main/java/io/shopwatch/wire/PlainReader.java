package io.shopwatch.wire;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventTime;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Money;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.event.Words;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Reads clicks and cart events that are written plainly, as nearly all are: one flat object of strings without escapes
 * and of numbers without exponents, with nothing wrong. Whatever is not plain it leaves to {@link EventDecoder}, which
 * knows all of JSON and every reason of a rejection; so this class never decides that a record is wrong, and what it
 * accepts reads as the decoder would read it.
 *
 * <p>An instance reads one record.
 */
final class PlainReader {
    private static final byte[] TYPE = ascii("type");
    private static final byte[] EVENT_ID = ascii("eventId");
    private static final byte[] EVENT_TIME = ascii("eventTime");
    private static final byte[] VISITOR_ID = ascii("visitorId");
    private static final byte[] SESSION_ID = ascii("sessionId");
    private static final byte[] CHANNEL = ascii("channel");
    private static final byte[] CAMPAIGN = ascii("campaign");
    private static final byte[] DEVICE = ascii("device");
    private static final byte[] REGION = ascii("region");
    private static final byte[] SKU = ascii("sku");
    private static final byte[] CATEGORY = ascii("category");
    private static final byte[] QUANTITY = ascii("quantity");
    private static final byte[] UNIT_PRICE = ascii("unitPrice");

    private static final EventType[] TYPES = EventType.values();
    private static final byte[][] TYPE_NAMES =
            Arrays.stream(TYPES).map(type -> ascii(type.wireName())).toArray(byte[][]::new);

    /** Digits of a number that surely fits, with four decimals more. */
    private static final int MAX_DIGITS = 12;

    private static final int MAX_TIME_DIGITS = 15;

    private final EventStream stream;
    private final byte[] bytes;
    private final Words words;
    private int at;

    // the value read last
    private int begin;
    private int end;
    private boolean isString;

    private EventType type;
    private String eventId;
    private long time = Long.MIN_VALUE;
    private String visitorId;
    private String sessionId;
    private String channel;
    private String campaign;
    private String device;
    private String region;
    private String sku;
    private String category;
    private long quantity;
    private long unitPrice;

    private PlainReader(EventStream stream, byte[] bytes, Words words) {
        this.stream = stream;
        this.bytes = bytes;
        this.words = words;
    }

    /**
     * The event, or null if the record is not plain.
     *
     * @param stream stream of the record
     * @param bytes the record, well-formed UTF-8
     * @param newest the latest event time that is accepted
     * @param words of what there are few: channels and their like, categories and SKUs
     */
    static ShopEvent read(EventStream stream, byte[] bytes, long newest, Words words) {
        if (stream != EventStream.CLICKS && stream != EventStream.CARTS) {
            return null;
        }
        PlainReader reader = new PlainReader(stream, bytes, words);
        return reader.fields() ? reader.event(newest) : null;
    }

    private boolean fields() {
        if (next() != '{') {
            return false;
        }
        at++;
        while (true) {
            if (next() != '"' || !string()) {
                return false;
            }
            int nameBegin = begin;
            int nameEnd = end;
            if (next() != ':') {
                return false;
            }
            at++;
            if (!value() || !field(nameBegin, nameEnd)) {
                return false;
            }
            int after = next();
            at++;
            if (after == '}') {
                return next() < 0;
            }
            if (after != ',') {
                return false;
            }
        }
    }

    /** The next byte that is no white space, at {@link #at}; −1 at the end. */
    private int next() {
        while (at < bytes.length) {
            byte b = bytes[at];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b & 0xFF;
            }
            at++;
        }
        return -1;
    }

    private boolean value() {
        int first = next();
        if (first == '"') {
            isString = true;
            return string();
        }
        isString = false;
        return number();
    }

    /** From quotation mark to quotation mark. */
    private boolean string() {
        begin = ++at;
        while (at < bytes.length) {
            byte b = bytes[at];
            if (b == '"') {
                end = at++;
                return true;
            }
            // The bytes of a character beyond ASCII are negative.
            if (b == '\\' || (b >= 0 && b < ' ')) {
                return false;
            }
            at++;
        }
        return false;
    }

    /** Digits, perhaps with a point between them; what follows them is looked at by who goes on. */
    private boolean number() {
        begin = at;
        boolean point = false;
        while (at < bytes.length) {
            byte b = bytes[at];
            if (b == '.' && !point && at > begin) {
                point = true;
            } else if (b < '0' || b > '9') {
                break;
            }
            at++;
        }
        end = at;
        // JSON knows no leading zeros, and no point without a digit after it.
        boolean zeros = end - begin > 1 && bytes[begin] == '0' && bytes[begin + 1] != '.';
        return end > begin && !zeros && bytes[end - 1] != '.';
    }

    private boolean field(int nameBegin, int nameEnd) {
        switch (nameEnd - nameBegin) {
            case 3 -> {
                if (is(SKU, nameBegin, nameEnd)) {
                    sku = word();
                    return sku != null;
                }
            }
            case 4 -> {
                if (is(TYPE, nameBegin, nameEnd)) {
                    type = type();
                    return type != null;
                }
            }
            case 6 -> {
                if (is(DEVICE, nameBegin, nameEnd)) {
                    device = word();
                    return device != null;
                }
                if (is(REGION, nameBegin, nameEnd)) {
                    region = word();
                    return region != null;
                }
            }
            case 7 -> {
                if (is(EVENT_ID, nameBegin, nameEnd)) {
                    eventId = text();
                    return eventId != null;
                }
                if (is(CHANNEL, nameBegin, nameEnd)) {
                    channel = word();
                    return channel != null;
                }
            }
            case 8 -> {
                if (is(CATEGORY, nameBegin, nameEnd)) {
                    category = word();
                    return category != null;
                }
                if (is(CAMPAIGN, nameBegin, nameEnd)) {
                    campaign = word();
                    return campaign != null;
                }
                if (stream == EventStream.CARTS && is(QUANTITY, nameBegin, nameEnd)) {
                    quantity = isString ? -1 : whole(MAX_DIGITS);
                    return quantity > 0;
                }
            }
            case 9 -> {
                if (is(EVENT_TIME, nameBegin, nameEnd)) {
                    return time();
                }
                if (is(VISITOR_ID, nameBegin, nameEnd)) {
                    visitorId = text();
                    return visitorId != null;
                }
                if (is(SESSION_ID, nameBegin, nameEnd)) {
                    sessionId = text();
                    return sessionId != null;
                }
                if (stream == EventStream.CARTS && is(UNIT_PRICE, nameBegin, nameEnd)) {
                    unitPrice = amount();
                    return unitPrice >= 0;
                }
            }
            default -> {
                // Nobody reads it.
            }
        }
        return true;
    }

    private boolean is(byte[] name, int from, int to) {
        return Arrays.equals(name, 0, name.length, bytes, from, to);
    }

    /** The value as text, or null if it is none, or none that can be told without counting characters. */
    private String text() {
        return isText() ? new String(bytes, begin, end - begin, StandardCharsets.UTF_8) : null;
    }

    /** The same where it is one of few. */
    private String word() {
        return isText() ? words.of(bytes, begin, end - begin) : null;
    }

    private boolean isText() {
        int length = end - begin;
        return isString && length > 0 && length <= EventDecoder.MAX_CHARACTERS;
    }

    private EventType type() {
        if (isString) {
            for (int i = 0; i < TYPES.length; i++) {
                if (TYPES[i].stream() == stream && is(TYPE_NAMES[i], begin, end)) {
                    return TYPES[i];
                }
            }
        }
        return null;
    }

    private boolean time() {
        if (isString) {
            String text = text();
            OptionalLong parsed = text == null ? OptionalLong.empty() : EventTime.parse(text);
            time = parsed.orElse(Long.MIN_VALUE);
        } else {
            time = whole(MAX_TIME_DIGITS);
        }
        return time >= 0;
    }

    /** The value as a whole number, or −1. */
    private long whole(int maxDigits) {
        if (end - begin > maxDigits) {
            return -1;
        }
        long number = 0;
        for (int i = begin; i < end; i++) {
            if (bytes[i] == '.') {
                return -1;
            }
            number = number * 10 + (bytes[i] - '0');
        }
        return number;
    }

    /** The value as money, a number or a string of the same form, or −1. */
    private long amount() {
        if (isString) {
            int after = at;
            int closing = end;
            at = begin;
            boolean plain = number() && end == closing;
            at = after;
            end = closing;
            if (!plain) {
                return -1;
            }
        }
        if (end - begin > MAX_DIGITS) {
            return -1;
        }
        long amount = 0;
        int decimals = -1;
        for (int i = begin; i < end; i++) {
            if (bytes[i] == '.') {
                decimals = 0;
            } else {
                amount = amount * 10 + (bytes[i] - '0');
                decimals += decimals < 0 ? 0 : 1;
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

    private ShopEvent event(long newest) {
        boolean common = type != null && eventId != null && visitorId != null;
        if (!common || time < EventTime.MIN || time > newest || !hasWhatItsTypeNeeds()) {
            return null;
        }
        if (unitPrice != 0 && quantity > Money.MAX_AMOUNT / unitPrice) {
            return null;
        }
        return new ShopEvent(
                type, eventId, time, visitorId, sessionId, channel, campaign, device, region, sku, category, null,
                quantity, unitPrice, null, null, null, null, null, null, false);
    }

    private boolean hasWhatItsTypeNeeds() {
        return switch (type) {
            case VIEW_ITEM -> sku != null && category != null;
            case ADD_TO_CART, REMOVE_FROM_CART -> sku != null && quantity > 0;
            default -> true;
        };
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
