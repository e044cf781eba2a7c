package io.shopwatch.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shopwatch.domain.alert.ChangeDecomposition.Part;
import io.shopwatch.domain.alert.ChangeDecomposition.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChangeDecompositionTest {
    @Test
    void namesTheChannelWhoseRateFell() {
        List<Part> parts = ChangeDecomposition.of(List.of(
                new Slice("search", 600, 60, 600, 60), // 10 % → 10 %
                new Slice("ads", 400, 40, 400, 16))); // 10 % → 4 %
        // ΔR = 7.6 % − 10 % = −2.4 points, all of it 0.4·(0.04 − 0.10)
        assertThat(parts.get(0).value()).isEqualTo("ads");
        assertThat(parts.get(0).rate()).isCloseTo(-0.024, within(1e-12));
        assertThat(parts.get(0).mix()).isCloseTo(0, within(1e-12));
        assertThat(parts.get(1).total()).isCloseTo(0, within(1e-12));
    }

    @Test
    void tellsMoreOfPoorVisitorsFromPoorerVisitors() {
        List<Part> parts = ChangeDecomposition.of(List.of(
                new Slice("search", 500, 50, 500, 50), // 10 %
                new Slice("ads", 500, 10, 1500, 30))); // 2 %, three times as many
        // R₀ = 6 %; ads: (0.75 − 0.5)·(0.02 − 0.06) = −1 point of mix; search: (0.25 − 0.5)·(0.10 − 0.06) = −1 point
        assertThat(parts).allSatisfy(part -> {
            assertThat(part.rate()).isCloseTo(0, within(1e-12));
            assertThat(part.mix()).isCloseTo(-0.01, within(1e-12));
        });
    }

    @Test
    void partsAlwaysAddUpToTheChange() {
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            List<Slice> slices = new ArrayList<>();
            double n0 = 0;
            double x0 = 0;
            double n1 = 0;
            double x1 = 0;
            for (int v = 0; v < 1 + random.nextInt(6); v++) {
                Slice slice = new Slice(
                        "v" + v, random.nextInt(5) == 0 ? 0 : random.nextInt(1000), 0, 1 + random.nextInt(1000), 0);
                slice = new Slice(
                        slice.value(),
                        slice.entries0(),
                        slice.entries0() * random.nextDouble(),
                        slice.entries1(),
                        slice.entries1() * random.nextDouble());
                slices.add(slice);
                n0 += slice.entries0();
                x0 += slice.conversions0();
                n1 += slice.entries1();
                x1 += slice.conversions1();
            }
            if (n0 == 0) {
                assertThat(ChangeDecomposition.of(slices)).isEmpty();
                continue;
            }
            double sum = ChangeDecomposition.of(slices).stream()
                    .mapToDouble(Part::total)
                    .sum();
            assertThat(sum).isCloseTo(x1 / n1 - x0 / n0, within(1e-9));
        }
    }
}
