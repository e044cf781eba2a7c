package io.shopwatch.bench;

import io.shopwatch.embedded.EmbeddedKafka;
import io.shopwatch.wire.Json;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures Shopwatch end to end, prints a table and writes the same as JSON.
 *
 * <p>A broker in this process holds a backlog; each run reads it in a process of its own. Rounds go through all runs in
 * turn, so that a noisy quarter of an hour hurts all alike, and the median of a run's rounds is what is told. Compare
 * within one table only.
 *
 * <p>Settings are system properties: {@code bench.parts} ({@code micro}, {@code jobs} or both), {@code bench.iterations}
 * (seconds to warm up and to measure each of the micro benchmarks), {@code bench.events}, {@code bench.visitors}, {@code
 * bench.density} (events per second of event time), {@code bench.rounds}, {@code bench.heap} and {@code bench.jvm}
 * (further flags of the measured JVM), {@code bench.out} (folder).
 */
public final class Benchmarks {
    private static final List<String> BACKENDS = List.of("hashmap", "rocksdb");

    private final List<String> parts =
            List.of(System.getProperty("bench.parts", "micro,jobs").split(","));
    private final int iterations = Integer.getInteger("bench.iterations", 5);
    private final PrintStream console;
    private final Path folder;
    private final long events = Long.getLong("bench.events", 5_000_000);
    private final int visitors = Integer.getInteger("bench.visitors", 1_000_000);
    private final int density = Integer.getInteger("bench.density", 100_000);
    private final int rounds = Integer.getInteger("bench.rounds", 3);
    private final String heap = System.getProperty("bench.heap", "4g");
    private final String flags = System.getProperty("bench.jvm", "");

    private Benchmarks(Path folder, PrintStream console) {
        this.folder = folder;
        this.console = console;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(System.getProperty("bench.out", "target/bench")).toAbsolutePath();
        new Benchmarks(folder, System.out).run();
        // Kafka's threads must not keep a finished program alive.
        System.exit(0);
    }

    private void run() throws Exception {
        Machine machine = Machine.here();
        Report report = new Report(
                machine, parts.contains("micro") ? micro() : List.of(), parts.contains("jobs") ? jobs(machine) : null);
        Files.createDirectories(folder);
        Files.write(folder.resolve("results.json"), Json.bytes(report));
        console.println();
        report.print(console);
        console.println();
        say("every round: %s", folder.resolve("results.json"));
    }

    /** The parts by themselves, on one core. */
    private List<Report.Part> micro() throws RunnerException {
        say("measuring the parts");
        List<Report.Part> measured = new ArrayList<>();
        for (RunResult result : new Runner(new OptionsBuilder()
                        .include(Benchmarks.class.getPackageName() + ".*")
                        .forks(1)
                        .warmupIterations(iterations)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(iterations)
                        .measurementTime(TimeValue.seconds(1))
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run()) {
            String name = result.getParams().getBenchmark();
            measured.add(new Report.Part(
                    name.substring(Benchmarks.class.getPackageName().length() + 1),
                    result.getPrimaryResult().getScore(),
                    result.getPrimaryResult().getScoreError()));
        }
        return measured;
    }

    /** Whole jobs over a backlog. */
    private Report.Jobs jobs(Machine machine) throws Exception {
        deleteTree(folder.resolve("data"));
        List<Report.Line> lines = new ArrayList<>();
        Backlog backlog;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("data/kafka"), "127.0.0.1", 0)) {
            say("writing %,d events", events);
            backlog = Backlog.write(
                    new Traffic(visitors, density), events, Run.settings(kafka.bootstrapServers(), BACKENDS.get(0)));
            for (int round = 1; round <= rounds; round++) {
                for (String backend : BACKENDS) {
                    for (MeasuredJob job : MeasuredJob.values()) {
                        Run.Task task = new Run.Task(
                                job,
                                backend,
                                kafka.bootstrapServers(),
                                events,
                                folder.resolve("data/" + job + "-" + backend + "-" + round)
                                        .toString());
                        Report.Line line = new Report.Line(job, backend, round, events, inOwnProcess(task));
                        say(
                                "round %d of %d: %s on %s: %,.0f events/s, %.2f µs of CPU each",
                                round, rounds, job, backend, line.eventsPerSecond(), line.cpuMicros());
                        lines.add(line);
                    }
                }
            }
        }
        deleteTree(folder.resolve("data"));
        return new Report.Jobs(
                events, backlog.bytes() / Math.max(1, events), visitors, density, heap, machine.processors(), lines);
    }

    private Run.Outcome inOwnProcess(Run.Task task) throws IOException, InterruptedException {
        Path own = Files.createDirectories(Path.of(task.folder()));
        Path asked = own.resolve("task.json");
        Path answered = own.resolve("outcome.json");
        Files.write(asked, Json.bytes(task));
        try (ChildProcess run = children(own).start(Run.class, asked.toString(), answered.toString())) {
            run.await();
        }
        return Json.read(Files.readAllBytes(answered), Run.Outcome.class);
    }

    private ChildProcess.Maker children(Path own) {
        List<String> jvm = new ArrayList<>();
        jvm.add("-Xmx" + heap);
        if (!flags.isBlank()) {
            jvm.addAll(List.of(flags.trim().split("\\s+")));
        }
        return new ChildProcess.Maker(jvm, own);
    }

    private void say(String format, Object... values) {
        console.println("[bench] " + String.format(Locale.ROOT, format, values));
    }

    private static void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (var files = Files.walk(tree)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }
}
