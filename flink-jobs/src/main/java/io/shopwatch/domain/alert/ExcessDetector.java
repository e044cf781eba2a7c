package io.shopwatch.domain.alert;

/**
 * Decides whether there is far more of something than usual: visitors per minute, or orders per visitor. As with a
 * drop, both size ({@code factor} times the usual) and evidence are needed.
 *
 * @param factor times the usual that matters
 * @param least count within the span below which nothing is said
 * @param windowMinutes longest span looked back over
 * @param perEntry whether the usual is told per entry (orders per visitor) instead of per minute (visitors)
 */
public record ExcessDetector(double factor, long least, int windowMinutes, boolean perEntry) {
    /** Visitors come in waves: what is twice as wavy as Poisson is still usual. */
    private static final double DISPERSION = 4;

    /** Traffic has tides: a baseline of less than an hour is none. */
    private static final int LEAST_BASELINE_MINUTES = 60;

    /**
     * Reads a series.
     *
     * @param history the series; visitors are entries, orders conversions
     * @param seasonal its usual course, or null where the baseline is trailing
     * @param threshold evidence that the budget asks for
     * @param open whether an incident is open, so that recovery is asked for
     */
    public DropReading look(RateHistory history, SeasonalProfile seasonal, double threshold, boolean open) {
        DropReading shortest = null;
        for (int minutes = 1; minutes <= windowMinutes; minutes = minutes < 5 ? minutes + 1 : minutes + 5) {
            if (!history.covers(minutes)) {
                break;
            }
            RateHistory.Baseline baseline =
                    seasonal == null ? history.trailing(minutes, LEAST_BASELINE_MINUTES) : seasonal.at(history.lastEnd);
            if (baseline == null) {
                continue;
            }
            double entries = history.due(minutes, 0);
            double count = perEntry ? history.conversions(minutes) : entries;
            double usualCount = perEntry ? baseline.conversions() : baseline.entries();
            double expected = perEntry ? baseline.rate(0) * entries : baseline.entriesPerMinute() * minutes;
            double unit = perEntry ? baseline.rate(0) : baseline.entriesPerMinute();
            double observed = expected <= 0 ? unit : unit * count / expected;
            double evidence = Evidence.ofExcess(count, expected, usualCount, DISPERSION);
            boolean large = expected > 0 && count >= factor * expected && count >= least;
            // Half-way back, on the scale of ratios.
            boolean lasting = open && expected > 0 && count >= Math.sqrt(factor) * expected && count >= least / 2.0;
            if ((large && evidence >= threshold) || lasting) {
                return new DropReading(
                        Verdict.BREACHED, false, minutes, observed, unit, count, expected, entries, evidence);
            }
            if (shortest == null) {
                // Even with no evidence it says how things stand.
                shortest = new DropReading(
                        Verdict.GOOD, false, minutes, observed, unit, count, expected, entries, evidence);
            }
            if (open && minutes >= 2) {
                break;
            }
        }
        return shortest == null ? DropReading.NOTHING : shortest;
    }

    /** Reads the given span as it is; null where there is no baseline or no data. */
    DropReading span(RateHistory history, SeasonalProfile seasonal, int minutes) {
        RateHistory.Baseline baseline = !history.covers(minutes)
                ? null
                : seasonal == null ? history.trailing(minutes, LEAST_BASELINE_MINUTES) : seasonal.at(history.lastEnd);
        if (baseline == null) {
            return null;
        }
        double entries = history.due(minutes, 0);
        double count = perEntry ? history.conversions(minutes) : entries;
        double unit = perEntry ? baseline.rate(0) : baseline.entriesPerMinute();
        double expected = unit * (perEntry ? entries : minutes);
        return new DropReading(
                Verdict.NEITHER,
                false,
                minutes,
                expected <= 0 ? unit : unit * count / expected,
                unit,
                count,
                expected,
                entries,
                0);
    }
}
