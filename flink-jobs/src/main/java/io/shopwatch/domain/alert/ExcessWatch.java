package io.shopwatch.domain.alert;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * A rule on too much of something, over all its series: visitors per minute, or orders per visitor. A surge in one
 * channel that makes up most of the surge in {@code all} is one incident.
 */
public final class ExcessWatch {
    private static final Transition ORDERS = new Transition("visitors", "placed", 0, 1);

    private final ConversionWatch.Settings settings;
    private final ExcessDetector detector;
    private final boolean perEntry;

    /**
     * @param settings budget, evaluations and baseline; the sizes of drops in it are not used
     * @param factor times the usual that matters
     * @param least count within the span below which nothing is said
     * @param windowMinutes longest span looked back over
     * @param perEntry whether orders per visitor are watched instead of visitors per minute
     */
    public ExcessWatch(
            ConversionWatch.Settings settings, double factor, long least, int windowMinutes, boolean perEntry) {
        this.settings = settings;
        this.detector = new ExcessDetector(factor, least, Math.max(1, windowMinutes), perEntry);
        this.perEntry = perEntry;
    }

    /** A series without a past. */
    public ConversionSeries newSeries(String segment, String value) {
        return new ConversionWatch(settings).newSeries(ORDERS, segment, value);
    }

    /** Takes in the visitors and orders of the minute before {@code end}. */
    public void sample(ConversionSeries series, long end, double visitors, double placed, boolean trusted) {
        // A surge that stays becomes the new usual; a burst of fake orders must not.
        boolean usual = !(perEntry && series.open);
        series.history.add(end, visitors, placed, visitors, placed, trusted, usual);
        if (series.seasonal != null && usual && trusted) {
            series.seasonal.add(end, placed, visitors, placed, visitors, series.history.perMinute);
        }
    }

    /** Evaluates all series at {@code end}; returns what opened or closed. */
    public List<ConversionWatch.Event> evaluate(Collection<ConversionSeries> all, long end) {
        List<ConversionWatch.Event> events = new ArrayList<>();
        if (Math.floorMod(end, settings.everyMillis()) != 0) {
            return events;
        }
        double threshold = EvidenceThreshold.forBudget(
                settings.falseAlarmsPerWeek(),
                Math.max(1, all.size()),
                settings.everyMillis(),
                Math.max(1, 60_000.0 / settings.everyMillis()),
                Math.max(2, detector.windowMinutes() * 60_000.0 / settings.everyMillis()));
        List<ConversionSeries> ordered = new ArrayList<>(all);
        ordered.sort(Comparator.comparing((ConversionSeries series) -> !series.isAll())
                .thenComparing(series -> series.segment)
                .thenComparing(series -> series.value));
        double explained = 0;
        boolean everybody = false;
        for (ConversionSeries series : ordered) {
            if (series.open) {
                DropReading reading = detector.look(series.history, series.seasonal, threshold, true);
                explained += series.isAll() ? 0 : Math.max(0, excess(reading));
                series.streak.add(reading.verdict(), end);
                if (reading.verdict() == Verdict.GOOD && series.streak.good >= settings.recoveries()) {
                    events.add(new ConversionWatch.Event(
                            series, false, end, series.startsAt, series.streak.since, reading, List.of()));
                    series.open = false;
                    series.lastEndsAt = series.streak.since;
                    series.streak.reset();
                }
                everybody |= series.open && series.isAll();
            }
        }
        for (ConversionSeries series : ordered) {
            if (series.open) {
                continue;
            }
            DropReading reading = detector.look(series.history, series.seasonal, threshold, false);
            series.streak.add(reading.verdict(), end);
            boolean confirmed = reading.verdict() == Verdict.BREACHED && series.streak.breached >= settings.breaches();
            if (!confirmed || everybody || (series.isAll() && explained >= 0.5 * excess(reading))) {
                continue;
            }
            series.open = true;
            series.startsAt = Math.max(end - reading.minutes() * 60_000L, series.lastEndsAt);
            series.firedAt = end;
            series.streak.reset();
            if (perEntry) {
                series.history.exclude(series.startsAt);
            }
            everybody |= series.isAll();
            events.add(new ConversionWatch.Event(
                    series, true, end, series.startsAt, 0, reading, series.isAll() ? causes(all, reading) : List.of()));
        }
        return events;
    }

    private static double excess(DropReading reading) {
        return reading.minutes() == 0 ? 0 : (reading.perMinute() - reading.expected() / reading.minutes());
    }

    private List<Cause> causes(Collection<ConversionSeries> all, DropReading whole) {
        List<Cause> causes = new ArrayList<>();
        double excess = excess(whole);
        for (ConversionSeries series : all) {
            if (series.isAll()) {
                continue;
            }
            DropReading reading = detector.span(series.history, series.seasonal, whole.minutes());
            double share = reading == null || excess <= 0 ? 0 : excess(reading) / excess;
            if (share >= 0.3 && reading.expected() > 0) {
                causes.add(new Cause(
                        series.segment,
                        series.value,
                        Math.min(1, share),
                        Texts.number(reading.perMinute() * reading.minutes() / reading.expected()) + "× the usual"));
            }
        }
        causes.sort(Comparator.comparingDouble(Cause::share)
                .reversed()
                .thenComparing(Cause::segment)
                .thenComparing(Cause::value));
        return causes.size() > 5 ? new ArrayList<>(causes.subList(0, 5)) : causes;
    }
}
