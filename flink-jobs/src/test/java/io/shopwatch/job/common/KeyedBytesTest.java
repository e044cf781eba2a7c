package io.shopwatch.job.common;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.CompactBytes;
import io.shopwatch.domain.event.EventStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntSupplier;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFinalizer;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFutures;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyedBytesTest {
    private static final int KEYS = 30;
    private static final int MANY = 2000;
    private static final int GROUPS = 4;
    private static final int MAX_SNAPSHOT = 1 << 24;

    private final List<KeyedOneInputStreamOperatorTestHarness<String, String, String>> operators = new ArrayList<>();

    private enum Backend {
        HEAP,
        ROCKSDB;

        private StateBackend make() {
            return this == HEAP ? new HashMapStateBackend() : new EmbeddedRocksDBStateBackend();
        }
    }

    @AfterEach
    void close() throws Exception {
        for (var operator : operators) {
            operator.close();
        }
    }

    /** Takes "key=text@time", says what it remembered of the key and remembers the text, or nothing if there is none. */
    private static final class Parrot extends OrderedFunction<String, String> {
        private static final long serialVersionUID = 1;

        private transient KeyedBytes texts;
        private transient CompactBytes bytes;

        @Override
        public void open(OpenContext context) throws Exception {
            texts = bytes("text");
            bytes = new CompactBytes();
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
            boolean known = texts.find();
            if (known) {
                bytes.read(texts.array(), texts.offset());
            }
            context.collect(context.key() + "=" + (known ? bytes.readText() : ""));
            String element = sameInstant.get(0);
            String text = element.substring(element.indexOf('=') + 1, element.indexOf('@'));
            if (text.isEmpty()) {
                texts.clear();
                return;
            }
            bytes.write();
            bytes.writeText(text);
            texts.write(bytes);
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

    @ParameterizedTest
    @EnumSource
    void remembersWhatWasWrittenLast(Backend backend) throws Exception {
        var operator = operator(backend);
        operator.open();
        Random random = new Random(5);
        Map<String, String> expected = new HashMap<>();
        for (int time = 1; time <= 40; time++) {
            assertThat(say(operator, texts(random), time)).containsAllEntriesOf(expected);
            expected = said;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCheckpointHoldsWhatWasWrittenBeforeItAlthoughItIsWrittenLater(Backend backend) throws Exception {
        var operator = operator(backend);
        operator.open();
        Random random = new Random(6);
        say(operator, texts(random), 1);
        say(operator, texts(random), 2);
        Map<String, String> expected = said;
        OperatorSnapshotFutures checkpoint = operator.getOperator()
                .snapshotState(
                        1,
                        1,
                        CheckpointOptions.forCheckpointWithDefaultLocation(),
                        new MemCheckpointStreamFactory(MAX_SNAPSHOT));
        say(operator, texts(random), 3);
        say(operator, texts(random), 4);
        OperatorSubtaskState written =
                OperatorSnapshotFinalizer.create(checkpoint).getJobManagerOwnedState();

        assertThat(say(operator, texts(random), 5)).isNotEqualTo(expected);
        var restored = operator(backend);
        restored.initializeState(written);
        restored.open();
        assertThat(say(restored, texts(random), 3)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void manyKeysComeAndGoAndComeAgain(Backend backend) throws Exception {
        var operator = operator(backend);
        operator.open();
        Random random = new Random(7);
        Map<String, String> expected = new HashMap<>();
        long time = 0;
        // How many of a hundred keys that are told anything are told to forget.
        for (int forget : List.of(0, 10, 30, 95, 100, 100, 0, 50)) {
            for (int round = 0; round < 4; round++) {
                Map<String, String> told = new HashMap<>();
                for (int key = 0; key < MANY; key++) {
                    if (random.nextInt(3) > 0) {
                        boolean forgotten = random.nextInt(100) < forget;
                        told.put("key-" + key, forgotten ? "" : text(random, 1 + random.nextInt(400)));
                    }
                }
                Map<String, String> known = say(operator, told, ++time);
                told.forEach((key, text) -> {
                    assertThat(known.get(key)).as(key).isEqualTo(expected.getOrDefault(key, ""));
                    expected.put(key, text);
                });
            }
        }
        Map<String, String> nothing = new HashMap<>();
        expected.keySet().forEach(key -> nothing.put(key, ""));
        assertThat(say(operator, nothing, ++time)).isEqualTo(expected);
        if (backend == Backend.HEAP) {
            assertThat(operator.numKeyedStateEntries()).isZero(); // RocksDB does not count
        }
    }

    @Test
    void whatHasBecomeShortTakesLessRoom() throws Exception {
        var operator = operator(Backend.HEAP);
        operator.open();
        Random random = new Random(9);
        say(operator, texts(MANY, random, () -> 500), 1);
        int pages = operator.numKeyedStateEntries();
        Map<String, String> texts = texts(MANY, random, () -> 50);
        say(operator, texts, 2);

        assertThat(operator.numKeyedStateEntries()).isBetween(1, pages / 2);
        assertThat(say(operator, texts, 3)).isEqualTo(texts);
    }

    @ParameterizedTest
    @EnumSource
    void manyKeysMoveToOtherSubtasks(Backend backend) throws Exception {
        var one = operator(backend, 1, 0);
        one.open();
        Random random = new Random(8);
        Map<String, String> texts = texts(MANY, random, () -> 1 + random.nextInt(400));
        say(one, texts, 1);
        OperatorSubtaskState written = one.snapshot(1, 1);

        Map<String, String> known = new HashMap<>();
        for (int subtask = 0; subtask < 2; subtask++) {
            var half = operator(backend, 2, subtask);
            half.initializeState(
                    AbstractStreamOperatorTestHarness.repartitionOperatorState(written, GROUPS, 1, 2, subtask));
            half.open();
            int its = subtask;
            Map<String, String> own = new HashMap<>(texts);
            own.keySet().removeIf(key -> KeyGroupRangeAssignment.assignKeyToParallelOperator(key, GROUPS, 2) != its);
            known.putAll(say(half, own, 2));
            // Pages are divided and joined as those that were never moved.
            own.replaceAll((key, text) -> text + text);
            say(half, own, 3);
            assertThat(say(half, own, 4)).isEqualTo(own);
        }
        assertThat(known).isEqualTo(texts);
    }

    private static String text(Random random, int length) {
        return String.valueOf((char) ('a' + random.nextInt(26))).repeat(length);
    }

    /** What was said last to {@link #say}. */
    private Map<String, String> said = Map.of();

    /** Says a text of each key, and returns what the operator knew of it. */
    private Map<String, String> say(
            KeyedOneInputStreamOperatorTestHarness<String, String, String> operator,
            Map<String, String> texts,
            long time)
            throws Exception {
        for (Map.Entry<String, String> text : texts.entrySet()) {
            operator.processElement(new StreamRecord<>(text.getKey() + "=" + text.getValue() + "@" + time));
        }
        operator.getOutput().clear();
        operator.processWatermark(time);
        Map<String, String> known = new HashMap<>();
        for (String line : operator.extractOutputValues()) {
            known.put(keyOf(line), line.substring(line.indexOf('=') + 1));
        }
        said = texts;
        return known;
    }

    /** A text for each key, of any length; some are empty. */
    private static Map<String, String> texts(Random random) {
        return texts(KEYS, random, () -> random.nextInt(8) * random.nextInt(8));
    }

    private static Map<String, String> texts(int keys, Random random, IntSupplier length) {
        Map<String, String> texts = new HashMap<>();
        for (int key = 0; key < keys; key++) {
            texts.put("key-" + key, text(random, length.getAsInt()));
        }
        return texts;
    }

    private static String keyOf(String element) {
        return element.substring(0, element.indexOf('='));
    }

    private KeyedOneInputStreamOperatorTestHarness<String, String, String> operator(Backend backend) throws Exception {
        return operator(backend, 1, 0);
    }

    private KeyedOneInputStreamOperatorTestHarness<String, String, String> operator(
            Backend backend, int parallelism, int subtask) throws Exception {
        KeyedOneInputStreamOperatorTestHarness<String, String, String> operator =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        OrderedOperator.of(new Parrot(), StringSerializer.INSTANCE, KeyedBytesTest::keyOf),
                        KeyedBytesTest::keyOf,
                        EventTypes.KEY,
                        GROUPS,
                        parallelism,
                        subtask);
        operator.setStateBackend(backend.make());
        operators.add(operator);
        return operator;
    }
}
