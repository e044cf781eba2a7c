package io.shopwatch.job.common;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.EventStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedTimersTest {
    private static final int GROUPS = 16;

    /** So many keys come first. */
    private static final int FIRST = 5000;

    /** More than are gathered before they go to the state. */
    private static final List<String> KEYS =
            IntStream.range(0, 20_000).mapToObj(n -> "visitor-" + n).toList();

    private final List<KeyedOneInputStreamOperatorTestHarness<String, String, String>> operators = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var operator : operators) {
            operator.close();
        }
    }

    /** Asks to be woken at 1000, and then once more at 2000. */
    private static final class Sleeper extends OrderedFunction<String, String> {
        private static final long serialVersionUID = 1;

        @Override
        public long timeOf(String key) {
            return Integer.parseInt(key.substring(key.indexOf('-') + 1)) < FIRST ? 1 : 2;
        }

        @Override
        public Comparator<String> order() {
            return Comparator.naturalOrder();
        }

        @Override
        public EventStream countedAs(String key) {
            return null;
        }

        @Override
        public void onInstant(List<String> sameInstant, Context<String> context) throws Exception {
            context.wakeAt(1000);
        }

        @Override
        public void onLate(String key, Context<String> context) {
            throw new AssertionError("nothing is late");
        }

        @Override
        public void onTimer(long time, Context<String> context) throws Exception {
            context.collect(context.key() + "@" + time);
            if (time == 1000) {
                context.wakeAt(2000);
            }
        }
    }

    @Test
    void wakesEachKeyOnceAtEachTime() throws Exception {
        var operator = operator(1, 0);
        operator.open();
        sleep(operator);
        operator.processWatermark(999);
        assertThat(operator.extractOutputValues()).isEmpty();
        operator.processWatermark(1000);
        assertThat(woken(operator)).containsExactlyElementsOf(at(1000));
        operator.processWatermark(5000);
        assertThat(woken(operator)).containsExactlyElementsOf(at(2000));
        assertThat(operator.numKeyedStateEntries()).isZero();
        assertThat(operator.numEventTimeTimers()).isZero();
    }

    @Test
    void wakesAtBothTimesWithinOneWatermark() throws Exception {
        var operator = operator(1, 0);
        operator.open();
        sleep(operator);
        operator.processWatermark(Long.MAX_VALUE);
        assertThat(woken(operator)).hasSize(2 * KEYS.size());
        assertThat(operator.numKeyedStateEntries()).isZero();
    }

    @Test
    void needsOneTimerForAllKeysOfAKeyGroup() throws Exception {
        var operator = operator(1, 0);
        operator.open();
        sleep(operator);
        assertThat(operator.numEventTimeTimers()).isEqualTo(GROUPS);
    }

    @Test
    void wakesAfterRestoringInTwoSubtasks() throws Exception {
        var before = operator(1, 0);
        before.open();
        sleep(before);
        OperatorSubtaskState whole = before.snapshot(1, 1);
        List<String> woken = new ArrayList<>();
        for (int subtask = 0; subtask < 2; subtask++) {
            var operator = operator(2, subtask);
            operator.initializeState(
                    AbstractStreamOperatorTestHarness.repartitionOperatorState(whole, GROUPS, 1, 2, subtask));
            operator.open();
            operator.processWatermark(1000);
            woken.addAll(woken(operator));
        }
        assertThat(woken.stream().sorted()).containsExactlyElementsOf(at(1000));
    }

    @Test
    void wakesThoseBeforeAndAfterACheckpointTogether() throws Exception {
        var operator = operator(1, 0);
        operator.open();
        for (String key : KEYS) {
            operator.processElement(new StreamRecord<>(key, 1));
        }
        operator.processWatermark(1);
        operator.snapshot(1, 1);
        operator.processWatermark(2);
        assertThat(operator.numEventTimeTimers()).isEqualTo(GROUPS);
        operator.processWatermark(1000);
        assertThat(woken(operator)).containsExactlyElementsOf(at(1000));
    }

    private static void sleep(KeyedOneInputStreamOperatorTestHarness<String, String, String> operator)
            throws Exception {
        for (String key : KEYS) {
            operator.processElement(new StreamRecord<>(key, 1));
        }
        operator.processWatermark(2);
    }

    private static List<String> woken(KeyedOneInputStreamOperatorTestHarness<String, String, String> operator) {
        List<String> woken = operator.extractOutputValues().stream().sorted().toList();
        operator.getOutput().clear();
        return woken;
    }

    private static List<String> at(long time) {
        return KEYS.stream().map(key -> key + "@" + time).sorted().toList();
    }

    private KeyedOneInputStreamOperatorTestHarness<String, String, String> operator(int parallelism, int subtask)
            throws Exception {
        KeyedOneInputStreamOperatorTestHarness<String, String, String> operator =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        OrderedOperator.of(new Sleeper(), StringSerializer.INSTANCE, key -> key),
                        key -> key,
                        EventTypes.KEY,
                        GROUPS,
                        parallelism,
                        subtask);
        operators.add(operator);
        return operator;
    }
}
