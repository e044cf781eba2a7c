package io.shopwatch.bench;

import io.shopwatch.embedded.EmbeddedKafka;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Json;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
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
 * <p>Settings are system properties: {@code bench.parts} (of {@code micro}, {@code jobs}, {@code peers},
 * {@code streams}, {@code latency}, {@code scale} and {@code backtest}), {@code bench.iterations} (seconds to warm up and to measure each of the micro benchmarks), {@code bench.events}, {@code
 * bench.visitors}, {@code bench.density} (events per second of event time), {@code bench.peer-events} and {@code
 * bench.peer-density} (the same beside peers: fewer events of the same kind, and over a longer time, because windows must
 * slide), {@code bench.rates}, {@code bench.warm-seconds}, {@code bench.seconds} and {@code bench.out-of-orderness} (of steady loads), {@code
 * bench.scale} (numbers of visitors), {@code bench.named} (how many segments events name, of {@link Traffic.Named}), {@code
 * bench.warm-up} (events), {@code bench.scale-heap} and {@code bench.scale-rocksdb} (memory; of the part scale), {@code bench.hours} and {@code bench.rate} (events per
 * second at midnight; of the recording of the part backtest), {@code bench.states} (of {@code hashmap} and {@code rocksdb}), {@code bench.rounds}, {@code bench.heap} and {@code bench.jvm}
 * (further flags of the measured JVM), {@code bench.peers} (where peers were built), {@code bench.out} (folder).
 */
