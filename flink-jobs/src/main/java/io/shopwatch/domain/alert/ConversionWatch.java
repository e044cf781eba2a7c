package io.shopwatch.domain.alert;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/**
 * A conversion rule over all its series: who is breached, what is one incident, and why.
 *
 * <p>One fault shows in many series: in the channel where it sits, in {@code all}, and a little in every device; in the
 * step that fails and in every stretch of the funnel that contains it. The first series confirmed opens the incident
 * ({@code all} before others, single steps before longer stretches, then by evidence). From then on, what it accounts
 * for is taken off what the series that share visitors with it should have; they page only for what is left. Values of
 * the same segment share no visitors and always stand for themselves, unless {@code all} is open.
 */
public final class ConversionWatch {
    /**
     * False alarms that {@link EvidenceThreshold} counts for each that happens. It counts shortfalls of evidence in
     * series that know nothing of each other; an incident must also be large, last for some evaluations under the least
     * demanding delay, and is told once for all series that share its visitors. Simulated months of calm
     * (DetectionBenchmark, other seeds) leave one in 25 to 50; the rest is for shops that are less regular.
     */
    private static final double COUNTED_PER_FALSE_ALARM = 12;

    private final DropDetector fromFirst;
    private final DropDetector fromLater;
    private final Settings settings;

    /**
     * @param dropPoints percentage points that matter
     * @param dropPercent relative drop in percent that matters too, or null
     * @param recoverPoints percentage points under which a drop is over
     * @param falseAlarmsPerWeek budget of the rule
     * @param everyMillis time between evaluations
     * @param breaches breached evaluations in a row that fire
     * @param recoveries good evaluations in a row that resolve
     * @param baselineMillis length of a trailing baseline
     * @param seasonMillis period of a seasonal baseline, 0 where it is trailing
     * @param cycles cycles of a seasonal baseline
     * @param maxDelayMillis longest delay from step to step
     */
    public record Settings(
            double dropPoints,
            Double dropPercent,
            double recoverPoints,
            double falseAlarmsPerWeek,
            long everyMillis,
            int breaches,
            int recoveries,
            long baselineMillis,
            long seasonMillis,
            int cycles,
            long maxDelayMillis) {}

    /** Visitors of the two steps of a series: within the last minute and within the rule's window. */
    public record Sample(double entries, double conversions, double windowEntries, double windowConversions) {}

    /**
     * An incident that opened or closed.
     *
     * @param series the series it is told of
     * @param firing whether it opened
     * @param at event time of the decision
     * @param startsAt when it began
     * @param endsAt when it ended, 0 while it lasts
     * @param reading the figures
     * @param causes likely causes, largest share first
     */
    public record Event(
            ConversionSeries series,
            boolean firing,
            long at,
            long startsAt,
            long endsAt,
            DropReading reading,
            List<Cause> causes) {}

    public ConversionWatch(Settings settings) {
        this.settings = settings;
        this.fromFirst =
                new DropDetector(settings.dropPoints(), settings.dropPercent(), settings.recoverPoints(), true);
        this.fromLater =
                new DropDetector(settings.dropPoints(), settings.dropPercent(), settings.recoverPoints(), false);
    }

    /** A series without a past. */
    public ConversionSeries newSeries(Transition transition, String segment, String value) {
        ConversionSeries series = new ConversionSeries(transition, segment, value);
        series.history = new RateHistory(sampleMillis(), settings.baselineMillis(), settings.maxDelayMillis());
        if (settings.seasonMillis() > 0) {
            series.seasonal = new SeasonalProfile(settings.seasonMillis(), settings.cycles());
        }
        return series;
    }

    /** Time between samples: that between evaluations, but a minute at most. */
    public long sampleMillis() {
        return Math.min(60_000, settings.everyMillis());
    }

    /** Takes in one sample of a series; all series are sampled before {@link #evaluate}. */
    public void sample(
            ConversionSeries series, Collection<ConversionSeries> all, long end, Sample sample, boolean trusted) {
        boolean usual = !series.flooded;
        if (usual) {
            for (ConversionSeries other : all) {
                if (other.open && (series == other || series.reflects(other))) {
                    usual = false;
                    break;
                }
            }
        }
        RateHistory history = series.history;
        history.add(
                end,
                sample.entries(),
                sample.conversions(),
                sample.windowEntries(),
                sample.windowConversions(),
                trusted,
                usual);
        if (series.seasonal != null && usual && trusted) {
            series.seasonal.add(
                    end,
                    sample.conversions(),
                    history.due[history.best],
                    sample.windowConversions(),
                    sample.windowEntries(),
                    history.perMinute);
        }
    }

