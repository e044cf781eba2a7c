package io.shopwatch.job.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.JobStatus;
import io.shopwatch.wire.SalesResult;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RuleInputSerializerTest {

    static Stream<AlertInput> inputs() {
        return Stream.of(
                AlertInput.of(new FunnelResult(
                        "purchase", "1m", 1, "all", "all", List.of(new FunnelResult.Step("view", 2)), 3)),
                AlertInput.of(new SalesResult("1m", 1, "all", "all", "EUR", 2, 3, 4, 5, 6, 7, "8", "9", "0", 1, 2, 3)),
                AlertInput.of(new InventoryResult(
                        "s", "w", "c", 1, 2, 3, 4, 5, null, 6, 7, "low", null, null, null, 8, null)),
                AlertInput.of(new JobStatus(
                        "sales", "run", 1, 2L, Map.of("orders", Map.of("late", 3L)), Map.of("orders", 4L))));
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void anyRecordIsTheSameAtItsRule(AlertInput input) throws IOException {
        RuleInput routed = new RuleInput("conversion-drop", input);
        DataOutputSerializer out = new DataOutputSerializer(16);
        new RuleInputSerializer().serialize(routed, out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        assertThat(new RuleInputSerializer().deserialize(in)).isEqualTo(routed);
        assertThat(in.available()).isZero();
    }

    @Test
    void whatIsNoRecordIsRefused() {
        assertThatThrownBy(() -> new AlertInputSerializer().deserialize(new DataInputDeserializer(new byte[] {9})))
                .isInstanceOf(IOException.class);
    }
}
