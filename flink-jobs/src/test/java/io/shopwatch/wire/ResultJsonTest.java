package io.shopwatch.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The JSON of every result topic, as other programs see it. */
class ResultJsonTest {

    static Stream<Arguments> results() {
        return Stream.of(
                arguments(
                        new FunnelResult(
                                "purchase",
                                "5m",
                                1_794_355_200_000L,
                                "channel",
                                "ads",
                                List.of(new FunnelResult.Step("view", 120), new FunnelResult.Step("cart", 7)),
                                1_794_355_201_000L),
                        """
                        {"funnel":"purchase","window":"5m","end":1794355200000,"segment":"channel","value":"ads",
                        "steps":[{"step":"view","visitors":120},{"step":"cart","visitors":7}],
                        "watermark":1794355201000}"""),
                arguments(
                        new SalesResult(
                                "today",
                                1_000,
                                "all",
                                "all",
                                "EUR",
                                9,
                                5,
                                4,
                                3,
                                4,
                                8,
                                "1234567890123.4567",
                                "12.5",
                                "0",
                                2,
                                1,
                                2_000),
                        """
                        {"window":"today","end":1000,"segment":"all","value":"all","currency":"EUR","visitors":9,
                        "ordersPlaced":5,"ordersPaid":4,"buyers":3,"buyersAnyCurrency":4,"unitsPaid":8,
                        "gmvPlaced":"1234567890123.4567","gmvPaid":"12.5","refunded":"0","cartsOrdered":2,
                        "cartsAbandoned":1,"watermark":2000}"""),
                arguments(
                        new InventoryResult(
                                "s|1",
                                "default",
                                "鞋",
                                1_000,
                                40,
                                12,
                                28,
                                3.5,
                                28_800.0,
                                4.25,
                                88.25,
                                "in_stock",
                                "9.99",
                                "EUR",
                                1.5,
                                3,
                                900L),
                        """
                        {"sku":"s|1","warehouse":"default","category":"鞋","time":1000,"onHand":40,"reserved":12,
                        "available":28,"velocityPerHour":3.5,"coverSeconds":28800.0,"safetyStock":4.25,
                        "reorderPoint":88.25,"state":"in_stock","unitPrice":"9.99","currency":"EUR",
                        "velocityAtStockOut":1.5,"recentSales":3,"lastReceived":900}"""),
                // nothing sold, nothing received: no cover, no price
                arguments(
                        new InventoryResult(
                                "s", "default", "unknown", 0, 0, 0, 0, 0, null, 0, 0, "unknown", null, null, null, 0,
                                null),
                        """
                        {"sku":"s","warehouse":"default","category":"unknown","time":0,"onHand":0,"reserved":0,
                        "available":0,"velocityPerHour":0.0,"safetyStock":0.0,"reorderPoint":0.0,"state":"unknown",
                        "recentSales":0}"""),
                arguments(
                        new Alert(
                                "id",
                                "rule",
                                "conversion_drop",
                                "critical",
                                "resolved",
                                1,
                                2L,
                                "all",
                                "all",
                                "s",
                                "d",
                                0.01,
                                0.03,
                                2.0,
                                500L,
                                0.99,
                                List.of(new Alert.Cause("sku", "S1", 0.79, "out")),
                                "http://d",
                                "http://r",
                                "trusted",
                                List.of("oncall")),
                        """
                        {"id":"id","rule":"rule","kind":"conversion_drop","severity":"critical","status":"resolved",
                        "startsAt":1,"endsAt":2,"segment":"all","value":"all","summary":"s","description":"d",
                        "observed":0.01,"baseline":0.03,"dropPoints":2.0,"sampleSize":500,"confidence":0.99,
                        "causes":[{"segment":"sku","value":"S1","share":0.79,"detail":"out"}],
                        "dashboardUrl":"http://d","runbookUrl":"http://r","data":"trusted","receivers":["oncall"]}"""),
                arguments(
                        new DeadLetter("malformed", "not \"JSON\"", "clicks", 3, 17, 1_000, "AAE="),
                        """
                        {"reason":"malformed","detail":"not \\"JSON\\"","topic":"clicks","partition":3,"offset":17,
                        "time":1000,"raw":"AAE="}"""),
                arguments(
                        new JobStatus(
                                "sales",
                                "run",
                                1,
                                null,
                                Map.of("orders", Map.of("accepted", 5L)),
                                Map.of("orders", 7L)),
                        """
                        {"job":"sales","runId":"run","time":1,"events":{"orders":{"accepted":5}},
                        "newest":{"orders":7}}"""),
                arguments(
                        new BaselineResult("purchase", "5m", "view", "cart", "all", "all", 1, 0.1, null, null),
                        """
                        {"funnel":"purchase","window":"5m","from":"view","to":"cart","segment":"all","value":"all",
                        "end":1,"observed":0.1}"""),
                arguments(
                        new Notification("oncall", "id", "firing", "failed", 1, 2, "gone"),
                        """
                        {"receiver":"oncall","alertId":"id","status":"firing","outcome":"failed","time":1,"retries":2,
                        "reason":"gone"}"""));
    }

    @ParameterizedTest
    @MethodSource("results")
    void writesExactlyTheFieldsOfTheTopic(Record result, String json) {
        assertThat(Json.text(result)).isEqualTo(json.replace("\n", ""));
        assertThat(new String(Json.bytes(result), StandardCharsets.UTF_8)).isEqualTo(json.replace("\n", ""));
    }

    @ParameterizedTest
    @MethodSource("results")
    void readsWhatItWrote(Record result, String json) throws IOException {
        assertThat(Json.read(Json.bytes(result), result.getClass())).isEqualTo(result);
    }

    @ParameterizedTest
    @MethodSource("results")
    void ignoresFieldsThatALaterVersionAdds(Record result, String json) throws IOException {
        String later = "{\"later\":{\"a\":[1,{}]}," + json.substring(1);

        assertThat(Json.read(later.getBytes(StandardCharsets.UTF_8), result.getClass()))
                .isEqualTo(result);
    }

    @ParameterizedTest
    @MethodSource("results")
    void readsMissingFieldsAsNullOrZero(Record result, String json) throws IOException {
        Record empty = Json.read("{}".getBytes(StandardCharsets.UTF_8), result.getClass());

        // What was left out reads as it is left out again, so old records and tombstoned fields survive a copy.
        assertThat(Json.read(Json.bytes(empty), result.getClass())).isEqualTo(empty);
        assertThat(Json.text(empty)).doesNotContain("null");
    }

    @Test
    void reportsWhatIsNoSuchRecord() {
        for (String text : List.of("", "[]", "{\"end\":\"soon\"}", "{", "17")) {
            assertThatThrownBy(() -> Json.read(text.getBytes(StandardCharsets.UTF_8), FunnelResult.class))
                    .as(text)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void keysAreUniqueWhateverTheValues() {
        assertThat(Keys.of("a", "b")).isEqualTo("a|b");
        assertThat(Keys.of("a|b", "c")).isEqualTo("a\\|b|c").isNotEqualTo(Keys.of("a", "b|c"));
        assertThat(Keys.of("a\\", "b")).isEqualTo("a\\\\|b").isNotEqualTo(Keys.of("a\\|b"));
        assertThat(new InventoryResult("s|1", "w", "c", 0, 0, 0, 0, 0, null, 0, 0, "unknown", null, null, null, 0, null)
                        .key())
                .isEqualTo("s\\|1|w");
    }
}
