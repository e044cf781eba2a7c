package io.shopwatch.domain.alert;

/**
 * Decides whether a conversion fell. It looks back over spans from one minute to an hour, each beside the baseline
 * before it. A breach needs a span with both
 *
 * <ul>
 *   <li><b>size</b>: the conversion since then lies at least {@code dropPoints} percentage points (or, where given,
 *       {@code dropPercent} of itself) under the baseline, within one standard error (else a drop of just that size
 *       would have to wait for a lucky draw), and
 *   <li><b>evidence</b>: a shortfall of conversions, against those due from the entries before, that chance brings
 *       about no more often than the budget of false alarms allows ({@link Evidence}, {@link EvidenceThreshold}).
 * </ul>
 *
 * <p>Looking back over many spans is the generalised likelihood ratio test for a change at an unknown time: short spans
 * find plunges within a minute or two, long ones find what a quiet shop shows only after half an hour. The rule's
 * window is the unit in which rates are told.
 *
 * @param dropPoints percentage points that matter
 * @param dropPercent relative drop in percent that matters too, or null
 * @param recoverPoints percentage points under which a drop is over
 * @param firstStep whether entries are the first step of a funnel, where floods of visitors who only look arrive
 */
public record DropDetector(double dropPoints, Double dropPercent, double recoverPoints, boolean firstStep) {
    /** Spans looked back over, in minutes; each about a fifth longer than the one before costs little evidence. */
    private static final int[] SPANS = {1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 18, 22, 27, 33, 40, 50, 60};

    /** The shortest and the longest span, in minutes. */
    public static final int SHORTEST_MINUTES = SPANS[0];

    public static final int LONGEST_MINUTES = SPANS[SPANS.length - 1];

    /** Visitors this many times the usual, and conversions still as usual: a flood. */
    private static final double FLOOD_FACTOR = 2;

    /** Evidence that an open drop is over: 1 in 100 by chance. */
    private static final double RECOVERY_EVIDENCE = 2.33;

    /** Beyond this quick look, the exact tail is worth computing. */
    private static final double QUICK_MARGIN = 1.5;

    /**
     * Reads a series that has no open incident.
     *
     * @param history the series
     * @param seasonal the usual course of the series, or null where the baseline is trailing
     * @param threshold evidence that the budget asks for
     * @param explained part of the expected conversions (0 to 1) that a known incident elsewhere accounts for
     */
    public DropReading look(RateHistory history, SeasonalProfile seasonal, double threshold, double explained) {
        DropReading strongest = null;
        DropReading shortest = null;
        boolean flood = false;
        for (int minutes : SPANS) {
            if (!history.covers(minutes)) {
                break;
            }
            RateHistory.Baseline baseline = baseline(history, seasonal, minutes);
            if (baseline == null || baseline.conversions() <= 0) {
                continue;
            }
            double x = history.conversions(minutes);
            double expected = expected(history, baseline, minutes) * (1 - explained);
            double usual = baseline.windowRate() * (1 - explained);
            double relative = expected <= 0 ? 0 : 1 - x / expected;
            if (shortest == null && expected > 0) {
                shortest = reading(Verdict.GOOD, history, minutes, x, expected, usual, 0);
            }
            double dispersion = history.dispersion(usual);
            double error = Math.sqrt(dispersion * Math.max(x, 1) * (1 + expected / baseline.conversions())) / expected;
            if (relative <= 0 || !large(relative + error, usual)) {
                continue;
            }
            if (Evidence.quickShortfall(x, expected, baseline.conversions(), dispersion) < threshold - QUICK_MARGIN) {
                continue;
            }
            double evidence = Evidence.ofShortfall(x, expected, baseline.conversions(), dispersion);
            if (evidence < threshold) {
                continue;
            }
            if (firstStep && isFlood(history, baseline, minutes, x, dispersion)) {
                flood = true;
                continue;
            }
            if (strongest == null || evidence > strongest.evidence()) {
                strongest = reading(Verdict.BREACHED, history, minutes, x, expected, usual, evidence);
            }
        }
        // A flood also dilutes the spans that began before it.
        if (strongest != null && !flood) {
            return strongest;
        }
        if (flood) {
            return new DropReading(Verdict.NEITHER, true, 0, Double.NaN, Double.NaN, 0, 0, 0, 0);
        }
        return shortest == null ? DropReading.NOTHING : shortest;
    }

