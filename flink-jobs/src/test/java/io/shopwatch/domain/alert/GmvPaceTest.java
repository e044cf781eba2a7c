package io.shopwatch.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class GmvPaceTest {
    private static BigDecimal money(long units) {
        return BigDecimal.valueOf(units);
    }

    @Test
    void piecesGmvTogetherOverMidnight() {
        GmvPace pace = new GmvPace();
        pace.note(10, money(500), false, 10, false); // before the start: 500 of today are not the promotion's
        pace.note(10, money(800), true, 10, false); // + 300
        pace.note(11, money(50), true, 10, false); // a new day begins at 0: + 50
        pace.note(11, money(120), true, 10, false); // + 70
        assertThat(pace.gmv).isEqualByComparingTo("420");
    }

    @Test
    void aPromotionSinceMidnightCountsTheWholeDayWhenFirstSeenLate() {
        GmvPace pace = new GmvPace();
        pace.note(10, money(500), true, 10, true);
        assertThat(pace.gmv).isEqualByComparingTo("500");
    }

    @Test
    void comparesWithASteadyPaceOnceThereIsOne() {
        GmvPace pace = new GmvPace();
        pace.gmv = money(300);
        // a quarter of the time, 300 of 1,000 · 0.25 = 250
        assertThat(pace.attainment(money(1000), 0.25)).isCloseTo(1.2, within(1e-9));
        assertThat(pace.projected(0.25)).isEqualByComparingTo("1200");
        assertThat(pace.attainment(money(1000), 0.01)).isNaN();
    }
}
