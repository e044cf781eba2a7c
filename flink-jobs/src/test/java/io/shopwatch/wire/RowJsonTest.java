package io.shopwatch.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rows as they are written by hand, against the mapper. */
class RowJsonTest {
    private static final String[] TEXTS = {
        null, "", "all", "s|1", "a b~", "\"", "\\", "/", "tab\t", "line\n", "\u0000", "\u001f", "\u007f", "é", "鞋",
        "👟", "\u2028"
    };
    private static final double[] DOUBLES = {
        0, -0.0, 1, -2.5, 1e-5, 1e7, 123456789.125, Double.MIN_VALUE, Double.MAX_VALUE, Double.NaN, 1 / 0.0, -1 / 0.0
    };
    private static final long[] LONGS = {
        0, 9, 10, 99, 100, -1, -10, 1_794_355_200_000L, 999_999_999_999_999_999L, Long.MAX_VALUE, Long.MIN_VALUE
    };

    private final Random random = new Random(7);

    @Test
    void areWhatTheMapperWrites() {
        for (int i = 0; i < 20_000; i++) {
            check(new FunnelResult(text(), text(), number(), text(), text(), steps(), number()));
            check(new SalesResult(
                    text(), number(), text(), text(), text(), number(), number(), number(), number(), number(),
                    number(), text(), text(), text(), number(), number(), number()));
            check(new InventoryResult(
                    text(),
                    text(),
                    text(),
                    number(),
                    number(),
                    number(),
                    number(),
                    decimal(),
                    random.nextBoolean() ? null : decimal(),
                    decimal(),
                    decimal(),
                    text(),
                    text(),
                    text(),
                    random.nextBoolean() ? null : decimal(),
                    number(),
                    random.nextBoolean() ? null : number()));
        }
    }

    @Test
    void growWithWhatTheyHold() {
        check(new FunnelResult("f".repeat(5_000), "鞋".repeat(5_000), 1, "all", "all", List.of(), 1));
    }

    private static void check(Object row) {
        assertThat(new String(Json.bytes(row), StandardCharsets.UTF_8))
                .isEqualTo(new String(Json.written(row), StandardCharsets.UTF_8));
    }

    private List<FunnelResult.Step> steps() {
        int size = random.nextInt(5);
        if (size == 4) {
            return null;
        }
        List<FunnelResult.Step> steps = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            steps.add(new FunnelResult.Step(text(), number()));
        }
        return steps;
    }

    private String text() {
        return TEXTS[random.nextInt(TEXTS.length)];
    }

    private long number() {
        return random.nextBoolean() ? LONGS[random.nextInt(LONGS.length)] : random.nextLong() >>> random.nextInt(64);
    }

    private double decimal() {
        return random.nextBoolean() ? DOUBLES[random.nextInt(DOUBLES.length)] : random.nextDouble() * 1e6;
    }
}
