package io.shopwatch.domain.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.Segment;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeriesChangesTest {
    private final SeriesChanges changes = new SeriesChanges();

    /** What is handed over, by everything that tells moves apart. */
    private final Map<String, Long> handed = new HashMap<>();

    private void drain(long end) {
        changes.drain(end, change -> {
            long[] moves = change.moves;
            for (int i = 0; i < moves.length; i += 3) {
                handed.merge(
                        change.key + "/" + change.at + "/" + change.scope + "/" + moves[i] + "/" + moves[i + 1],
                        moves[i + 2],
                        Long::sum);
            }
        });
    }

    @Test
    void addsUpMovesOfTheSameKind() {
        changes.add("sales", Segment.ALL, "all", null, 0, 7, 3, 1, Scope.BOTH);
        changes.add("sales", Segment.ALL, "all", null, 0, 7, 3, 1, Scope.BOTH);
        changes.add("sales", Segment.ALL, "all", "USD", 0, 7, 3, 1, Scope.BOTH);
        drain(8);
        assertThat(handed.values()).containsExactlyInAnyOrder(2L, 1L); // 1 + 1 without a currency, 1 in dollars
    }

    @Test
    void keepsWhatComesForASecondThatWasHandedOver() {
        changes.add("sales", Segment.ALL, "all", null, 0, 7, 3, 1, Scope.BOTH);
        drain(8);
        changes.add("sales", Segment.ALL, "all", null, 0, 7, 3, 1, Scope.BOTH);
        drain(7);
        assertThat(handed.values()).containsExactly(1L); // pane 7 is not before 7
        drain(8);
        assertThat(handed.values()).containsExactly(2L);
    }

    /** More series than are found at once, in three seconds at a time. */
    @Test
    void agreesWithAPlainSum() {
        Random random = new Random(5);
        Map<String, Long> expected = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            Segment segment = Segment.values()[random.nextInt(Segment.values().length)];
            String name = "funnel-" + random.nextInt(2);
            String value = "value-" + random.nextInt(500);
            int field = random.nextInt(4);
            long at = i / 20_000 + random.nextInt(3);
            long previous = at - random.nextInt(20);
            Scope scope = Scope.values()[random.nextInt(Scope.values().length)];
            changes.add(name, segment, value, null, field, at, previous, 1, scope);
            expected.merge(
                    new SeriesKey(name, segment, value, null) + "/" + at + "/" + scope + "/" + field + "/" + previous,
                    1L,
                    Long::sum);
            if (i % 7_000 == 0) {
                drain(at);
            }
        }
        drain(Long.MAX_VALUE);
        assertThat(handed).isEqualTo(expected);
    }
}