    /**
     * Reads a series with an open incident: breached while it lasts, good once there is evidence that the conversion is
     * back, within {@code recoverPoints} of the baseline.
     */
    public DropReading lookForRecovery(RateHistory history, SeasonalProfile seasonal) {
        for (int minutes : SPANS) {
            if (!history.covers(minutes)) {
                break;
            }
            RateHistory.Baseline baseline = baseline(history, seasonal, minutes);
            if (baseline == null || baseline.conversions() <= 0) {
                continue;
            }
            double x = history.conversions(minutes);
            double expected = expected(history, baseline, minutes);
            if (expected <= 0) {
                continue;
            }
            double usual = baseline.windowRate();
            double alarming = Math.min(0.95, alarmingRelative(usual));
            double dropped = expected * (1 - alarming);
            double evidence = -Evidence.quickShortfall(x, dropped, baseline.conversions(), history.dispersion(usual));
            boolean back = 100 * usual * (1 - x / expected) < recoverPoints(usual);
            if (back && evidence >= RECOVERY_EVIDENCE) {
                return reading(Verdict.GOOD, history, minutes, x, expected, usual, 0);
            }
            double still = Evidence.quickShortfall(x, expected, baseline.conversions(), history.dispersion(usual));
            if (!back && still >= RECOVERY_EVIDENCE) {
                return reading(Verdict.BREACHED, history, minutes, x, expected, usual, still);
            }
        }
        return DropReading.NOTHING;
    }

    /** Reads the given span as it is, for the figures of causes; null where there is no baseline or no data. */
    public static DropReading span(RateHistory history, SeasonalProfile seasonal, int minutes) {
        if (!history.covers(minutes)) {
            return null;
        }
        RateHistory.Baseline baseline = baseline(history, seasonal, minutes);
        if (baseline == null) {
            return null;
        }
        double expected = expected(history, baseline, minutes);
        return reading(
                Verdict.NEITHER, history, minutes, history.conversions(minutes), expected, baseline.windowRate(), 0);
    }

    /** Usual entries per minute before the span, NaN where there is no baseline. */
    public static double usualEntriesPerMinute(RateHistory history, SeasonalProfile seasonal, int minutes) {
        RateHistory.Baseline baseline = history.covers(minutes) ? baseline(history, seasonal, minutes) : null;
        return baseline == null ? Double.NaN : baseline.entriesPerMinute();
    }

    /** The rate that the series should have now, as the rule's window shows it; NaN while there is no baseline. */
    public static double usualRate(RateHistory history, SeasonalProfile seasonal) {
        RateHistory.Baseline baseline = baseline(history, seasonal, RateHistory.BLOCK_MINUTES);
        return baseline == null ? Double.NaN : baseline.windowRate();
    }

    private static RateHistory.Baseline baseline(RateHistory history, SeasonalProfile seasonal, int minutes) {
        return seasonal == null ? history.trailing(minutes) : seasonal.at(history.lastEnd);
    }

    /** Conversions due by the least demanding of the plausible delays. */
    private static double expected(RateHistory history, RateHistory.Baseline baseline, int minutes) {
        double least = Double.MAX_VALUE;
        for (int j = 0; j < DelayModel.CANDIDATES; j++) {
            if (history.plausible(j)) {
                least = Math.min(least, baseline.rate(j) * history.due(minutes, j));
            }
        }
        return least;
    }

    private boolean large(double relative, double usual) {
        return 100 * relative * usual >= dropPoints || (dropPercent != null && 100 * relative >= dropPercent);
    }

    private double alarmingRelative(double usual) {
        double byPoints = usual <= 0 ? 1 : dropPoints / (100 * usual);
        return dropPercent == null ? byPoints : Math.min(byPoints, dropPercent / 100);
    }

    /** Where the relative drop is what alarms, half of it is what recovers. */
    private double recoverPoints(double usual) {
        double byPoints = dropPoints / (100 * usual);
        return dropPercent == null || byPoints <= dropPercent / 100
                ? recoverPoints
                : Math.min(recoverPoints, usual * dropPercent / 2);
    }

    /** Entries well above the usual while conversions per minute did not fall: visitors were added who only look. */
    private static boolean isFlood(
            RateHistory history, RateHistory.Baseline baseline, int minutes, double x, double dispersion) {
        double entries = history.due(minutes, 0) / minutes;
        if (entries < FLOOD_FACTOR * baseline.entriesPerMinute()) {
            return false;
        }
        double asUsual = baseline.conversionsPerMinute() * minutes;
        return Evidence.quickShortfall(x, asUsual, baseline.conversions(), dispersion) < RECOVERY_EVIDENCE;
    }

    private static DropReading reading(
            Verdict verdict,
            RateHistory history,
            int minutes,
            double conversions,
            double expected,
            double usual,
            double evidence) {
        double observed = expected <= 0 ? usual : usual * (conversions / expected);
        return new DropReading(
                verdict, false, minutes, observed, usual, conversions, expected, history.due(minutes, 0), evidence);
    }
}
