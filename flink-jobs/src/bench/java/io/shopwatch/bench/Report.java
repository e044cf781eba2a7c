package io.shopwatch.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * All figures of one program run.
 *
 * @param machine what it ran on
 * @param parts parts by themselves; empty where they were left out
 * @param jobs whole jobs, or null where they were left out
 */
record Report(Machine machine, List<Part> parts, Jobs jobs) {

    /**
     * A part by itself, on one core.
     *
     * @param name benchmark
     * @param perSecond operations per second
     * @param error half of the 99.9 % confidence interval
     */
    record Part(String name, double perSecond, double error) {}

    /**
     * Whole jobs over a backlog.
     *
     * @param events events of the backlog
     * @param bytesPerEvent average size of a record's value
     * @param visitors visitors they come from
     * @param density events per second of event time
     * @param heap heap of the measured JVM
     * @param parallelism parallelism of the jobs
     * @param lines every run
     */
    record Jobs(
            long events,
            long bytesPerEvent,
            int visitors,
            int density,
            String heap,
            int parallelism,
            List<Line> lines) {}

    /**
     * One run.
     *
     * @param job job
     * @param backend state backend
     * @param round number of the round
     * @param eventsPerSecond throughput
     * @param cpuMicros processor time per event in microseconds: what to compare where others use the machine too
     * @param lateShare share of the events that came too late to be followed; near 0, else the run did too little work
     * @param outcome what came out
     */
    record Line(
            MeasuredJob job,
            String backend,
            int round,
            double eventsPerSecond,
            double cpuMicros,
            double lateShare,
            Run.Outcome outcome) {

        Line(MeasuredJob job, String backend, int round, long events, Run.Outcome outcome) {
            this(
                    job,
                    backend,
                    round,
                    events / outcome.seconds(),
                    outcome.cpuSeconds() * 1e6 / events,
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
        if (jobs != null) {
            out.println();
            out.println(format(
                    "%,d events of %d bytes, %,d visitors, %,d events per second of event time; -Xmx%s, parallelism %d",
                    jobs.events, jobs.bytesPerEvent, jobs.visitors, jobs.density, jobs.heap, jobs.parallelism));
            out.println();
            out.println("| job | state | events/s | of pass-through | CPU µs/event | of pass-through | late |");
            out.println("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
            for (String backend :
                    jobs.lines.stream().map(Line::backend).distinct().toList()) {
                double floor = median(MeasuredJob.PASS_THROUGH, backend, Line::eventsPerSecond);
                double floorCpu = median(MeasuredJob.PASS_THROUGH, backend, Line::cpuMicros);
                for (MeasuredJob job : MeasuredJob.values()) {
                    double rate = median(job, backend, Line::eventsPerSecond);
                    double cpu = median(job, backend, Line::cpuMicros);
                    out.println(format(
                            "| %s | %s | %,.0f | %.2f | %.2f | %.2f | %.1f %% |",
                            job.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                            backend,
                            rate,
                            rate / floor,
                            cpu,
                            cpu / floorCpu,
                            100 * median(job, backend, Line::lateShare)));
                }
            }
        }
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private double median(MeasuredJob job, String backend, ToDoubleFunction<Line> figure) {
        double[] sorted = jobs.lines.stream()
                .filter(line -> line.job() == job && line.backend().equals(backend))
                .mapToDouble(figure)
                .sorted()
                .toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