    /**
     * Evaluates all series at {@code end}.
     *
     * @param trusted whether the streams behind a transition are alive
     * @param stock what is out of stock, or null where nothing is known
     * @param clock tells a time as a person reads it
     * @return incidents that opened or closed, in a fixed order
     */
    public List<Event> evaluate(
            Collection<ConversionSeries> all,
            long end,
            Predicate<Transition> trusted,
            StockOutages stock,
            LongFunction<String> clock) {
        if (Math.floorMod(end, settings.everyMillis()) != 0) {
            return List.of();
        }
        double threshold = threshold(all.size());
        List<Event> events = new ArrayList<>();
        List<Candidate> confirmed = new ArrayList<>();
        for (ConversionSeries series : all) {
            if (series.open) {
                recover(series, all, end, trusted, events);
            }
        }
        for (ConversionSeries series : all) {
            if (series.open) {
                continue;
            }
            DropReading reading = trusted.test(series.transition())
                    ? detector(series).look(series.history, series.seasonal, threshold, explained(series, all, end))
                    : DropReading.NOTHING;
            series.flooded = reading.flood();
            series.streak.add(reading.verdict(), end);
            if (reading.verdict() == Verdict.BREACHED && series.streak.breached >= settings.breaches()) {
                confirmed.add(new Candidate(series, reading));
            }
        }
        confirmed.sort(Comparator.comparing((Candidate c) -> !c.series.isAll())
                .thenComparing(c -> !c.series.transition().adjacent())
                .thenComparing(c -> -c.reading.evidence())
                .thenComparing(c -> c.series.from + '>' + c.series.to + '|' + c.series.segment + '|' + c.series.value));
        boolean opened = false;
        for (Candidate candidate : confirmed) {
            ConversionSeries series = candidate.series;
            DropReading reading = candidate.reading;
            if (covered(series, all)) {
                continue;
            }
            if (opened) {
                reading =
                        detector(series).look(series.history, series.seasonal, threshold, explained(series, all, end));
                if (reading.verdict() != Verdict.BREACHED) {
                    continue;
                }
            }
            opened = true;
            events.add(open(series, all, end, reading, stock, clock));
        }
        return events;
    }

    /** Evidence that each of that many series needs. */
    public double threshold(int series) {
        double perMinute = 60_000.0 / settings.everyMillis();
        return EvidenceThreshold.forBudget(
                COUNTED_PER_FALSE_ALARM * settings.falseAlarmsPerWeek(),
                Math.max(1, series),
                settings.everyMillis(),
                Math.max(1, DropDetector.SHORTEST_MINUTES * perMinute),
                DropDetector.LONGEST_MINUTES * perMinute);
    }

    private record Candidate(ConversionSeries series, DropReading reading) {}

    private DropDetector detector(ConversionSeries series) {
        return series.fromIndex == 0 ? fromFirst : fromLater;
    }

    private void recover(
            ConversionSeries series,
            Collection<ConversionSeries> all,
            long end,
            Predicate<Transition> trusted,
            List<Event> events) {
        DropReading reading = DropReading.NOTHING;
        if (trusted.test(series.transition())) {
            DropReading sinceStart =
                    DropDetector.span(series.history, series.seasonal, minutesSince(series.startsAt, end));
            if (sinceStart != null && sinceStart.expected() > 0) {
                // What fires first is a lucky draw that looks larger than it is.
                series.lost = Math.min(series.lost, lost(sinceStart));
            }
            reading = detector(series).lookForRecovery(series.history, series.seasonal, series.lost);
        }
        series.streak.add(reading.verdict(), end);
        if (reading.verdict() == Verdict.GOOD && series.streak.good >= settings.recoveries()) {
            long endsAt = series.streak.since;
            for (ConversionSeries other : all) {
                if (other == series || other.reflects(series)) {
                    // Where one step converts again, later steps have yet to fill.
                    boolean same = other.transition().equals(series.transition());
                    other.history.startOver(same ? endsAt : endsAt + other.history.settleMillis());
                    if (!other.open) {
                        other.streak.reset();
                    }
                }
            }
            events.add(close(series, end, endsAt, reading));
        }
    }

    /** Ends an incident whose rule is gone, whatever the figures say. */
    public Event close(ConversionSeries series, long end) {
        return close(series, end, end, DropReading.NOTHING);
    }

    private static Event close(ConversionSeries series, long end, long endsAt, DropReading reading) {
        Event event = new Event(series, false, end, series.startsAt, endsAt, reading, List.of());
        series.open = false;
        series.lastEndsAt = endsAt;
        series.streak.reset();
        return event;
    }

    /** Whether an open incident of everybody, in a stretch of the funnel in common, already tells of this. */
    private static boolean covered(ConversionSeries series, Collection<ConversionSeries> all) {
        for (ConversionSeries other : all) {
            if (other.open && other.isAll() && other.transition().overlaps(series.transition())) {
                return true;
            }
        }
        return false;
    }

    private Event open(
            ConversionSeries series,
            Collection<ConversionSeries> all,
            long end,
            DropReading reading,
            StockOutages stock,
            LongFunction<String> clock) {
        series.open = true;
        series.startsAt = Math.max(end - reading.minutes() * 60_000L, series.lastEndsAt);
        series.lost = lost(reading);
        series.firedAt = end;
        series.streak.reset();
        for (ConversionSeries other : all) {
            if (other == series || other.reflects(series)) {
                other.history.exclude(series.startsAt);
                if (other.seasonal != null) {
                    other.seasonal.exclude(series.startsAt);
                }
            }
        }
        return new Event(series, true, end, series.startsAt, 0, reading, causes(series, all, reading, stock, clock));
    }

