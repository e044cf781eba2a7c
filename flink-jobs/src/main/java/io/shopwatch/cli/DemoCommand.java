package io.shopwatch.cli;

import io.shopwatch.domain.window.Durations;
import io.shopwatch.embedded.EmbeddedKafka;
import io.shopwatch.kafka.KafkaTopics;
import io.shopwatch.replay.KafkaSink;
import io.shopwatch.replay.Pace;
import io.shopwatch.serve.Serve;
import io.shopwatch.settings.Settings;
import io.shopwatch.simulate.Scenario;
import io.shopwatch.simulate.Simulation;
import io.shopwatch.simulate.SimulationConfig;
import io.shopwatch.simulate.SimulationRunner;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code demo}: everything in one process, on real components. */
@Command(
        name = "demo",
        description = {
            "Everything in one process, nothing else installed: Kafka, all Flink jobs with Flink's web UI, a simulated "
                    + "shop, and serve with page and metrics.",
            "A second demo on the same data folder goes on where the first stopped."
        })
final class DemoCommand implements Callable<Integer> {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(100);

    /** How long the simulated shop has been open when a demo starts on a new folder … */
    private static final Duration HISTORY = Duration.ofMinutes(5);

    /** … and how many events that may be: a few seconds' work. */
    private static final double HISTORY_EVENTS = 60_000;

    /** GMV paid per event, of all streams, that {@link Simulation} comes to over hours. */
    private static final double GMV_PER_EVENT = 1.05;

    @Spec
    private CommandSpec spec;

    @Mixin
    private SettingsOptions settings;

