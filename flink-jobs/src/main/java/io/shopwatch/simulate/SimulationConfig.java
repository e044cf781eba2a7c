package io.shopwatch.simulate;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * What to simulate. Equal configurations give equal events.
 *
 * @param seed seed of every random choice; the assortment and its prices depend on it alone
 * @param from first moment
 * @param duration length in event time, more than 0; null runs on for ever
 * @param rate mean events per second of all streams together at the hour of {@code from}; other hours follow the daily
 *     curve relative to it, so that a demo shows the rate it was asked for at any time of day
 * @param scenario what goes wrong
 * @param zone time zone of the daily curve
 * @param currency ISO 4217 code of the orders
 */
public record SimulationConfig(
        long seed, Instant from, Duration duration, double rate, Scenario scenario, ZoneId zone, String currency) {

    /** Seed where none is given. */
    public static final long DEFAULT_SEED = 20_261_111;

    /** Events per second where no rate is given. */
    public static final double DEFAULT_RATE = 200;

    /** Highest rate accepted. */
    public static final double MAX_RATE = 10_000_000;

    /**
     * @throws IllegalArgumentException if the rate is not a number above 0 and up to {@link #MAX_RATE}, or the duration
     *     is not positive
     */
    public SimulationConfig {
        if (!(rate > 0 && rate <= MAX_RATE)) {
            throw new IllegalArgumentException("rate must be above 0 and at most 10000000 events/s, not " + rate);
        }
        if (duration != null && duration.toMillis() <= 0) {
            throw new IllegalArgumentException("duration must be at least 1 ms, not " + duration);
        }
    }

    /** The defaults: default seed and rate, endless, UTC, US dollars. */
    public static SimulationConfig of(Instant from, Scenario scenario) {
        return new SimulationConfig(DEFAULT_SEED, from, null, DEFAULT_RATE, scenario, ZoneOffset.UTC, "USD");
    }

    /** The same with another duration. */
    public SimulationConfig lasting(Duration value) {
        return new SimulationConfig(seed, from, value, rate, scenario, zone, currency);
    }

    /** The same with another rate. */
    public SimulationConfig atRate(double value) {
        return new SimulationConfig(seed, from, duration, value, scenario, zone, currency);
    }

    /** The same with another seed. */
    public SimulationConfig seeded(long value) {
        return new SimulationConfig(value, from, duration, rate, scenario, zone, currency);
    }

    /** The same in another time zone and currency. */
    public SimulationConfig in(ZoneId zoneValue, String currencyValue) {
        return new SimulationConfig(seed, from, duration, rate, scenario, zoneValue, currencyValue);
    }
}