    /** The part of the conversions due to this series that open incidents elsewhere explain away. */
    private double explained(ConversionSeries series, Collection<ConversionSeries> all, long end) {
        double remaining = 1;
        for (ConversionSeries other : all) {
            if (!other.open || other == series || !series.reflects(other)) {
                continue;
            }
            int minutes = minutesSince(other.startsAt, end);
            DropReading theirs = DropDetector.span(other.history, other.seasonal, minutes);
            if (theirs == null || theirs.expected() <= 0) {
                continue;
            }
            double lost = lost(theirs);
            double weight = 1;
            if (!other.segment.equals(series.segment)) {
                ConversionSeries whole = find(all, other.transition(), "all", "all");
                DropReading everybody =
                        whole == null ? null : DropDetector.span(whole.history, whole.seasonal, minutes);
                weight = everybody == null || everybody.expected() <= 0
                        ? 1
                        : Math.min(1, theirs.expected() / everybody.expected());
            }
            remaining *= 1 - lost * weight;
        }
        return 1 - remaining;
    }

    /** Whole minutes, no more than can be read during an incident. */
    private static int minutesSince(long start, long end) {
        return (int) Math.min(RateHistory.FINE_MINUTES, Math.max(1, -Math.floorDiv(start - end, 60_000L)));
    }

    /** Part of the expected conversions that did not come. */
    private static double lost(DropReading reading) {
        return Math.max(0, 1 - reading.conversions() / reading.expected());
    }

    private static ConversionSeries find(
            Collection<ConversionSeries> all, Transition transition, String segment, String value) {
        for (ConversionSeries series : all) {
            if (series.segment.equals(segment)
                    && series.value.equals(value)
                    && series.transition().equals(transition)) {
                return series;
            }
        }
        return null;
    }

    private static List<Cause> causes(
            ConversionSeries series,
            Collection<ConversionSeries> all,
            DropReading reading,
            StockOutages stock,
            LongFunction<String> clock) {
        List<Cause> causes = new ArrayList<>();
        if (stock != null) {
            double missing = (reading.expected() - reading.conversions()) * 60.0 / reading.minutes();
            causes.addAll(stock.causes(series.startsAt, missing, clock));
        }
        if (series.isAll()) {
            Map<String, List<ChangeDecomposition.Slice>> bySegment = new LinkedHashMap<>();
            for (ConversionSeries other : all) {
                if (other.isAll() || !other.transition().equals(series.transition())) {
                    continue;
                }
                DropReading span = DropDetector.span(other.history, other.seasonal, reading.minutes());
                double usual = DropDetector.usualEntriesPerMinute(other.history, other.seasonal, reading.minutes());
                if (span != null && !Double.isNaN(usual)) {
                    bySegment
                            .computeIfAbsent(other.segment, s -> new ArrayList<>())
                            // Rates by what was due, so that a late conversion is no lower rate.
                            .add(new ChangeDecomposition.Slice(
                                    other.value,
                                    usual,
                                    usual * span.baseline(),
                                    span.entries(),
                                    span.entries() * span.observed()));
                }
            }
            bySegment.forEach((segment, slices) -> addCauses(causes, segment, slices));
        }
        causes.sort(Comparator.comparingDouble(Cause::share)
                .reversed()
                .thenComparing(Cause::segment)
                .thenComparing(Cause::value));
        return causes.size() > 5 ? new ArrayList<>(causes.subList(0, 5)) : causes;
    }

    /** Values that account for clearly more of the change than they have of the visitors. */
    private static void addCauses(List<Cause> causes, String segment, List<ChangeDecomposition.Slice> slices) {
        List<ChangeDecomposition.Part> parts = ChangeDecomposition.of(slices);
        double change = 0;
        double entries = 0;
        for (ChangeDecomposition.Part part : parts) {
            change += part.total();
        }
        for (ChangeDecomposition.Slice slice : slices) {
            entries += slice.entries1();
        }
        if (change >= 0) {
            return;
        }
        for (ChangeDecomposition.Part part : parts) {
            double share = part.total() / change;
            double weight = 0;
            for (ChangeDecomposition.Slice slice : slices) {
                if (slice.value().equals(part.value())) {
                    weight = slice.entries1() / entries;
                }
            }
            if (share >= 0.25 && share >= 1.3 * weight) {
                boolean byRate = part.rate() <= part.mix();
                causes.add(new Cause(
                        segment,
                        part.value(),
                        Math.min(1, share),
                        byRate
                                ? "rate " + Texts.percent(part.rate0()) + " → " + Texts.percent(part.rate1())
                                : "share of visitors changed, rate " + Texts.percent(part.rate1())));
            }
        }
    }
}
