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
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.ShopEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventDecoderTest {
    private static final long NOW = Instant.parse("2026-11-11T00:00:00Z").toEpochMilli();

    /** Templates with single quotes for double ones; %s is where a test adds fields. */
    private static final String COMMON = "{'eventId':'e1','eventTime':1794355200000,";

    private static final String CLICK = COMMON + "'type':'view_item','visitorId':'v1','sku':'s1','category':'c1'%s}";
    private static final String CART = COMMON + "'type':'add_to_cart','visitorId':'v1','sku':'s1','quantity':1%s}";
    private static final String PLACED = COMMON + "'type':'placed','visitorId':'v1','orderId':'o1',"
            + "'items':[{'sku':'s1','quantity':2,'unitPrice':'9.99'%s}]}";
    private static final String PAID = COMMON + "'type':'paid','visitorId':'v1','orderId':'o1'%s}";
    private static final String ADJUSTED = COMMON + "'type':'adjusted','sku':'s1','quantity':-3%s}";

    // --- what is read

    @Test
    void readsAClickWithAllFields() {
        assertThat(
                        accepted(
                                EventStream.CLICKS,
                                """
                {"eventId":"e1","eventTime":1794355200000,"type":"view_item","visitorId":"v1","sessionId":"s",
                 "channel":"ads","campaign":"11.11","device":"ios","region":"浙江","sku":"s1","category":"鞋 👟"}"""))
                .isEqualTo(ShopEvent.builder(EventType.VIEW_ITEM, "e1", NOW)
                        .visitor("v1")
                        .session("s")
                        .channel("ads")
                        .campaign("11.11")
                        .device("ios")
                        .region("浙江")
                        .sku("s1")
                        .category("鞋 👟")
                        .build());
    }

    @Test
    void readsACartEventWithAllFields() {
        assertThat(
                        accepted(
                                EventStream.CARTS,
                                """
                {"type":"remove_from_cart","quantity":3,"unitPrice":19.9,"category":"c1","sku":"s1","device":"android",
                 "visitorId":"v1","eventTime":1794355200000,"eventId":"e1"}"""))
                .isEqualTo(ShopEvent.builder(EventType.REMOVE_FROM_CART, "e1", NOW)
                        .visitor("v1")
                        .device("android")
                        .sku("s1")
                        .category("c1")
                        .quantity(3)
                        .unitPrice(199_000)
                        .build());
    }

    @Test
    void readsAnOrderWithAllFields() {
        assertThat(
                        accepted(
                                EventStream.ORDERS,
                                """
                {"eventId":"e1","eventTime":1794355200000,"type":"placed","visitorId":"v1","orderId":"o1",
                 "items":[{"sku":"s1","category":"c1","quantity":2,"unitPrice":"9.99","warehouse":"north"},
                          {"sku":"s2","quantity":1,"unitPrice":0}],
                 "currency":"cny","discount":"0.0001","coupon":"HALF","paymentMethod":"alipay"}"""))
                .isEqualTo(ShopEvent.builder(EventType.PLACED, "e1", NOW)
                        .visitor("v1")
                        .order("o1")
                        .items(List.of(new Item("s1", "c1", 2, 99_900, "north"), new Item("s2", null, 1, 0, "default")))
                        .currency("CNY")
                        .discount(1L)
                        .coupon("HALF")
                        .paymentMethod("alipay")
                        .build());
    }

    @Test
    void readsAStockEvent() {
        assertThat(accepted(EventStream.STOCK, json(ADJUSTED, "")))
                .isEqualTo(ShopEvent.builder(EventType.ADJUSTED, "e1", NOW)
                        .sku("s1")
                        .warehouse("default")
                        .quantity(-3)
                        .build());
    }

    @Test
    void readsWholeOrdersAsEventsWithoutItems() {
        ShopEvent paid = accepted(EventStream.ORDERS, json(PAID, ",'items':null"));

        assertThat(paid.items()).isNull();
        assertThat(paid.currency()).isNull();
        assertThat(paid.discount()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"refunded, true", "paid, false", "cancelled, false"})
    void readsRestockOfRefundsOnly(String type, boolean restock) {
        String event = json(PAID, ",'restock':true").replace("paid", type);

        assertThat(accepted(EventStream.ORDERS, event).restock()).isEqualTo(restock);
    }

    @ParameterizedTest
    @CsvSource({
        "1794355200000, 2026-11-11T00:00:00Z",
        "'\"2026-11-11T00:00:00Z\"', 2026-11-11T00:00:00Z",
        "'\"2026-11-11T08:00:00.25+08:00\"', 2026-11-11T00:00:00.250Z",
        "'\"2026-11-10t23:59:59.9999z\"', 2026-11-10T23:59:59.999Z",
        "946684800000, 2000-01-01T00:00:00Z",
    })
    void readsTimesAsMillisecondsOrText(String time, Instant expected) {
        String event = json(CLICK, "").replace("1794355200000", time);

        assertThat(accepted(EventStream.CLICKS, event).time()).isEqualTo(expected.toEpochMilli());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "12, 120000",
        "12.5, 125000",
        "0.0001, 1",
        "12.500000, 125000",
        "1e2, 1000000",
        "12345e-4, 12345",
        "-0, 0",
        "-0.0, 0",
        "0e999999999, 0",
        "1000000000000, 10000000000000000",
        "999999999999.9999, 9999999999999999",
        "'\"12.5\"', 125000",
        "'\"007.10\"', 71000",
        "'\"-0.00\"', 0",
        "'\"1000000000000.0000\"', 10000000000000000",
    })
    void readsMoneyExactly(String money, long amount) {
        assertThat(accepted(EventStream.ORDERS, json(PAID, ",'discount':" + money))
                        .discount())
                .isEqualTo(amount);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "2, 2", "2.0, 2", "2e0, 2", "20e-1, 2", "1000000000000, 1000000000000", "1e12, 1000000000000"})
    void readsQuantitiesThatAreWholeNumbers(String quantity, long units) {
        assertThat(accepted(EventStream.CARTS, json(CART, ",'quantity':" + quantity))
                        .quantity())
                .isEqualTo(units);
    }

    @ParameterizedTest
    @CsvSource({"counted, 0", "received, 1", "adjusted, -1", "adjusted, 0", "adjusted, -1000000000000"})
    void readsTheQuantitiesThatATypeCanHave(String type, long quantity) {
        String event = json(ADJUSTED, "").replace("adjusted", type).replace("-3", Long.toString(quantity));

        assertThat(accepted(EventStream.STOCK, event).quantity()).isEqualTo(quantity);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",'channel':null", ",'channel':''", ",'channel':'ads','channel':null"})
    void readsNullAndTheEmptyStringAsMissing(String fields) {
        assertThat(accepted(EventStream.CLICKS, json(CLICK, fields)).channel()).isNull();
    }

    @Test
    void keepsTheLastOfRepeatedFields() {
        assertThat(accepted(EventStream.CLICKS, json(CLICK, ",'sku':'s2','sku':'s3'"))
                        .sku())
                .isEqualTo("s3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",'x':1e999",
                ",'x':{'sku':7,'y':[[{}],null,true]}",
                ",'items':'what orders have'",
                ",'quantity':-1",
                ",'':''",
                ",'restock':'no field of clicks'",
            })
    void skipsFieldsThatTheStreamDoesNotHave(String fields) {
        assertThat(accepted(EventStream.CLICKS, json(CLICK, fields)))
                .isEqualTo(accepted(EventStream.CLICKS, json(CLICK, "")));
    }

    @Test
    void skipsUnknownFieldsHoweverLongAndNested() {
        String nested = "[".repeat(900) + "]".repeat(900);
        String fields = ",'deep':" + nested + ",'long':'" + "x".repeat(30_000) + "','" + "n".repeat(20_000) + "':"
                + "9".repeat(5_000);

        assertThat(accepted(EventStream.CLICKS, json(CLICK, fields)).sku()).isEqualTo("s1");
    }

    @Test
    void countsCharactersAndNotTheirEncoding() {
        // 256 shoes are 512 UTF-16 units and 1024 bytes of UTF-8.
        String shoes = "👟".repeat(256);

        assertThat(accepted(EventStream.CLICKS, json(CLICK, ",'category':'" + shoes + "'"))
                        .category())
                .isEqualTo(shoes);
        assertThat(decode(EventStream.CLICKS, json(CLICK, ",'category':'" + shoes + "x'"))
                        .reason())
                .isEqualTo(STRING_TOO_LONG);
    }

    @Test
    void readsARecordOf64KiB() {
        String event = json(CLICK, "");
        String padded = event + " ".repeat(64 * 1024 - event.length());

        assertThat(decode(EventStream.CLICKS, padded).isAccepted()).isTrue();
        assertThat(decode(EventStream.CLICKS, padded + " ").reason()).isEqualTo(TOO_LARGE);
    }

    @Test
    void readsEveryTypeInItsStreamOnly() {
        for (EventType type : EventType.values()) {
            for (EventStream stream : EventStream.values()) {
                String event = json(
                        "{'eventId':'e','eventTime':1794355200000,'type':'%s','visitorId':'v','sku':'s','category':'c',"
                                + "'quantity':1,'orderId':'o','items':[{'sku':'s','quantity':1,'unitPrice':1}]}",
                        type.wireName());
                Decoded decoded = decode(stream, event);
                if (stream == type.stream()) {
                    assertThat(decoded.event().type()).isEqualTo(type);
                } else {
                    assertThat(decoded.reason()).isEqualTo(UNKNOWN_TYPE);
                }
            }
        }
    }

    // --- the clock

    @Test
    void takesTimesUpToMaxAheadOfTheClock() {
        EventDecoder decoder = new EventDecoder(EventStream.CLICKS, Duration.ofMinutes(5));
        byte[] event = bytes(json(CLICK, ""));

        // 1794355200000 − 300000 is the earliest clock that accepts the event.
        assertThat(decoder.decode(event, NOW - 300_000).isAccepted()).isTrue();
        assertThat(decoder.decode(event, NOW - 300_001).reason()).isEqualTo(TOO_FAR_AHEAD);
    }

    @Test
    void takesAnyTimeWithoutMaxAhead() {
        EventDecoder decoder = new EventDecoder(EventStream.CLICKS, null);
        String last = json(CLICK, "").replace("1794355200000", "'9999-12-31T23:59:59.999Z'".replace('\'', '"'));

        assertThat(decoder.decode(bytes(last), 0).event().time())
                .isEqualTo(Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli());
        assertThat(decoder.decode(bytes(json(CLICK, "").replace("1794355200000", "253402300800000")), 0))
                .isEqualTo(Decoded.rejected(OUT_OF_RANGE, "eventTime is after the year 9999"));
    }

    // --- rejections, each with its detail

    static Stream<Arguments> rejections() {
        return Stream.of(
                // what is no object
                rejection(EventStream.CLICKS, "", EMPTY, "the record has no value"),
                rejection(EventStream.CLICKS, " ", MALFORMED, "not a JSON object"),
                rejection(EventStream.CLICKS, "[]", MALFORMED, "not a JSON object"),
                rejection(EventStream.CLICKS, "null", MALFORMED, "not a JSON object"),
                rejection(
                        EventStream.CLICKS,
                        json(CLICK, "") + "{}",
                        MALFORMED,
                        "more than one JSON value in the record"),
                rejection(
                        EventStream.CLICKS,
                        json(CLICK, ",'x':" + "[".repeat(1_001) + "]".repeat(1_001)),
                        MALFORMED,
                        "nested deeper than 1000"),
                // required fields
                rejection(EventStream.CLICKS, "{}", MISSING_FIELD, "type is missing"),
                rejection(EventStream.CLICKS, json(CLICK, ",'eventId':''"), MISSING_FIELD, "eventId is missing"),
                rejection(EventStream.CLICKS, json(CLICK, ",'eventTime':null"), MISSING_FIELD, "eventTime is missing"),
                rejection(EventStream.CLICKS, json(CLICK, ",'eventTime':''"), MISSING_FIELD, "eventTime is missing"),
                rejection(EventStream.CLICKS, json(CLICK, ",'visitorId':null"), MISSING_FIELD, "visitorId is missing"),
                rejection(EventStream.CLICKS, json(CLICK, ",'sku':null"), MISSING_FIELD, "sku is missing"),
                rejection(EventStream.CLICKS, json(CLICK, ",'category':''"), MISSING_FIELD, "category is missing"),
                rejection(EventStream.CARTS, json(CART, ",'sku':null"), MISSING_FIELD, "sku is missing"),
                rejection(EventStream.CARTS, json(CART, ",'quantity':null"), MISSING_FIELD, "quantity is missing"),
                rejection(EventStream.ORDERS, json(PAID, ",'orderId':''"), MISSING_FIELD, "orderId is missing"),
                rejection(EventStream.ORDERS, json(PAID, ",'visitorId':''"), MISSING_FIELD, "visitorId is missing"),
                rejection(EventStream.ORDERS, json(PAID, ",'type':'placed'"), MISSING_FIELD, "items is missing"),
                rejection(EventStream.ORDERS, json(PLACED, ",'sku':''"), MISSING_FIELD, "items[0].sku is missing"),
                rejection(
                        EventStream.ORDERS,
                        json(PLACED, ",'quantity':null"),
                        MISSING_FIELD,
                        "items[0].quantity is missing"),
                rejection(
                        EventStream.ORDERS,
                        json(PLACED, ",'unitPrice':null"),
                        MISSING_FIELD,
                        "items[0].unitPrice is missing"),
                rejection(EventStream.STOCK, json(ADJUSTED, ",'sku':null"), MISSING_FIELD, "sku is missing"),
                rejection(EventStream.STOCK, json(ADJUSTED, ",'quantity':null"), MISSING_FIELD, "quantity is missing"),
                // types
                rejection(
                        EventStream.CLICKS,
                        json(CLICK, ",'type':'placed'"),
                        UNKNOWN_TYPE,
                        "no type \"placed\" in the stream clicks"),
                rejection(
                        EventStream.CLICKS,
                        json(CLICK, ",'type':'VIEW_ITEM'"),
                        UNKNOWN_TYPE,
                        "no type \"VIEW_ITEM\" in the stream clicks"),
                // strings
                rejection(
                        EventStream.CLICKS,
                        json(CLICK, ",'visitorId':12"),
                        INVALID_FIELD,
                        "visitorId must be a string, but is 12"),
                rejection(
                        EventStream.CLICKS,
                        json(CLICK, ",'channel':{'a':1}"),
                        INVALID_FIELD,
                        "channel must be a string, but is an object"),
                rejection(
                        EventStream.CLICKS,
                        json(CLICK, ",'channel':['a']"),
                        INVALID_FIELD,
                        "channel must be a string, but is an array"),
                rejection(
                        EventStream.CLICKS,
                        json(CLICK, ",'channel':true"),
                        INVALID_FIELD,
                        "channel must be a string, but is true"),
                rejection(
                        EventStream.CLICKS,
                        json(CLICK, ",'channel':'\\ud83d'"),
                        INVALID_FIELD,
                        "channel has half a surrogate pair"),
                rejection(
                        EventStream.CLICKS,
                        json(CLICK, ",'sessionId':'" + "x".repeat(257) + "'"),
                        STRING_TOO_LONG,
                        "sessionId has 257 characters; at most 256 are read"),
                rejection(
                        EventStream.ORDERS,
                        json(PLACED, ",'warehouse':'" + "x".repeat(300) + "'"),
                        STRING_TOO_LONG,
                        "items[0].warehouse has 300 characters; at most 256 are read"),
                rejection(
                        EventStream.ORDERS,
                        json(PAID, ",'currency':'EURO'"),
                        INVALID_FIELD,
                        "currency must be three letters (ISO 4217), but is \"EURO\""),
                rejection(
                        EventStream.ORDERS,
                        json(PAID, ",'currency':'€€€'"),
                        INVALID_FIELD,
                        "currency must be three letters (ISO 4217), but is \"€€€\""),
                rejection(
                        EventStream.ORDERS,
                        json(PAID, ",'restock':'true'"),
                        INVALID_FIELD,
                        "restock must be true or false, but is \"true\""),
                // times
                rejection(
                        EventStream.CLICKS,
                        json(CLICK, ",'eventTime':'yesterday'"),
                        INVALID_FIELD,
                        "eventTime must be epoch milliseconds or an RFC 3339 time, but is \"yesterday\""),
                rejection(
                        EventStream.CLICKS,
                        json(CLICK, ",'eventTime':1794355200000.0"),
                        INVALID_FIELD,
                        "eventTime must be epoch milliseconds or an RFC 3339 time, but is 1794355200000.0"),
                rejection(
                        EventStream.CLICKS,
                        json(CLICK, ",'eventTime':'1794355200000'"),
                        INVALID_FIELD,
                        "eventTime must be epoch milliseconds or an RFC 3339 time, but is \"1794355200000\""),
                rejection(
                        EventStream.CLICKS,
                        json(CLICK, ",'eventTime':946684799999"),
                        TOO_OLD,
                        "eventTime 946684799999 (1999-12-31T23:59:59.999Z) is before 2000"),
                rejection(
                        EventStream.CLICKS,
                        json(CLICK, ",'eventTime':-" + "9".repeat(40)),
                        TOO_OLD,
                        "eventTime is before 2000"),
                rejection(
                        EventStream.CLICKS,
                        json(CLICK, ",'eventTime':1794355500001"),
                        TOO_FAR_AHEAD,
                        "eventTime 1794355500001 (2026-11-11T00:05:00.001Z) is more than 300000 ms ahead of the wall"
                                + " clock"),
                rejection(
                        EventStream.CLICKS,
                        json(CLICK, ",'eventTime':" + "9".repeat(40)),
                        TOO_FAR_AHEAD,
                        "eventTime is more than 300000 ms ahead of the wall clock"),
                // quantities
                rejection(
                        EventStream.CARTS,
                        json(CART, ",'quantity':-1"),
                        INVALID_FIELD,
                        "quantity must not be negative, but is -1"),
                rejection(
                        EventStream.CARTS,
                        json(CART, ",'quantity':2.5"),
                        INVALID_FIELD,
                        "quantity must be a whole number, but is 2.5"),
                rejection(
                        EventStream.CARTS,
                        json(CART, ",'quantity':1e-999999999"),
                        INVALID_FIELD,
                        "quantity must be a whole number, but is 1e-999999999"),
                rejection(
                        EventStream.CARTS,
                        json(CART, ",'quantity':'2'"),
                        INVALID_FIELD,
                        "quantity must be a whole number, but is \"2\""),
                rejection(
                        EventStream.CARTS,
                        json(CART, ",'quantity':1000000000001"),
                        OUT_OF_RANGE,
                        "quantity is over 1000000000000"),
                rejection(
                        EventStream.CARTS,
                        json(CART, ",'quantity':9223372036854775808"),
                        OUT_OF_RANGE,
                        "quantity is over 1000000000000"),
                rejection(
                        EventStream.CARTS,
                        json(CART, ",'quantity':1e999999999"),
                        OUT_OF_RANGE,
                        "quantity is over 1000000000000"),
                rejection(
                        EventStream.ORDERS,
                        json(PLACED, ",'quantity':-2"),
                        INVALID_FIELD,
                        "items[0].quantity must not be negative, but is -2"),
                rejection(
                        EventStream.STOCK,
                        json(ADJUSTED, ",'type':'counted'"),
                        INVALID_FIELD,
                        "quantity must not be negative, but is -3"),
                rejection(
                        EventStream.STOCK,
                        json(ADJUSTED, ",'type':'received'"),
                        INVALID_FIELD,
                        "quantity must not be negative, but is -3"),
                rejection(
                        EventStream.STOCK,
                        json(ADJUSTED, ",'quantity':-1000000000001"),
                        OUT_OF_RANGE,
                        "quantity is over 1000000000000"),
                // money
                rejection(
                        EventStream.CARTS,
                        json(CART, ",'unitPrice':-1"),
                        INVALID_FIELD,
                        "unitPrice must not be negative, but is -1"),
                rejection(
                        EventStream.CARTS,
                        json(CART, ",'unitPrice':'-0.01'"),
                        INVALID_FIELD,
                        "unitPrice must not be negative, but is \"-0.01\""),
                rejection(
                        EventStream.CARTS,
                        json(CART, ",'unitPrice':0.00001"),
                        INVALID_FIELD,
                        "unitPrice is finer than 1/10000, the exact value of money"),
                rejection(
                        EventStream.CARTS,
                        json(CART, ",'unitPrice':1000000000000.0001"),
                        OUT_OF_RANGE,
                        "unitPrice is over 1000000000000"),
                rejection(
                        EventStream.CARTS,
                        json(CART, ",'unitPrice':1e999999999"),
                        OUT_OF_RANGE,
                        "unitPrice is over 1000000000000"),
                rejection(
                        EventStream.CARTS,
                        json(CART, ",'unitPrice':1e99999999999"),
                        OUT_OF_RANGE,
                        "unitPrice is 1e99999999999"),
                rejection(
                        EventStream.CARTS,
                        json(CART, ",'unitPrice':" + "1".repeat(65)),
                        OUT_OF_RANGE,
                        "unitPrice is written with 65 characters"),
                rejection(
                        EventStream.CARTS,
                        json(CART, ",'unitPrice':'NaN'"),
                        INVALID_FIELD,
                        "unitPrice must be a number or a decimal string, but is \"NaN\""),
                rejection(
                        EventStream.CARTS,
                        json(CART, ",'unitPrice':'1e2'"),
                        INVALID_FIELD,
                        "unitPrice must be a number or a decimal string, but is \"1e2\""),
                rejection(
                        EventStream.CARTS,
                        json(CART, ",'unitPrice':'1,50'"),
                        INVALID_FIELD,
                        "unitPrice must be a number or a decimal string, but is \"1,50\""),
                rejection(
                        EventStream.CARTS,
                        json(CART, ",'unitPrice':'٣'"),
                        INVALID_FIELD,
                        "unitPrice must be a number or a decimal string, but is \"٣\""),
                rejection(
                        EventStream.CARTS,
                        json(CART, ",'unitPrice':true"),
                        INVALID_FIELD,
                        "unitPrice must be a number or a decimal string, but is true"),
                rejection(
                        EventStream.ORDERS,
                        json(PAID, ",'discount':-0.5"),
                        INVALID_FIELD,
                        "discount must not be negative, but is -0.5"),
                // 10¹² units at 1.0001 each is over 10¹².
                rejection(
                        EventStream.CARTS,
                        json(CART, ",'quantity':1000000000000,'unitPrice':1.0001"),
                        OUT_OF_RANGE,
                        "quantity × unitPrice is over 1000000000000"),
                // 2 × 9.99 = 19.98, and 10¹² more in the second line.
                rejection(
                        EventStream.ORDERS,
                        json(PLACED, "},{'sku':'s2','quantity':1000000,'unitPrice':1000000"),
                        OUT_OF_RANGE,
                        "the value of the items is over 1000000000000"),
                // items
                rejection(EventStream.ORDERS, json(PAID, ",'items':[]"), INVALID_FIELD, "items must not be empty"),
                rejection(
                        EventStream.ORDERS,
                        json(PAID, ",'items':{}"),
                        INVALID_FIELD,
                        "items must be an array of objects, but is an object"),
                rejection(
                        EventStream.ORDERS,
                        json(PAID, ",'items':[null]"),
                        INVALID_FIELD,
                        "items[0] must be an object, but is null"),
                rejection(
                        EventStream.ORDERS,
                        json(PLACED, "},7,{'sku':'s2','quantity':1,'unitPrice':1"),
                        INVALID_FIELD,
                        "items[1] must be an object, but is 7"));
    }

    @ParameterizedTest(name = "{0}: {3}")
    @MethodSource("rejections")
    void rejectsWithReasonAndDetail(EventStream stream, String record, DeadLetterReason reason, String detail) {
        assertThat(decode(stream, record)).isEqualTo(Decoded.rejected(reason, detail));
    }

    @Test
    void rejectsARecordWithoutValue() {
        assertThat(new EventDecoder(EventStream.CLICKS, null).decode(null, NOW))
                .isEqualTo(Decoded.rejected(EMPTY, "the record has no value"));
    }

    @Test
    void rejectsARecordOver64KiB() {
        assertThat(new EventDecoder(EventStream.CLICKS, null).decode(new byte[65_537], NOW))
                .isEqualTo(Decoded.rejected(TOO_LARGE, "the record has 65537 bytes; at most 65536 are read"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{'a'",
                "{'a':",
                "{'a':1,}",
                "{'a':NaN}",
                "{'a':Infinity}",
                "{'a':-Infinity}",
                "{'a':01}",
                "{'a':1.}",
                "{'a':'\\x'}",
                "{'a':'\t'}",
                "{a:1}",
                "{'a':[}",
                "// no comment\n{}",
                "{} garbage",
                "{'items':[",
                "{'items':[{'sku':'s1'",
            })
    void rejectsWhatIsNotJson(String record) {
        for (EventStream stream : EventStream.values()) {
            Decoded decoded = decode(stream, record.replace('\'', '"'));

            assertThat(decoded.reason()).isEqualTo(MALFORMED);
            assertThat(decoded.detail()).isNotBlank().doesNotContain("\n").hasSizeLessThanOrEqualTo(200);
        }
    }

    @Test
    void rejectsOtherEncodings() {
        String event = json(CLICK, ",'channel':'café'");

        for (var charset : List.of(
                StandardCharsets.UTF_16BE,
                StandardCharsets.UTF_16LE,
                StandardCharsets.UTF_16,
                StandardCharsets.ISO_8859_1)) {
            assertThat(new EventDecoder(EventStream.CLICKS, null)
                            .decode(event.getBytes(charset), NOW)
                            .reason())
                    .as(charset.name())
                    .isEqualTo(MALFORMED);
        }
        assertThat(decode(EventStream.CLICKS, "\uFEFF" + event).reason()).isEqualTo(MALFORMED);
    }

    // --- helpers

    private static Arguments rejection(EventStream stream, String record, DeadLetterReason reason, String detail) {
        return arguments(stream, record, reason, detail);
    }

    private static String json(String template, String fields) {
        return String.format(template.replace('\'', '"'), fields.replace('\'', '"'));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Decoded decode(EventStream stream, String record) {
        return new EventDecoder(stream, Duration.ofMinutes(5)).decode(bytes(record), NOW);
    }

    private static ShopEvent accepted(EventStream stream, String record) {
        Decoded decoded = decode(stream, record);
        assertThat(decoded.detail()).isNull();
        return decoded.event();
    }
}
