package io.shopwatch.domain.inventory;

/**
 * What a SKU sells per hour: mean and variance over the completed hours of the clock (UTC), at most the last {@link
 * #HOURS}, from the hour the SKU was first heard of; hours without a sale count as 0. A unit that is cancelled is taken
 * off the hour of its cancellation.
 */
public final class HourlyDemand {
    /** Completed hours that are looked back on: one week, so every hour of the week weighs the same. */
    public static final int HOURS = 168;

    /** Completed hours from which the variance is measured; below, demand is taken as Poisson (variance = mean). */
    public static final int MEASURED_FROM = 24;

    /** Length of an hour in milliseconds. */
    static final long HOUR_MILLIS = 3_600_000;

    /**
     * Demand per hour.
     *
     * @param mean units per hour, not negative
     * @param variance its variance in units², not negative
     * @param hours completed hours behind it
     */
    public record Estimate(double mean, double variance, long hours) {}

    private HourlyDemand() {}

    static long hourOf(long timeMillis) {
        return Math.floorDiv(timeMillis, HOUR_MILLIS);
    }

    /** The sums by hour with {@code units} added at {@code time}, without hours that no estimate looks back on. */
    static long[] add(long[] hours, long time, long units, long newest) {
        return Buckets.add(hours, hourOf(time), units, hourOf(newest) - HOURS);
    }

    /**
     * The estimate at a time. Until the first hour is complete, its part so far stands for a whole hour: that is too
     * little rather than too much, so a single early sale does not call for a truckload.
     *
     * @param hours units by hour
     * @param firstSeen event time at which the SKU was first heard of
     * @param time all events before it are in
     */
    static Estimate estimate(long[] hours, long firstSeen, long time) {
        long current = hourOf(time);
        long first = Math.max(hourOf(firstSeen), current - HOURS);
        long known = current - first;
        if (known <= 0) {
            double soFar = Math.max(0, Buckets.sum(hours, current, current));
            return new Estimate(soFar, soFar, 0);
        }
        long total = Buckets.sum(hours, first, current - 1);
        double mean = (double) total / known;
        if (known < MEASURED_FROM) {
            return new Estimate(Math.max(0, mean), Math.max(0, mean), known);
        }
        double squares = 0;
        long zeros = known;
        for (int i = 0; i < hours.length; i += 2) {
            if (hours[i] >= first && hours[i] < current) {
                double deviation = hours[i + 1] - mean;
                squares += deviation * deviation;
                zeros--;
            }
        }
        squares += zeros * mean * mean;
        // Divided by n − 1: the mean is estimated from the same hours.
        return new Estimate(Math.max(0, mean), squares / (known - 1), known);
    }

    /** Whether an estimate can still change by the mere passing of hours. */
    static boolean changesWithTime(long[] hours, long time) {
        return hours.length > 0 && hours[hours.length - 2] >= hourOf(time) - HOURS;
    }
}