    @Option(names = "--duration", paramLabel = "TIME", description = "Stop after this time, for example 90s.")
    private String duration;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "200",
            description = "Simulated events per second; 0 simulates nothing (default ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            defaultValue = "double11",
            description =
                    "What goes wrong in the simulated shop (default ${DEFAULT-VALUE}); simulate --help has the list.")
    private String scenario;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "shopwatch-data/demo",
            description = "Folder for Kafka's log and the jobs' checkpoints (default ${DEFAULT-VALUE}).")
    private Path data;

    @Option(names = "--port", paramLabel = "PORT", description = "Page and metrics (default 8088); 0 is any free port.")
    private Integer port;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            defaultValue = "9092",
            description = "Kafka (default ${DEFAULT-VALUE}).")
    private int kafkaPort;

    @Option(names = "--flink-port", paramLabel = "PORT", description = "Flink's web UI (default 8081).")
    private Integer flinkPort;

    @Option(names = "--metrics-port", paramLabel = "PORT", description = "Flink's Prometheus reporter (default 9249).")
    private Integer metricsPort;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address that everything listens on (default ${DEFAULT-VALUE}).")
    private String bind;

    @Override
    public Integer call() throws Exception {
        Duration length = length();
        Settings base = settings.load(flags());
        Scenario which = which();
        if (!(rate >= 0 && rate <= SimulationConfig.MAX_RATE)) {
            throw new UsageException("--rate " + rate + ": expected events per second, 0 or more");
        }
        return ChildJvm.SMALL.run(spec, () -> runHere(base, which, length));
    }

    private int runHere(Settings base, Scenario which, Duration length) throws Exception {
        ChildJvm.followParent(ChildJvm::halt);
        checkPorts(base);
        long begun = System.nanoTime();
        try (Shutdown shutdown = Shutdown.onSignals(Duration.ofSeconds(9))) {
            DataFolder folder = shutdown.register("data folder", DataFolder.take(data));
            // A shop that has been open for a while has carts that end, rates to compare with and something to show.
            Duration history = folder.isNew() ? history() : Duration.ZERO;
            // Each takes seconds, on one core, and until jobs are submitted none needs the other.
            Starting<EmbeddedKafka> broker =
                    Starting.of("kafka", () -> EmbeddedKafka.start(folder.resolve("kafka"), bind, kafkaPort));
            shutdown.register("Kafka", broker::close);
            LocalJobs jobs =
                    shutdown.register("jobs", LocalJobs.open(List.of(ShopJob.values()), base.flink(), bind, data));
            EmbeddedKafka kafka = broker.get();
            Settings loaded = forDemo(base, kafka.bootstrapServers(), folder.madeAt());
            KafkaTopics.ensure(loaded.kafka());
            Serve serve = shutdown.register("serve", Serve.start(loaded));
            jobs.submit(loaded, false);
            CompletableFuture<Void> shop =
                    rate == 0 ? new CompletableFuture<>() : startShop(shutdown, loaded, which, history, length);
            awaitReady(shutdown, jobs, serve, shop);
            if (!shutdown.isRequested()) {
                printUrls(serve, jobs, kafka);
            }
            watch(shutdown, jobs, serve, shop, length == null ? null : length.minusNanos(System.nanoTime() - begun));
        }
        return 0;
    }

    private Map<String, Object> flags() {
        Map<String, Object> flags = new LinkedHashMap<>();
        flags.put("serve.port", port);
        flags.put("serve.bind", bind);
        flags.put("flink.ui-port", flinkPort);
        flags.put("flink.metrics-port", metricsPort);
        return flags;
    }

    private void checkPorts(Settings loaded) {
        if (kafkaPort < 0 || kafkaPort > 65_535) {
            throw new UsageException("--kafka-port " + kafkaPort + ": expected 0 to 65535");
        }
        Ports.check(bind, kafkaPort, "Kafka", "--kafka-port");
        Ports.check(bind, loaded.serve().port(), "page and metrics", "--port");
        Ports.check(bind, loaded.flink().uiPort(), "Flink's web UI", "--flink-port");
        Ports.check(bind, loaded.flink().metricsPort(), "Flink's metrics", "--metrics-port");
    }

    /** As much of the past as is sent in a few seconds. */
    private Duration history() {
        return rate == 0
                ? Duration.ZERO
                : Duration.ofSeconds((long) Math.min((double) HISTORY.toSeconds(), HISTORY_EVENTS / rate));
    }

    /**
     * The demo's own broker and, where the settings have no promotion, one that lasts a day from the opening of the shop,
     * with targets around what the simulated shop takes.
     */
    private Settings forDemo(Settings base, String bootstrapServers, Instant opened) {
        List<Settings.Promotion> promotions = base.promotions();
        if (promotions.isEmpty() && rate > 0) {
            Instant now = Instant.now();
            Duration day = Duration.ofDays(1);
            Instant first = opened.minus(HISTORY);
            Instant start =
                    first.plus(day.multipliedBy(Duration.between(first, now).dividedBy(day)));
            double usual = GMV_PER_EVENT * rate * (double) day.toSeconds();
            promotions = List.of(new Settings.Promotion(
                    which().wireName(),
                    start,
                    start.plus(day),
                    base.shop().currency(),
                    rounded(0.85 * usual),
                    rounded(usual),
                    rounded(1.2 * usual)));
        }
        return new Settings(
                base.shop(),
                new Settings.Kafka(bootstrapServers, base.kafka().partitions(), (short) 1, Map.of()),
                base.events(),
                base.orders(),
                base.funnels(),
                base.inventory(),
                promotions,
                base.metrics(),
                base.serve(),
                base.flink(),
                base.receivers(),
                base.links());
    }

    private static BigDecimal rounded(double amount) {
        return BigDecimal.valueOf(amount).round(new MathContext(2)).setScale(0, RoundingMode.HALF_UP);
    }

    /**
     * Starts the simulated shop on a thread of its own; the future fails if it cannot go on.
     *
     * @param history how long before now it opened; what happened until now is sent at once
     */
    private CompletableFuture<Void> startShop(
            Shutdown shutdown, Settings loaded, Scenario which, Duration history, Duration length) {
        Pace pace = Pace.ofSystem();
        SimulationConfig config = new SimulationConfig(
                SimulationConfig.DEFAULT_SEED,
                Instant.ofEpochMilli(System.currentTimeMillis()).minus(history),
                length == null ? null : length.plus(history),
                rate,
                which,
                loaded.shop().timezone(),
                loaded.shop().currency());
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try (KafkaSink sink = KafkaSink.open(loaded.kafka())) {
                        new SimulationRunner(new Simulation(config), sink, pace, true, null).run(time -> {});
                        done.complete(null);
                    } catch (IOException | RuntimeException e) {
                        done.completeExceptionally(e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        done.completeExceptionally(e);
                    }
                },
                "shopwatch-shop");
        thread.setDaemon(true);
        thread.start();
        shutdown.register("simulated shop", () -> {
            pace.stop();
            thread.join();
        });
        return done;
    }

    private static void awaitReady(Shutdown shutdown, LocalJobs jobs, Serve serve, CompletableFuture<Void> shop)
            throws Exception {
        while (!(jobs.allRunning() && serve.readiness().ready()) && !shutdown.await(LOOK)) {
            jobs.check();
            check(shop);
        }
    }

    private void printUrls(Serve serve, LocalJobs jobs, EmbeddedKafka kafka) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        String page = serve.url().endsWith("/") ? serve.url() : serve.url() + "/";
        out.println("War room       " + page);
        out.println("Metrics        " + page + "metrics");
        out.println("Health         " + page + "readyz");
        out.println("Flink          " + jobs.url());
        out.println("Kafka          " + kafka.bootstrapServers());
        out.flush();
    }

    /** Until the time is over or the demo is stopped: one line that renews itself, on a terminal. */
    private static void watch(
            Shutdown shutdown, LocalJobs jobs, Serve serve, CompletableFuture<Void> shop, Duration left)
            throws Exception {
        Optional<PrintWriter> terminal = Terminal.writer();
        DemoLine line = new DemoLine(serve.url());
        long end = left == null ? Long.MAX_VALUE : System.nanoTime() + Math.max(0, left.toNanos());
        while (System.nanoTime() < end && !shutdown.await(SECOND)) {
            jobs.check();
            check(shop);
            if (terminal.isPresent()) {
                // Back to the start of the line, and what is left of the line before is erased.
                terminal.get().print("\r" + line.next(System.nanoTime()) + "\u001b[K");
                terminal.get().flush();
            }
        }
        terminal.ifPresent(PrintWriter::println);
    }

    private static void check(CompletableFuture<Void> shop) {
        if (shop.isCompletedExceptionally()) {
            try {
                shop.join();
            } catch (CompletionException e) {
                throw new FailureException(
                        "the simulated shop stopped: " + e.getCause().getMessage(), e.getCause());
            }
        }
    }

    private Duration length() {
        if (duration == null) {
            return null;
        }
        try {
            return Durations.parse(duration);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--duration " + duration + ": expected " + e.getMessage());
        }
    }

    private Scenario which() {
        try {
            return Scenario.ofWireName(scenario);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--scenario " + scenario + ": expected one of " + Scenario.names());
        }
    }
}
