package io.shopwatch.domain.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HourlyDemandTest {
    private static final long HOUR = 3_600_000;

    private static long[] hours(long... units) {
        long[] hours = {};
        for (int hour = 0; hour < units.length; hour++) {
            hours = HourlyDemand.add(hours, hour * HOUR + 5, units[hour], hour * HOUR + 5);
        }
        return hours;
    }

    private static void assertEstimate(HourlyDemand.Estimate estimate, double mean, double variance, long hours) {
        assertThat(estimate.mean()).isCloseTo(mean, within(1e-12));
        assertThat(estimate.variance()).isCloseTo(variance, within(1e-12));
        assertThat(estimate.hours()).isEqualTo(hours);
    }

    @Test
    void theFirstHourSoFarStandsForAWholeOne() {
        assertEstimate(HourlyDemand.estimate(hours(7), 5, HOUR / 2), 7, 7, 0);
    }

    @Test
    void anHourCountsOnceItIsComplete() {
        long[] hours = hours(6, 30);
        // at 2 h − 1 ms only the first hour is complete
        assertEstimate(HourlyDemand.estimate(hours, 5, 2 * HOUR - 1), 6, 6, 1);
        // (6 + 30) / 2 = 18
        assertEstimate(HourlyDemand.estimate(hours, 5, 2 * HOUR), 18, 18, 2);
    }

    @Test
    void hoursWithoutSalesCountAsZero() {
        // (6 + 0 + 0) / 3 = 2
        assertEstimate(HourlyDemand.estimate(hours(6), 5, 3 * HOUR), 2, 2, 3);
    }

    @Test
    void varianceIsMeasuredFromTwentyFourHours() {
        long[] hours = hours(24);
        // 24 / 23 units per hour, Poisson
        assertEstimate(HourlyDemand.estimate(hours, 5, 23 * HOUR), 24 / 23.0, 24 / 23.0, 23);
        // mean 1; ((24 − 1)² + 23·(0 − 1)²) / 23 = (529 + 23) / 23 = 24
        assertEstimate(HourlyDemand.estimate(hours, 5, 24 * HOUR), 1, 24, 24);
    }

    @Test
    void oldHoursAreForgottenAfterAWeek() {
        long[] hours = hours(168);
        // 168 units in the first of 168 hours
        assertThat(HourlyDemand.estimate(hours, 5, 168 * HOUR).mean()).isEqualTo(1);
        assertThat(HourlyDemand.estimate(hours, 5, 169 * HOUR).mean()).isZero();
        assertThat(HourlyDemand.changesWithTime(hours, 168 * HOUR)).isTrue();
        assertThat(HourlyDemand.changesWithTime(hours, 169 * HOUR)).isFalse();
        // A sale a week and two hours later pushes it out of memory.
        assertThat(HourlyDemand.add(hours, 170 * HOUR, 3, 170 * HOUR)).containsExactly(170, 3);
    }

    @Test
    void cancellationsNeverMakeDemandNegative() {
        assertEstimate(HourlyDemand.estimate(hours(-4), 5, HOUR), 0, 0, 1);
    }

    @Test
    void sparseBucketsAreAMap() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Map<Long, Long> expected = new TreeMap<>();
            long[] pairs = Buckets.NONE;
            long oldest = Long.MIN_VALUE;
            for (int i = 0; i < 40; i++) {
                long bucket = random.nextInt(20);
                long amount = random.nextInt(5) - 2;
                oldest = Math.max(oldest, random.nextInt(60) - 50);
                pairs = Buckets.add(pairs, bucket, amount, oldest);
                long kept = oldest;
                expected.keySet().removeIf(key -> key < kept);
                if (bucket >= oldest) {
                    expected.merge(bucket, amount, Long::sum);
                }
                expected.values().removeIf(sum -> sum == 0);
                long[] flat = expected.entrySet().stream()
                        .flatMapToLong(entry -> java.util.stream.LongStream.of(entry.getKey(), entry.getValue()))
                        .toArray();
                assertThat(pairs).as("seed %d", seed).containsExactly(flat);
                assertThat(Buckets.sum(pairs, 5, 9))
                        .isEqualTo(expected.entrySet().stream()
                                .filter(entry -> entry.getKey() >= 5 && entry.getKey() <= 9)
                                .mapToLong(Map.Entry::getValue)
                                .sum());
            }
        }
    }
}
