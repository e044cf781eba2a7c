package io.shopwatch.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.alert.AlertScore.Raised;
import io.shopwatch.domain.alert.AlertScore.Score;
import io.shopwatch.domain.alert.AlertScore.Truth;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlertScoreTest {
    private static final Truth OUTAGE = new Truth("conversion_drop", "channel", "ads", 1000, 5000);

    @Test
    void countsWhatIsRightWhatIsMissingAndHowLongItTook() {
        List<Score> scores = AlertScore.of(
                List.of(
                        new Raised("conversion_drop", "channel", "ads", 900, 1400, null), // right, 400 late
                        new Raised("conversion_drop", "all", "all", 900, 1600, null), // shows there too
                        new Raised("conversion_drop", "channel", "email", 900, 1500, null), // another channel: wrong
                        new Raised("stock_out", "sku", "A", 10, 10, 20L)), // nothing ran out
                List.of(OUTAGE, new Truth("no_data", "stream", "carts", 0, 100)),
                0);
        assertThat(scores)
                .containsExactly(
                        new Score("conversion_drop", 3, 2, 1, 1, 400),
                        new Score("no_data", 0, 0, 1, 0, Double.NaN),
                        new Score("stock_out", 1, 0, 0, 0, Double.NaN));
        assertThat(scores.get(1).recall()).isZero();
        assertThat(scores.get(1).precision()).isEqualTo(1);
        assertThat(scores.get(2).precision()).isZero();
    }

    @Test
    void anAlertRaisedShortlyAfterTheEndStillBelongsToTheIncident() {
        Raised late = new Raised("conversion_drop", "channel", "ads", 4000, 5200, null);
        assertThat(AlertScore.of(List.of(late), List.of(OUTAGE), 0).get(0).found())
                .isZero();
        assertThat(AlertScore.of(List.of(late), List.of(OUTAGE), 300).get(0).found())
                .isEqualTo(1);
    }

    @Test
    void anIncidentThatAnAlertOfItsPlaceStandsForIsFound() {
        Raised standing = new Raised("stock_out", "sku", "A", 1000, 1000, 3000L);
        Truth first = new Truth("stock_out", "sku", "A", 900, 1500);
        Truth again = new Truth("stock_out", "sku", "A", 2000, 2500);
        Truth later = new Truth("stock_out", "sku", "A", 3000, 3500);
        Truth elsewhere = new Truth("stock_out", "sku", "B", 2000, 2500);
        assertThat(AlertScore.of(List.of(standing), List.of(first, again, later, elsewhere), 0))
                .containsExactly(new Score("stock_out", 1, 1, 4, 2, 50));
    }
}
