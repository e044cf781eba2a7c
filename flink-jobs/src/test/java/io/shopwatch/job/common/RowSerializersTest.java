package io.shopwatch.job.common;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.Segment;
import io.shopwatch.domain.window.Scope;
import io.shopwatch.domain.window.SeriesChange;
import io.shopwatch.domain.window.SeriesKey;
import io.shopwatch.domain.window.SlidingSums;
import io.shopwatch.wire.BaselineResult;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.JobStatus;
import io.shopwatch.wire.SalesResult;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What crosses from one operator to the next is the same on the other side. */
class RowSerializersTest {

    static Stream<FunnelResult> funnels() {
        return Stream.of(
                new FunnelResult(
                        "purchase",
                        "5m",
                        1,
                        "channel",
                        "ads",
                        List.of(new FunnelResult.Step("view", 2), new FunnelResult.Step("cart", 3)),
                        4),
                new FunnelResult("", "today", Long.MAX_VALUE, "category", "鞋", List.of(), -1),
                // as it is read from JSON that lacks the fields
                new FunnelResult(null, null, 0, null, null, null, 0));
    }

    @ParameterizedTest
    @MethodSource("funnels")
    void rowsOfFunnels(FunnelResult row) throws IOException {
        assertThat(sent(row, new FunnelResultSerializer())).isEqualTo(row);
    }

    static Stream<SalesResult> sales() {
        return Stream.of(
                new SalesResult("1m", 1, "all", "all", "EUR", 2, 3, 4, 5, 6, 7, "8.5", "9", "0", 10, 11, 12),
                new SalesResult(null, 0, null, null, null, 0, 0, 0, 0, 0, 0, null, null, null, 0, 0, 0));
    }

    @ParameterizedTest
    @MethodSource("sales")
    void rowsOfSales(SalesResult row) throws IOException {
        assertThat(sent(row, new SalesResultSerializer())).isEqualTo(row);
    }

    static Stream<InventoryResult> inventory() {
        return Stream.of(
                new InventoryResult("s", "w", "c", 1, 2, 3, 4, 5.5, 6.5, 7.5, 8.5, "low", "9.99", "EUR", 10.5, 11, 12L),
                new InventoryResult("s", "w", "c", 1, 2, 3, 4, 5.5, null, 7.5, 8.5, "out", null, null, null, 11, null),
                new InventoryResult(null, null, null, 0, 0, 0, 0, 0, null, 0, 0, null, null, null, null, 0, null));
    }

    @ParameterizedTest
    @MethodSource("inventory")
    void rowsOfStock(InventoryResult row) throws IOException {
        assertThat(sent(row, new InventoryResultSerializer())).isEqualTo(row);
    }

    @Test
    void changesOfSeries() throws IOException {
        for (String currency : new String[] {null, "EUR"}) {
            SeriesKey key = new SeriesKey("sales", Segment.REGION, "east", currency);
            SeriesChange read = sent(
                    new SeriesChange(key, 7, Scope.TODAY, 1, SlidingSums.NONE, 3, 2, -5, 1),
                    new SeriesChangeSerializer());
            assertThat(read.key).isEqualTo(key);
            assertThat(read.at).isEqualTo(7);
            assertThat(read.scope).isEqualTo(Scope.TODAY);
            assertThat(read.moves).containsExactly(1, SlidingSums.NONE, 3, 2, -5, 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 253, 254, 255, 256, 70_000})
    void textsOfAnyLength(int length) throws IOException {
        String text = "k".repeat(length);
        FunnelResult row = new FunnelResult(text, "1m", 1, "all", text, List.of(), 1);
        assertThat(sent(row, new FunnelResultSerializer())).isEqualTo(row);
    }

    @Test
    void wordsAreTheSameStringEachTime() throws IOException {
        FunnelResultSerializer serializer = new FunnelResultSerializer();
        FunnelResult row = new FunnelResult("purchase", "1m", 1, "all", "all", List.of(), 1);
        assertThat(sent(row, serializer).funnel())
                .isSameAs(sent(row, serializer).funnel());
    }

    @Test
    void everyResultOfTheTopicsHasAType() {
        assertThat(ResultTypes.of(FunnelResult.class)).isSameAs(ResultTypes.FUNNELS);
        assertThat(ResultTypes.of(SalesResult.class)).isSameAs(ResultTypes.SALES);
        assertThat(ResultTypes.of(InventoryResult.class)).isSameAs(ResultTypes.INVENTORY);
        assertThat(ResultTypes.of(JobStatus.class)).isSameAs(StatusTypes.JOB_STATUS);
        assertThat(ResultTypes.of(BaselineResult.class).getTypeClass()).isEqualTo(BaselineResult.class);
    }

    private static <T> T sent(T value, TypeSerializer<T> serializer) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(16);
        serializer.serialize(value, out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        T read = serializer.deserialize(in);
        assertThat(in.available()).isZero();
        return read;
    }
}