public final class Benchmarks {
    private final List<String> parts = List.of(
            System.getProperty("bench.parts", "micro,jobs,peers,latency").split(","));
    private final List<String> states =
            List.of(System.getProperty("bench.states", "hashmap,rocksdb").split(","));
    private final int iterations = Integer.getInteger("bench.iterations", 5);
    private final PrintStream console;
    private final Path folder;
    private final long events = Long.getLong("bench.events", 10_000_000);
    private final int visitors = Integer.getInteger("bench.visitors", 1_000_000);
    private final int density = Integer.getInteger("bench.density", 100_000);
    private final long peerEvents = Long.getLong("bench.peer-events", 360_000);
    private final int peerDensity = Integer.getInteger("bench.peer-density", 1_000);
    private final List<Integer> rates = Stream.of(
                    System.getProperty("bench.rates", "2000,20000,50000,100000").split(","))
            .map(Integer::valueOf)
            .toList();
    private final Duration steadyWarmUp = Duration.ofSeconds(Integer.getInteger("bench.warm-seconds", 180));
    private final Duration length = Duration.ofSeconds(Integer.getInteger("bench.seconds", 120));
    private final String outOfOrderness = System.getProperty("bench.out-of-orderness", "1s");
    private final List<Integer> scale = Stream.of(
                    System.getProperty("bench.scale", "100000,1000000,10000000").split(","))
            .map(Integer::valueOf)
            .toList();
    private final List<Traffic.Named> named = Stream.of(
                    System.getProperty("bench.named", "none,channel,device,region,campaign,category")
                            .split(","))
            .map(name -> Traffic.Named.valueOf(name.toUpperCase(Locale.ROOT)))
            .toList();
    private final long warmUp = Long.getLong("bench.warm-up", 1_000_000);
    private final String scaleHeap = System.getProperty("bench.scale-heap", "8g");
    private final String scaleRocksdb = System.getProperty("bench.scale-rocksdb", "2GB");
    private final int hours = Integer.getInteger("bench.hours", 24);
    private final double hourlyRate = Double.parseDouble(System.getProperty("bench.rate", "75"));
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
                machine,
                parts.contains("micro") ? micro() : List.of(),
                parts.contains("jobs") ? jobs(machine) : null,
                parts.contains("peers") ? peers(machine) : null,
                parts.contains("streams") ? streams(machine) : null,
                parts.contains("latency") ? latency() : null,
                parts.contains("scale") ? scale(machine) : null,
                parts.contains("backtest") ? backtest() : null);
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

    /** Whole jobs, beside the floor. */
    private Report.Race jobs(Machine machine) throws Exception {
        return race(
                machine,
                events,
                density,
                false,
                List.of(MeasuredJob.PASS_THROUGH, MeasuredJob.FUNNEL, MeasuredJob.SALES));
    }

    /** The funnel job beside the same funnel by others, held against one another. */
    private Report.Race peers(Machine machine) throws Exception {
        return race(
                machine,
                peerEvents,
                peerDensity,
                true,
                List.of(MeasuredJob.OPEN_FUNNEL, MeasuredJob.ALL_FUNNELS, Peer.FLINK_SQL, Peer.KAFKA_STREAMS));
    }

    /** The funnel job beside the peer that keeps up with the events of a sale. */
    private Report.Race streams(Machine machine) throws Exception {
        return race(machine, events, density, true, List.of(MeasuredJob.OPEN_FUNNEL, Peer.KAFKA_STREAMS));
    }

    /** The age of figures and alerts under steady loads. */
    private Report.Steady latency() throws IOException, InterruptedException {
        List<Latency.Line> lines = new ArrayList<>();
        for (int rate : rates) {
            deleteTree(folder.resolve("data"));
            Path own = Files.createDirectories(folder.resolve("data/latency"));
            Latency.Line line =
                    new Latency(own, visitors, jvm(heap), steadyWarmUp, length, outOfOrderness).measure(rate);
            say(
                    "%,d events/s: %,.0f sent, figures %,d ms (99 %%: %,d), alerts %,d ms (99 %%: %,d), "
                            + "drops %,d ms (99 %%: %,d)",
                    rate,
                    line.sent(),
                    line.figures().p50(),
                    line.figures().p99(),
                    line.alerts().p50(),
                    line.alerts().p99(),
                    line.drops().p50(),
                    line.drops().p99());
            lines.add(line);
        }
        deleteTree(folder.resolve("data"));
        return new Report.Steady(length.toSeconds(), visitors, outOfOrderness, lines);
    }

    /** The funnel job's cost and state by the number of visitors, and by the segments that events name. */
    private Report.Scale scale(Machine machine) throws IOException, InterruptedException {
        List<Report.Size> sizes = new ArrayList<>();
        for (int visitors : scale) {
            for (String backend : states) {
                sizes.add(size(new Crowd.Guests(visitors, warmUp, density, Traffic.Named.CATEGORY), backend));
            }
        }
        List<Report.Size> segments = new ArrayList<>();
        for (Traffic.Named last : named) {
            segments.add(size(new Crowd.Guests(visitors, warmUp, density, last), states.get(0)));
        }
        return new Report.Scale(
                Crowd.EVENTS_EACH, density, scaleHeap, scaleRocksdb, machine.processors(), sizes, segments);
    }

    /** All jobs over a recording. */
    private RecordedDay.Outcome backtest() throws IOException, InterruptedException {
        deleteTree(folder.resolve("data"));
        Path own = Files.createDirectories(folder.resolve("data/backtest"));
        say("simulating %d hours and running them through all jobs", hours);
        RecordedDay.Outcome outcome = new RecordedDay(own).measure(hours, hourlyRate);
        deleteTree(folder.resolve("data"));
        return outcome;
    }

    private Report.Size size(Crowd.Guests guests, String backend) throws IOException, InterruptedException {
        deleteTree(folder.resolve("data"));
        Path own = Files.createDirectories(folder.resolve("data/scale"));
        Path asked = own.resolve("task.json");
        Path answered = own.resolve("outcome.json");
        Files.write(asked, Json.bytes(new ScaleRun.Task(guests, backend, scaleRocksdb, own.toString())));
        try (ChildProcess run = new ChildProcess.Maker(jvm(scaleHeap), own)
                .start(ScaleRun.class, asked.toString(), answered.toString())) {
            run.await();
        }
        Report.Size size =
                Report.Size.of(guests, backend, Json.read(Files.readAllBytes(answered), ScaleRun.Outcome.class));
        deleteTree(folder.resolve("data"));
        say("%,d visitors, named up to %s: %s", guests.visitors(), guests.named(), size.row());
        return size;
    }

    /** @param live whether jobs go on after the backlog and end with the last figures, instead of the last event */
    private Report.Race race(Machine machine, long events, int density, boolean live, List<Contender> contenders)
            throws Exception {
        deleteTree(folder.resolve("data"));
        List<Report.Line> lines = new ArrayList<>();
        Backlog backlog;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("data/kafka"), "127.0.0.1", 0)) {
            say("writing %,d events", events);
            Settings settings = Run.settings(kafka.bootstrapServers(), states.get(0));
            backlog = Backlog.write(events, visitors, density, settings);
            long records = events + (live ? backlog.close(settings) : 0);
            Comparison comparison = new Comparison(kafka.bootstrapServers(), backlog.last());
            for (int round = 1; round <= rounds; round++) {
                for (String backend : states) {
                    for (Contender contender : contenders) {
                        Path own = folder.resolve("data/" + contender.title() + "-" + backend + "-" + round);
                        Contender.Course course = new Contender.Course(
                                kafka.bootstrapServers(),
                                backlog,
                                records,
                                backend,
                                Files.createDirectories(own),
                                children(own));
                        Report.Line line =
                                new Report.Line(contender.title(), backend, round, events, contender.run(course));
                        say(
                                "round %d of %d: %s on %s: %,.0f events/s, %.2f µs of CPU each%s",
                                round,
                                rounds,
                                contender.title(),
                                backend,
                                line.eventsPerSecond(),
                                line.cpuMicros(),
                                comparison.after(contender, course));
                        lines.add(line);
                    }
                }
            }
        }
        deleteTree(folder.resolve("data"));
        return Report.Race.of(backlog, heap, machine.processors(), lines);
    }

    private ChildProcess.Maker children(Path own) {
        return new ChildProcess.Maker(jvm(heap), own);
    }

    private List<String> jvm(String size) {
        List<String> jvm = new ArrayList<>();
        jvm.add("-Xmx" + size);
        if (!flags.isBlank()) {
            jvm.addAll(List.of(flags.trim().split("\\s+")));
        }
        return jvm;
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
