package io.shopwatch.domain.sales;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PromotionProgressTest {

    private static final Instant START = Instant.parse("2026-11-10T20:00:00Z");
    private static final Instant END = Instant.parse("2026-11-12T00:00:00Z");

    private final PromotionProgress progress = new PromotionProgress(START, END, ZoneOffset.UTC);

    private void total(String at, int gmv) {
        progress.dayToDate(Instant.parse(at).toEpochMilli(), BigDecimal.valueOf(gmv));
    }

    @Test
    void takesOffWhatTheFirstDayHadSoldBefore() {
        total("2026-11-10T19:00:00Z", 700);
        total("2026-11-10T19:59:58Z", 800); // the last change before the start
        total("2026-11-10T20:00:01Z", 810);
        total("2026-11-10T23:00:00Z", 1000);

        assertThat(progress.gmv()).isEqualByComparingTo("200"); // 1000 − 800
    }

    @Test
    void addsUpDaysAndStopsAtTheEnd() {
        total("2026-11-10T19:59:58Z", 800);
        total("2026-11-11T00:00:00Z", 1000); // exclusive end: still the 10th
        total("2026-11-11T10:00:00Z", 300);
        total("2026-11-12T00:00:00Z", 500); // exclusive end: still the 11th
        total("2026-11-12T09:00:00Z", 90);

        assertThat(progress.gmv()).isEqualByComparingTo("700"); // (1000 − 800) + 500
    }

    @Test
    void countsNothingFromBeforeTheStartWhenTheTotalThenWasNotSeen() {
        total("2026-11-10T21:00:00Z", 850);
        total("2026-11-10T23:00:00Z", 1000);

        assertThat(progress.gmv()).isEqualByComparingTo("150"); // 1000 − 850
    }

    @Test
    void startsFromNothingAtMidnightOfTheShop() {
        ZoneId shanghai = ZoneId.of("Asia/Shanghai");
        PromotionProgress day = new PromotionProgress(
                Instant.parse("2026-11-10T16:00:00Z"), Instant.parse("2026-11-11T16:00:00Z"), shanghai);
        day.dayToDate(Instant.parse("2026-11-10T16:00:00Z").toEpochMilli(), BigDecimal.valueOf(9999)); // the day before
        day.dayToDate(Instant.parse("2026-11-10T18:00:00Z").toEpochMilli(), BigDecimal.valueOf(40));

        assertThat(day.gmv()).isEqualByComparingTo("40");
    }

    @Test
    void projectsThePaceSoFarToTheEnd() {
        total("2026-11-10T20:00:00Z", 0);
        total("2026-11-10T22:00:00Z", 100);

        // 100 in 2 of 28 hours
        assertThat(progress.projected(Instant.parse("2026-11-10T22:00:00Z"))).isEqualByComparingTo("1400");
        assertThat(progress.projected(END)).isEqualByComparingTo("100");
        assertThat(progress.projected(START)).isNull();
    }

    @Test
    void givesTheSameInAnyOrderAndWithRepetitions() {
        Random random = new Random(11);
        for (int run = 0; run < 200; run++) {
            // A sale now and then over three days; the running total of the day after each.
            List<Object[]> totals = new ArrayList<>();
            long expected = 0;
            long ofDay = 0;
            long day = -1;
            for (long at = START.toEpochMilli() - 10 * 3_600_000L + 1000;
                    at < END.toEpochMilli() + 3_600_000L;
                    at += 1000L * (1 + random.nextInt(9000))) {
                long dayNow = (at - 1) / 86_400_000L;
                ofDay = dayNow == day ? ofDay : 0;
                day = dayNow;
                long sale = random.nextInt(50);
                ofDay += sale;
                if (at > START.toEpochMilli() && at <= END.toEpochMilli()) {
                    expected += sale;
                }
                totals.add(new Object[] {at, BigDecimal.valueOf(ofDay)});
            }
            totals.addAll(new ArrayList<>(totals.subList(0, totals.size() / 2)));
            Collections.shuffle(totals, random);
            PromotionProgress shuffled = new PromotionProgress(START, END, ZoneOffset.UTC);
            totals.forEach(total -> shuffled.dayToDate((Long) total[0], (BigDecimal) total[1]));

            assertThat(shuffled.gmv()).isEqualByComparingTo(BigDecimal.valueOf(expected));
        }
    }
}
