package io.shopwatch.job.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.junit.jupiter.api.Test;

class WaitingElementsTest {
    /** A text that begins with its time. */
    private static long timeOf(String text) {
        return Long.parseLong(text.substring(0, text.indexOf(' ')));
    }

    private final WaitingElements<String> waiting =
            new WaitingElements<>(StringSerializer.INSTANCE, WaitingElementsTest::timeOf);

    private void add(String text) throws Exception {
        waiting.add(text, timeOf(text));
    }

    private List<String> takeAll(long reached, long together) throws Exception {
        List<String> all = new ArrayList<>();
        for (List<String> due = waiting.take(reached, together);
                !due.isEmpty();
                due = waiting.take(reached, together)) {
            all.addAll(due);
        }
        return all;
    }

    @Test
    void handsOverWhatWasReachedAndKeepsTheRest() throws Exception {
        add("1050 a");
        add("1049 b");
        add("1051 c");
        assertThat(takeAll(1050, 1000)).containsExactlyInAnyOrder("1050 a", "1049 b");
        assertThat(waiting.size()).isEqualTo(1);
        assertThat(takeAll(1050, 1000)).isEmpty();
        assertThat(takeAll(1051, 1000)).containsExactly("1051 c");
        assertThat(waiting.size()).isZero();
    }

    @Test
    void handsOverASecondAfterTheOther() throws Exception {
        add("2000 d");
        add("1999 c");
        add("1000 b");
        add("-1 a");
        assertThat(waiting.take(5000, 1000)).containsExactly("-1 a");
        assertThat(waiting.take(5000, 1000)).containsExactly("1000 b", "1999 c");
        assertThat(waiting.take(5000, 1000)).containsExactly("2000 d");
        assertThat(waiting.take(5000, 1000)).isEmpty();
    }

    @Test
    void handsOverAStepAfterTheOtherIfAsked() throws Exception {
        add("1019 b");
        add("1000 a");
        add("1020 c");
        assertThat(waiting.take(5000, WaitingElements.STEP_MILLIS)).containsExactly("1019 b", "1000 a");
        assertThat(waiting.take(5000, WaitingElements.STEP_MILLIS)).containsExactly("1020 c");
    }

    @Test
    void takesElementsOfAnyLength() throws Exception {
        List<String> all = new ArrayList<>();
        for (int length : new int[] {0, 1, 500, 511, 512, 513, 40_000, 65_000, 65_536, 70_000, 200_000, 3, 40_000, 2}) {
            all.add("7 " + "x".repeat(length));
        }
        for (String one : all) {
            add(one);
        }
        assertThat(takeAll(7, 1000)).containsExactlyElementsOf(all);
    }

    @Test
    void showsWhatWaitsAsItsSerializerWroteIt() throws Exception {
        add("9 nine");
        add("5000 five");
        List<String> shown = new ArrayList<>();
        waiting.forEach((element, bytes, offset, length) -> {
            DataInputDeserializer in = new DataInputDeserializer(Arrays.copyOfRange(bytes, offset, offset + length));
            assertThat(StringSerializer.INSTANCE.deserialize(in)).isEqualTo(element);
            assertThat(in.available()).isZero();
            shown.add(element);
        });
        assertThat(shown).containsExactly("9 nine", "5000 five");
        assertThat(waiting.size()).isEqualTo(2);
    }

    @Test
    void agreesWithAListWhateverComesWhen() throws Exception {
        SplittableRandom random = new SplittableRandom(5);
        List<String> list = new ArrayList<>();
        long reached = 0;
        for (int round = 0; round < 300; round++) {
            // Few and many, so that pages are filled, left and used again.
            int count = random.nextInt(10) == 0 ? 5000 : random.nextInt(20);
            for (int i = 0; i < count; i++) {
                String one = (reached + 1 + random.nextLong(3000)) + " " + "y".repeat(random.nextInt(60));
                add(one);
                list.add(one);
            }
            // On the grid, and off it.
            reached += random.nextBoolean() ? 100 * random.nextInt(12) : random.nextInt(900);
            long now = reached;
            long together = random.nextBoolean() ? 1000 : WaitingElements.STEP_MILLIS;
            List<String> due = list.stream().filter(one -> timeOf(one) <= now).toList();
            list.removeAll(new HashSet<>(due));
            List<String> taken = takeAll(now, together);
            assertThat(taken).containsExactlyInAnyOrderElementsOf(due);
            assertThat(taken).isSortedAccordingTo(Comparator.comparingLong(one -> timeOf(one) / together));
            assertThat(waiting.size()).isEqualTo(list.size());
        }
    }
}
