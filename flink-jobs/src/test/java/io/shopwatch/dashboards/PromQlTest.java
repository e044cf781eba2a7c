package io.shopwatch.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PromQlTest {

    @Test
    void findsMetricsWithTheLabelsThatAreMatchedOnThem() {
        PromQl found =
                PromQl.of("sum(a_total{x=\"1\",y=~\"b|c\"}) / on (z) group_left () (sum by (z) (rate(b[5m])) > 0)");

        assertThat(found.metrics()).isEqualTo(Map.of("a_total", Set.of("x", "y"), "b", Set.of()));
        assertThat(found.grouped()).containsExactly("z");
        assertThat(found.kept()).containsExactly("z");
    }

    @Test
    void takesNeitherFunctionsNorStringsNorDurationsForMetrics() {
        PromQl found = PromQl.of("histogram_quantile(0.99, sum by (le) (rate(h_bucket{p=\"m{q}\"}[1h] offset 1d)))"
                + " and on () vector(1) unless -time() > bool 2e9");

        assertThat(found.metrics()).isEqualTo(Map.of("h_bucket", Set.of("p")));
    }

    @Test
    void knowsLabelsThatAnExpressionMakes() {
        PromQl found =
                PromQl.of("label_join(count by (from, to) (m{f=\"1\"}), \"transition\", \">\", \"from\", \"to\")");

        assertThat(found.made()).containsExactly("transition");
        assertThat(found.metrics()).containsOnlyKeys("m");
    }
}
