package io.shopwatch.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.alert.AlertScore.Raised;
import io.shopwatch.domain.alert.AlertScore.Score;
import io.shopwatch.domain.alert.AlertScore.Truth;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AlertScoreTest {
    private static final Truth OUTAGE = new Truth("conversion_drop", "channel", "ads", 1000, 5000);
    private static final Set<String> TOLD = Set.of("conversion_drop", "no_data", "stock_out");

    @Test
    void countsWhatIsRightWhatIsMissingAndHowLongItTook() {
        List<Score> scores = AlertScore.of(
                List.of(
                        new Raised("conversion_drop", "channel", "ads", 900, 1400, null), // right, 400 late
                        new Raised("conversion_drop", "all", "all", 900, 1600, null), // shows there too
                        new Raised("conversion_drop", "channel", "email", 900, 1500, null), // another channel: wrong
                        new Raised("stock_out", "sku", "A", 10, 10, 20L)), // nothing ran out
                List.of(OUTAGE, new Truth("no_data", "stream", "carts", 0, 100)),
                TOLD,
                0);
        assertThat(scores)
                .containsExactly(
                        new Score("conversion_drop", 3, 2, 1, 1, 400, true),
                        new Score("no_data", 0, 0, 1, 0, Double.NaN, true),
                        new Score("stock_out", 1, 0, 0, 0, Double.NaN, true));
        assertThat(scores.get(1).recall()).isZero();
        assertThat(scores.get(1).precision()).isEqualTo(1);
        assertThat(scores.get(2).precision()).isZero();
    }

    @Test
    void ofAKindThatTheTruthSaysNothingAboutNoAlertIsRightOrWrong() {
        List<Raised> alerts = List.of(new Raised("low_stock", "sku", "A", 10, 10, null));
        Score untold = AlertScore.of(alerts, List.of(), TOLD, 0).get(0);
        assertThat(untold).isEqualTo(new Score("low_stock", 1, 0, 0, 0, Double.NaN, false));
        assertThat(untold.precision()).isNaN();
        assertThat(untold.recall()).isNaN();
        // One incident of it, and the truth does say something.
        List<Truth> truth = List.of(new Truth("low_stock", "sku", "B", 0, 20));
        Score told = AlertScore.of(alerts, truth, TOLD, 0).get(0);
        assertThat(told).isEqualTo(new Score("low_stock", 1, 0, 1, 0, Double.NaN, true));
        assertThat(told.precision()).isZero();
    }

    @Test
    void anAlertRaisedShortlyAfterTheEndStillBelongsToTheIncident() {
        Raised late = new Raised("conversion_drop", "channel", "ads", 4000, 5200, null);
        assertThat(AlertScore.of(List.of(late), List.of(OUTAGE), TOLD, 0).get(0).found())
                .isZero();
        assertThat(AlertScore.of(List.of(late), List.of(OUTAGE), TOLD, 300)
                        .get(0)
                        .found())
                .isEqualTo(1);
    }

    @Test
    void anIncidentThatAnAlertOfItsPlaceStandsForIsFound() {
        Raised standing = new Raised("stock_out", "sku", "A", 1000, 1000, 3000L);
        Truth first = new Truth("stock_out", "sku", "A", 900, 1500);
        Truth again = new Truth("stock_out", "sku", "A", 2000, 2500);
        Truth later = new Truth("stock_out", "sku", "A", 3000, 3500);
        Truth elsewhere = new Truth("stock_out", "sku", "B", 2000, 2500);
        assertThat(AlertScore.of(List.of(standing), List.of(first, again, later, elsewhere), TOLD, 0))
                .containsExactly(new Score("stock_out", 1, 1, 4, 2, 50, true));
    }
}
