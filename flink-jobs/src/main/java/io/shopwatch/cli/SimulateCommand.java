package io.shopwatch.cli;

import io.shopwatch.domain.window.Durations;
import io.shopwatch.replay.JsonlSink;
import io.shopwatch.replay.KafkaSink;
import io.shopwatch.replay.Pace;
import io.shopwatch.replay.RecordSink;
import io.shopwatch.replay.Tally;
import io.shopwatch.settings.Settings;
import io.shopwatch.simulate.Scenario;
import io.shopwatch.simulate.Simulation;
import io.shopwatch.simulate.SimulationConfig;
import io.shopwatch.simulate.SimulationRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code shopwatch simulate}: writes believable shop traffic to Kafka or to files. */
@Command(
        name = "simulate",
        description = {
            "Writes the traffic of a simulated shop to Kafka, at the pace of the clock, or to files, at full speed.",
            "The same arguments give the same events."
        })
final class SimulateCommand implements Callable<Integer> {

    /** Files are the same whenever they are made. */
    private static final Instant FILES_FROM = Instant.parse("2026-11-11T00:00:00Z");

    private static final Duration FILES_DURATION = Duration.ofHours(1);

    @Spec
    private CommandSpec spec;

    @Mixin
    private SettingsOptions settings;

    @Option(names = "--seed", defaultValue = "20261111", description = "Seed of all chance (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = {
                "First moment: now, RFC 3339, or epoch milliseconds. Default: now; with --out 2026-11-11T00:00:00Z.",
                "What lies in the past is sent at once."
            })
    private String from;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            description = "Length, for example 90s or 2h. Default: without end; with --out 1h.")
    private String duration;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "200",
            description = "Events per second at the hour of the start; other hours are busier or quieter, as the day "
                    + "goes (default ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            defaultValue = "calm",
            description = "What goes wrong: calm, payment-outage, ios-checkout-bug, hot-sku-sells-out, flash-sale, "
                    + "tracker-outage, bot-flood, brushing, double11 (default ${DEFAULT-VALUE}).")
    private String scenario;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Write clicks.jsonl, carts.jsonl, orders.jsonl and stock.jsonl there instead of to Kafka.")
    private Path out;

    @Option(
            names = "--truth",
            paramLabel = "FILE",
            description = "Also write the incidents that really happened, one JSON object per line.")
    private Path truth;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Settings loaded = settings.load();
        SimulationConfig config = config(loaded);
        if (truth != null && truth.toAbsolutePath().getParent() != null) {
            Files.createDirectories(truth.toAbsolutePath().getParent());
        }
        Pace pace = Pace.ofSystem();
        Paced.run(pace, () -> {
            try (RecordSink sink = out == null ? KafkaSink.open(loaded.kafka()) : JsonlSink.open(out)) {
                send(config, sink, pace);
            }
        });
        return 0;
    }

    private void send(SimulationConfig config, RecordSink sink, Pace pace) throws IOException, InterruptedException {
        long expected = config.duration() == null
                ? 0
                : (long) (config.rate() * config.duration().toMillis() / 1000);
        SimulationRunner runner = new SimulationRunner(new Simulation(config), sink, pace, out == null, truth);
        Tally sent;
        try (Progress progress = Progress.of("events", expected)) {
            sent = runner.run(time -> progress.update(runner.count()));
        }
        spec.commandLine().getOut().println(String.format(Locale.ROOT, "%,d events: %s", sent.total(), sent));
    }

    private SimulationConfig config(Settings loaded) {
        if (!(rate > 0 && rate <= SimulationConfig.MAX_RATE)) {
            throw new UsageException("--rate " + rate + ": expected more than 0 and at most 10000000 events/s");
        }
        return new SimulationConfig(
                seed,
                start(),
                length(),
                rate,
                which(),
                loaded.shop().timezone(),
                loaded.shop().currency());
    }

    private Duration length() {
        if (duration == null) {
            return out == null ? null : FILES_DURATION;
        }
        Duration length;
        try {
            length = Durations.parse(duration);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--duration " + duration + ": expected " + e.getMessage());
        }
        if (length.isZero()) {
            throw new UsageException("--duration " + duration + ": expected at least 1ms");
        }
        return length;
    }

    private Scenario which() {
        try {
            return Scenario.ofWireName(scenario);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--scenario " + scenario + ": expected one of " + Scenario.names());
        }
    }

    private Instant start() {
        if (from == null) {
            return out == null ? now() : FILES_FROM;
        }
        if (from.equals("now")) {
            return now();
        }
        try {
            return from.matches("-?\\d{1,15}")
                    ? Instant.ofEpochMilli(Long.parseLong(from))
                    : OffsetDateTime.parse(from).toInstant();
        } catch (DateTimeException e) {
            throw new UsageException(
                    "--from " + from + ": expected now, a time as 2026-11-11T00:00:00Z, or epoch " + "milliseconds");
        }
    }

    private static Instant now() {
        return Instant.ofEpochMilli(System.currentTimeMillis());
    }
}
