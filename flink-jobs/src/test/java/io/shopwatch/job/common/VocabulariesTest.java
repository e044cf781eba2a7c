package io.shopwatch.job.common;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.Vocabulary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VocabulariesTest {
    private static final int GROUPS = 16;
    private static final List<String> KEYS =
            IntStream.range(0, 200).mapToObj(i -> "key-" + i).toList();

    private final List<KeyedOneInputStreamOperatorTestHarness<String, String, String>> operators = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var operator : operators) {
            operator.close();
        }
    }

    /** Remembers a word of each key by its number, and says it when it comes again. */
    private static final class Parrot extends OrderedFunction<String, String> {
        private static final long serialVersionUID = 1;

        private transient ValueState<Integer> number;

        @Override
        public void open(OpenContext context) {
            number = getRuntimeContext().getState(new ValueStateDescriptor<>("number", Types.INT));
        }

        @Override
        public long timeOf(String element) {
            return Long.parseLong(element.substring(element.indexOf('@') + 1));
        }

        @Override
        public Comparator<String> order() {
            return Comparator.naturalOrder();
        }

        @Override
        public EventStream countedAs(String element) {
            return null;
        }

        @Override
        public void onInstant(List<String> sameInstant, Context<String> context) throws Exception {
            Vocabulary known = words().of(context.keyGroup());
            Integer before = number.value();
            if (before == null) {
                number.update(known.numberOf("word of " + context.key(), timeOf(sameInstant.get(0))));
            } else {
                context.collect(context.key() + " says " + known.word(before));
            }
        }

        @Override
        public void onLate(String element, Context<String> context) {
            throw new AssertionError("nothing is late");
        }

        @Override
        public void onTimer(long time, Context<String> context) {
            throw new AssertionError("there are no timers");
        }
    }

    @Test
    void moveWithTheirKeyGroupsWhenTheParallelismChanges() throws Exception {
        var before = operator(1, 0);
        before.open();
        say(before, 1);
        before.processWatermark(1);
        // The second time waits for its turn, in the checkpoint.
        say(before, 7);
        OperatorSubtaskState whole = before.snapshot(1, 1);
        int said = 0;
        for (int subtask = 0; subtask < 2; subtask++) {
            var after = operator(2, subtask);
            after.initializeState(
                    AbstractStreamOperatorTestHarness.repartitionOperatorState(whole, GROUPS, 1, 2, subtask));
            after.open();
            after.processWatermark(7);
            List<String> output = after.extractOutputValues();
            said += output.size();
            assertThat(output).isNotEmpty().allSatisfy(saying -> {
                String key = saying.substring(0, saying.indexOf(' '));
                assertThat(saying).isEqualTo(key + " says word of " + key);
            });
        }
        assertThat(said).isEqualTo(KEYS.size());
    }

    private static void say(KeyedOneInputStreamOperatorTestHarness<String, String, String> operator, long time)
            throws Exception {
        for (String key : KEYS) {
            operator.processElement(new StreamRecord<>(key + "@" + time));
        }
    }

    private static String keyOf(String element) {
        return element.substring(0, element.indexOf('@'));
    }

    private KeyedOneInputStreamOperatorTestHarness<String, String, String> operator(int parallelism, int subtask)
            throws Exception {
        KeyedOneInputStreamOperatorTestHarness<String, String, String> operator =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        OrderedOperator.of(new Parrot(), StringSerializer.INSTANCE, VocabulariesTest::keyOf),
                        VocabulariesTest::keyOf,
                        EventTypes.KEY,
                        GROUPS,
                        parallelism,
                        subtask);
        operators.add(operator);
        return operator;
    }
}
