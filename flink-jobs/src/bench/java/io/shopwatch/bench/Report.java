package io.shopwatch.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * All figures of one program run.
 *
 * @param machine what it ran on
 * @param parts parts by themselves; empty where they were left out
 * @param jobs whole jobs beside the floor, or null where they were left out
 * @param peers the funnel job beside the same funnel by others, or null where they were left out
 * @param streams the same beside Kafka Streams at the density of a sale, or null where it was left out
 * @param latency all jobs under steady loads, or null where they were left out
 * @param scale the funnel job by numbers of visitors and segments, or null where it was left out
 * @param backtest all jobs over a recording, or null where it was left out
 */
record Report(
        Machine machine,
        List<Part> parts,
        Race jobs,
        Race peers,
        Race streams,
        Steady latency,
        Scale scale,
        RecordedDay.Outcome backtest) {

    /**
     * A part by itself, on one core.
     *
     * @param name benchmark
     * @param perSecond operations per second
     * @param error half of the 99.9 % confidence interval
     */
    record Part(String name, double perSecond, double error) {}

    /**
     * How old figures and alerts are.
     *
     * @param seconds time that was measured, of each load
     * @param visitors visitors that the events come from
     * @param outOfOrderness the setting {@code events.out-of-orderness}: no figure is younger
     * @param lines every load
     */
    record Steady(long seconds, int visitors, String outOfOrderness, List<Latency.Line> lines) {}

    /**
     * What visitors and segments cost.
     *
     * @param eventsEach events of each visitor, on average
     * @param density events per second of event time
     * @param heap heap of the measured JVM
     * @param rocksdbMemory memory of RocksDB
     * @param parallelism parallelism of the job
     * @param sizes every number of visitors
     * @param segments one number of visitors, whose events name values of ever more segments
     */
    record Scale(
            int eventsEach,
            int density,
            String heap,
            String rocksdbMemory,
            int parallelism,
            List<Size> sizes,
            List<Size> segments) {}

    /**
     * One run with so many visitors.
     *
     * @param visitors visitors, all of whom are in state at the end
     * @param backend where their state is
     * @param named the last of the segments that events name a value of
     * @param eventsPerSecond throughput
     * @param cpuMicros processor time per event in microseconds
     * @param heapBytes heap per visitor
     * @param checkpointBytes checkpoint per visitor
     * @param outcome what came out
     */
    record Size(
            int visitors,
            String backend,
            Traffic.Named named,
            double eventsPerSecond,
            double cpuMicros,
            double heapBytes,
            double checkpointBytes,
            ScaleRun.Outcome outcome) {

        static Size of(Crowd.Guests guests, String backend, ScaleRun.Outcome outcome) {
            return new Size(
                    guests.visitors(),
                    backend,
                    guests.named(),
                    outcome.events() / outcome.seconds(),
                    outcome.cpuSeconds() * 1e6 / outcome.events(),
                    outcome.heapBytes() / (double) guests.visitors(),
                    outcome.checkpointBytes() / (double) guests.visitors(),
                    outcome);
        }

        /** What tables tell of it. */
        String row() {
            return format(
                    "%s | %,.0f | %.2f | %,.0f | %,.0f | %,.1f MB | %,.1f s",
                    backend,
                    eventsPerSecond,
                    cpuMicros,
                    heapBytes,
                    checkpointBytes,
                    outcome.checkpointBytes() / 1e6,
                    outcome.checkpointMillis() / 1e3);
        }
    }

    /**
     * Several contenders over the same backlog.
     *
     * @param events events of the backlog
     * @param bytesPerEvent average size of a record's value
     * @param visitors visitors they come from
     * @param density events per second of event time
     * @param heap heap of the measured JVM
     * @param parallelism parallelism of each contender
     * @param medians medians over the rounds
     * @param lines every run
     */
    record Race(
            long events,
            long bytesPerEvent,
            int visitors,
            int density,
            String heap,
            int parallelism,
            List<Median> medians,
            List<Line> lines) {

        /** Of these runs; the contender that ran first is the one to compare with. */
        static Race of(Backlog backlog, String heap, int parallelism, List<Line> lines) {
            return new Race(
                    backlog.events(),
                    backlog.bytes() / Math.max(1, backlog.events()),
                    backlog.visitors(),
                    backlog.density(),
                    heap,
                    parallelism,
                    medians(lines),
                    lines);
        }

        private static List<Median> medians(List<Line> lines) {
            String reference = lines.get(0).title();
            List<Median> medians = new ArrayList<>();
            for (String backend : lines.stream().map(Line::backend).distinct().toList()) {
                double referenceRate = median(lines, reference, backend, Line::eventsPerSecond);
                double referenceCpu = median(lines, reference, backend, Line::cpuMicros);
                for (String title : lines.stream().map(Line::title).distinct().toList()) {
                    double rate = median(lines, title, backend, Line::eventsPerSecond);
                    double cpu = median(lines, title, backend, Line::cpuMicros);
                    medians.add(new Median(
                            title,
                            backend,
                            reference,
                            rate,
                            rate / referenceRate,
                            cpu,
                            cpu / referenceCpu,
                            median(lines, title, backend, Line::lateShare)));
                }
            }
            return medians;
        }

        private static double median(List<Line> lines, String title, String backend, ToDoubleFunction<Line> figure) {
            double[] sorted = lines.stream()
                    .filter(line -> line.title().equals(title) && line.backend().equals(backend))
                    .mapToDouble(figure)
                    .sorted()
                    .toArray();
            int middle = sorted.length / 2;
            return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    /**
     * A contender over all rounds.
     *
     * @param title contender
     * @param backend where its state is
     * @param reference the contender it is compared with
     * @param eventsPerSecond throughput
     * @param speedOfReference the same per that of the reference
     * @param cpuMicros processor time per event in microseconds
     * @param cpuOfReference the same per that of the reference
     * @param lateShare share of the events that came too late to be followed
     */
    record Median(
            String title,
            String backend,
            String reference,
            double eventsPerSecond,
            double speedOfReference,
            double cpuMicros,
            double cpuOfReference,
            double lateShare) {}

    /**
     * One run.
     *
     * @param title contender
     * @param backend where its state is
     * @param round number of the round
     * @param eventsPerSecond throughput
     * @param cpuMicros processor time per event in microseconds: what to compare where others use the machine too
     * @param lateShare share of the events that came too late to be followed; near 0, else the run did too little work.
     *     Peers do not tell; that their figures are right shows that it is 0
     * @param outcome what came out
     */
    record Line(
            String title,
            String backend,
            int round,
            double eventsPerSecond,
            double cpuMicros,
            double lateShare,
            Run.Outcome outcome) {

        Line(String title, String backend, int round, long events, Run.Outcome outcome) {
            this(
                    title,
                    backend,
                    round,
                    outcome.events() / outcome.seconds(),
                    outcome.cpuSeconds() * 1e6 / outcome.events(),
                    late(outcome) / (double) events,
                    outcome);
        }

        private static long late(Run.Outcome outcome) {
            return outcome.counts().entrySet().stream()
                    .filter(count -> count.getKey().endsWith("/late"))
                    .mapToLong(count -> count.getValue())
                    .sum();
        }
    }

    /** Prints medians as Markdown. */
    void print(PrintStream out) {
        out.println(machine.describe());
        if (!parts.isEmpty()) {
            out.println();
            out.println("| part, on one core | operations/s | ± |");
            out.println("| --- | ---: | ---: |");
            for (Part part : parts) {
                out.println(format("| `%s` | %,.0f | %,.0f |", part.name, part.perSecond, part.error));
            }
        }
        print(jobs, out);
        print(peers, out);
        print(streams, out);
        if (latency != null) {
            out.println();
            out.println(format(
                    "All jobs and serve beside broker and traffic, %,d visitors, %d s of each load, out-of-orderness %s",
                    latency.visitors, latency.seconds, latency.outOfOrderness));
            out.println();
            out.println("| events/s | sent | late | event → /metrics p50 | p99 | max | due → /metrics p50 | p99 | max "
                    + "| last unit → webhook p50 | p99 | max | evaluation → webhook p50 | p99 | max |");
            out.println(
                    "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
            for (Latency.Line line : latency.lines) {
                out.println(format(
                        "| %,d | %,.0f | %.1f %% | %s | %s | %s | %s |",
                        line.rate(),
                        line.sent(),
                        100 * line.lateShare(),
                        ages(line.figures()),
                        ages(line.due()),
                        ages(line.alerts()),
                        ages(line.drops())));
            }
        }
        if (scale != null) {
            print(scale, out);
        }
        if (backtest != null) {
            out.println();
            out.println("| recording | events | `simulate --out` | `backtest` | events/s | rows | size "
                    + "| CPU: reading alone | writing alone | events/s at most |");
            out.println("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
            out.println(format(
                    "| %d h | %,d | %,.0f s | %,.0f s | %,.0f | %,d | %,.0f MB | %.2f µs | %.2f µs | %,.0f |",
                    backtest.hours(),
                    backtest.events(),
                    backtest.simulated(),
                    backtest.seconds(),
                    backtest.events() / backtest.seconds(),
                    backtest.rows(),
                    backtest.bytes() / 1e6,
                    backtest.floor().reading() * 1e6 / backtest.events(),
                    backtest.floor().writing() * 1e6 / backtest.events(),
                    backtest.atMost()));
        }
    }

    private static void print(Scale scale, PrintStream out) {
        String columns =
                " | state | events/s | CPU µs/event | heap B/visitor | checkpoint B/visitor | checkpoint | in |";
        String alignment = " | --- | ---: | ---: | ---: | ---: | ---: | ---: |";
        out.println();
        out.println(format(
                "The funnel job, %d events of each visitor, made within the job, %,d per second of event time; "
                        + "-Xmx%s, %s for RocksDB, parallelism %d",
                scale.eventsEach, scale.density, scale.heap, scale.rocksdbMemory, scale.parallelism));
        out.println();
        out.println("| visitors" + columns);
        out.println("| ---:" + alignment);
        for (Size size : scale.sizes) {
            out.println(format("| %,d | %s |", size.visitors, size.row()));
        }
        out.println();
        out.println(format("The same with %,d visitors, by what their events name:", scale.segments.get(0).visitors));
        out.println();
        out.println("| named" + columns);
        out.println("| ---" + alignment);
        for (Size size : scale.segments) {
            String name = size.named.name().toLowerCase(Locale.ROOT);
            out.println(format("| %s | %s |", size.named.ordinal() > 1 ? "+ " + name : name, size.row()));
        }
    }

    private static String ages(Latency.Ages ages) {
        if (ages.count() == 0) {
            return "none | |";
        }
        return format("%,d ms | %,d ms | %,d ms (%d)", ages.p50(), ages.p99(), ages.max(), ages.count());
    }

    private static void print(Race race, PrintStream out) {
        if (race == null) {
            return;
        }
        String reference = race.medians.get(0).reference;
        out.println();
        out.println(format(
                "%,d events of %d bytes, %,d visitors, %,d events per second of event time; -Xmx%s, parallelism %d",
                race.events, race.bytesPerEvent, race.visitors, race.density, race.heap, race.parallelism));
        out.println();
        out.println(format("| job | state | events/s | of %s | CPU µs/event | of %s | late |", reference, reference));
        out.println("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
        for (Median median : race.medians) {
            out.println(format(
                    "| %s | %s | %,.0f | %.2f | %.2f | %.2f | %.1f %% |",
                    median.title,
                    median.backend,
                    median.eventsPerSecond,
                    median.speedOfReference,
                    median.cpuMicros,
                    median.cpuOfReference,
                    100 * median.lateShare));
        }
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
