package io.shopwatch.domain.alert;

/**
 * Decides whether a conversion fell. It looks back over spans from one minute to an hour, each beside the baseline
 * before it. A breach needs a span with both
 *
 * <ul>
 *   <li><b>size</b>: the conversion since then lies {@code dropPoints} percentage points (or, where given, {@code
 *       dropPercent} of itself) under the baseline, or so little less that chance may have done it (else a drop of just
 *       that size would have to wait for a lucky draw), and
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
    private static final int[] SPANS = {
        1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 18, 22, 27, 33, 40, 50, 60, 75, 90, 105, 125, 150, 180
    };

    /** The shortest and the longest span, in minutes. */
    public static final int SHORTEST_MINUTES = SPANS[0];

    public static final int LONGEST_MINUTES = SPANS[SPANS.length - 1];

    /**
     * Minutes of baseline below which nothing is said. How little a short one is worth, the evidence knows; but at the
     * very start of a shop conversions have yet to follow their entries.
     */
    private static final int LEAST_BASELINE_MINUTES = 15;

    /** Visitors this many times the usual, and conversions still as usual: a flood. */
    private static final double FLOOD_FACTOR = 2;

    /** Standard errors by which a drop may look smaller than it is: 1 in 20 does by chance. */
    private static final double SIZE_ERRORS = 1.645;

    /** Minutes of baseline beside which entries are a flood. */
    private static final int FLOOD_BASELINE_MINUTES = 30;

    /** Minutes for which a flood may have entered the baseline before payments that do not come gave it away. */
    private static final int FLOOD_UNNOTICED_MINUTES = 20;

    /** Evidence that an open drop is over: 1 in 4,300 looks by chance, for an incident is looked at for hours. */
    private static final double RECOVERY_EVIDENCE = 3.5;

    /** Part of an incident's size that the conversion must have proven to be above again. */
    private static final double RECOVERY_PART = 0.75;

    /** Evidence that something falls short at all: 1 in 100 looks by chance. */
    private static final double SHORTFALL_EVIDENCE = 2.33;

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
            double usual = baseline.windowRate() * (1 - explained);
            double dispersion = history.dispersion(usual);
            double likely = likely(history, baseline, minutes) * (1 - explained);
            if (shortest == null && likely > 0) {
                shortest = reading(Verdict.GOOD, history, minutes, x, likely, usual, 0);
            }
            if (unremarkable(x, likely, baseline, dispersion, threshold)) {
                // The likeliest delay demands no less than the least demanding one.
                continue;
            }
            double expected = expected(history, baseline, minutes) * (1 - explained);
            if (expected <= x || !large(x, likely, baseline, dispersion, (1 - explained) * told(baseline, history))) {
                continue;
            }
            if (unremarkable(x, expected, baseline, dispersion, threshold)) {
                continue;
            }
            double evidence = Evidence.ofShortfall(x, expected, baseline.conversions(), dispersion);
            if (evidence < threshold) {
                continue;
            }
            if (firstStep && isFlood(history, seasonal, minutes, x, dispersion)) {
                flood = true;
                continue;
            }
            if (strongest == null || evidence > strongest.evidence()) {
                strongest = reading(Verdict.BREACHED, history, minutes, x, likely, usual, evidence);
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
     * Reads a series with an open incident: breached while it lasts, good once the conversion is back within
     * {@code recoverPoints} of the baseline and there is evidence that this is no accident, against a drop of three
     * quarters of the incident's size or of the smallest that alarms, whichever is larger. Against the smallest alone a
     * conversion of 90 % would have to prove that it is not 88 %, for hours.
     *
     * @param lost part of the conversions (0 to 1) that the incident cost
     */
    public DropReading lookForRecovery(RateHistory history, SeasonalProfile seasonal, double lost) {
        for (int minutes : SPANS) {
            if (!history.covers(minutes)) {
                break;
            }
            RateHistory.Baseline baseline = baseline(history, seasonal, minutes);
            if (baseline == null || baseline.conversions() <= 0) {
                continue;
            }
            double x = history.conversions(minutes);
            double expected = likely(history, baseline, minutes);
            if (expected <= 0) {
                continue;
            }
            double usual = baseline.windowRate();
            double alarming = Math.min(0.95, Math.max(RECOVERY_PART * lost, alarmingRelative(usual)));
            double dropped = expected * (1 - alarming);
            double dispersion = history.dispersion(usual);
            boolean back = 100 * usual * (1 - x / expected) < recoverPoints(usual);
            if (back && Evidence.ofExcess(x, dropped, baseline.conversions(), dispersion) >= RECOVERY_EVIDENCE) {
                return reading(Verdict.GOOD, history, minutes, x, expected, usual, 0);
            }
            double still = Evidence.quickShortfall(x, expected, baseline.conversions(), dispersion);
            if (!back && still >= SHORTFALL_EVIDENCE) {
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
        double expected = likely(history, baseline, minutes);
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
        return seasonal == null ? history.trailing(minutes, LEAST_BASELINE_MINUTES) : seasonal.at(history.lastEnd);
    }

    private static boolean unremarkable(
            double x, double expected, RateHistory.Baseline baseline, double dispersion, double threshold) {
        return Evidence.quickShortfall(x, expected, baseline.conversions(), dispersion) < threshold - QUICK_MARGIN;
    }

    /** Conversions due by the likeliest delay: what is told, and what a drop's size is measured by. */
    private static double likely(RateHistory history, RateHistory.Baseline baseline, int minutes) {
        return baseline.rate(history.best) * history.due(minutes, history.best);
    }

    /** Conversions due by the least demanding of the plausible delays: what evidence is measured by. */
    private static double expected(RateHistory history, RateHistory.Baseline baseline, int minutes) {
        double least = Double.MAX_VALUE;
        for (int j = 0; j < DelayModel.CANDIDATES; j++) {
            if (history.plausible(j)) {
                least = Math.min(least, baseline.rate(j) * history.due(minutes, j));
            }
        }
        return least;
    }

    /**
     * The rate that points are counted on: the window's, which is what everybody sees, or what entries come to in the
     * end where that is more. A minute's is neither; who looks around for several minutes is an entry in each.
     */
    private static double told(RateHistory.Baseline baseline, RateHistory history) {
        return Math.max(baseline.windowRate(), baseline.rate(history.best));
    }

    /** Whether the drop may be as large as the rule says: the figures do not rule it out, at 1 in 20. */
    private boolean large(double x, double likely, RateHistory.Baseline baseline, double dispersion, double usual) {
        double error = Math.sqrt(dispersion * Math.max(x, 1) * (1 + likely / baseline.conversions())) / likely;
        return 1 - x / likely + SIZE_ERRORS * error >= alarmingRelative(usual);
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

    /**
     * Entries well above those of half an hour before while conversions per minute did not fall: visitors were added who
     * only look. Beside a longer time, every morning would be a flood.
     */
    private static boolean isFlood(
            RateHistory history, SeasonalProfile seasonal, int minutes, double x, double dispersion) {
        RateHistory.Baseline before = seasonal == null
                ? history.trailing(minutes, FLOOD_UNNOTICED_MINUTES, LEAST_BASELINE_MINUTES, FLOOD_BASELINE_MINUTES)
                : seasonal.at(history.lastEnd);
        if (before == null || history.due(minutes, 0) < FLOOD_FACTOR * before.entriesPerMinute() * minutes) {
            return false;
        }
        double asUsual = before.conversionsPerMinute() * minutes;
        return Evidence.quickShortfall(x, asUsual, before.conversions(), dispersion) < SHORTFALL_EVIDENCE;
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
