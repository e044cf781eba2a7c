package io.shopwatch.cli;

import io.shopwatch.replay.Format;
import io.shopwatch.replay.KafkaSink;
import io.shopwatch.replay.Pace;
import io.shopwatch.replay.RecordSink;
import io.shopwatch.replay.RecordedEvents;
import io.shopwatch.replay.Reject;
import io.shopwatch.replay.Replay;
import io.shopwatch.replay.Replay.Times;
import io.shopwatch.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code shopwatch replay}: sends recorded events to Kafka. */
@Command(
        name = "replay",
        description = {
            "Sends recorded events to Kafka, sorted by their time.",
            "Reads our own JSONL, the REES46 CSV and the Taobao UserBehavior CSV, plain or gzip."
        })
final class ReplayCommand implements Callable<Integer> {
    /** Rejected lines that are shown one by one. */
    private static final int SHOWN = 5;

    @Spec
    private CommandSpec spec;

    @Mixin
    private SettingsOptions settings;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "Files, or folders with clicks.jsonl, carts.jsonl, orders.jsonl, stock.jsonl.")
    private List<Path> files;

    @Option(
            names = "--speed",
            paramLabel = "SPEED",
            defaultValue = "1x",
            description = "1x, 60x, ... or max (default ${DEFAULT-VALUE}).")
    private String speed;

    @Option(
            names = "--times",
            paramLabel = "TIMES",
            defaultValue = "keep",
            description = "keep sends the recorded times; shift moves them so that the first event is now, squeezed by "
                    + "the speed (default ${DEFAULT-VALUE}).")
    private String times;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "jsonl, rees46 or taobao. Default: recognised from each file.")
    private String format;

    private long rejectsShown;

    @Override
    public Integer call() throws IOException, InterruptedException {
        double factor = speed(speed);
        Times whichTimes = times(times);
        Format fixed = format == null ? null : format(format);
        Settings loaded = settings.load();
        // Before Kafka is asked and long files are read: a mistyped name.
        for (Path file : files) {
            if (!Files.exists(file)) {
                throw new UsageException(file + ": no such file or folder");
            }
        }
        Pace pace = Pace.ofSystem();
        Paced.run(pace, () -> {
            try (RecordSink sink = KafkaSink.open(loaded.kafka());
                    RecordedEvents events = open(fixed)) {
                send(new Replay(events, sink, pace, factor, whichTimes), events);
            }
        });
        return 0;
    }

    private RecordedEvents open(Format fixed) throws IOException {
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
        }
        long total = bytes;
        try (Progress progress = Progress.of("bytes read", total)) {
            return RecordedEvents.open(
                    files,
                    RecordedEvents.Options.passingOn(this::show)
                            .withFormat(fixed)
                            .withProgress(share -> progress.update((long) (share * total))));
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private void send(Replay replay, RecordedEvents events) throws IOException, InterruptedException {
        try (Progress progress = Progress.of("lines", events.lines())) {
            replay.run(() -> progress.update(events.linesDone()));
        }
        StringBuilder line = new StringBuilder(
                String.format(Locale.ROOT, "%,d events: %s", replay.sent().total(), replay.sent()));
        line.append(String.format(Locale.ROOT, "; skipped %,d, rejected %,d", events.skipped(), events.rejected()));
        if (replay.sentRaw() > 0) {
            line.append(
                    String.format(Locale.ROOT, "; %,d are no events and went along as dead letters", replay.sentRaw()));
        }
        spec.commandLine().getOut().println(line);
    }

    private void show(Reject reject) {
        PrintWriter err = spec.commandLine().getErr();
        rejectsShown++;
        if (rejectsShown <= SHOWN) {
            err.println(reject.file() + ":" + reject.line() + ": " + reject.detail());
        } else if (rejectsShown == SHOWN + 1) {
            err.println("Further rejected lines are only counted.");
        }
    }

    private static double speed(String text) {
        if (text.equals("max")) {
            return Replay.MAX_SPEED;
        }
        if (text.matches("\\d{1,9}(\\.\\d{1,9})?x?")) {
            double factor = Double.parseDouble(text.replace("x", ""));
            if (factor > 0) {
                return factor;
            }
        }
        throw new UsageException("--speed " + text + ": expected 1x, 60x, ... or max");
    }

    private static Times times(String text) {
        return switch (text) {
            case "keep" -> Times.KEEP;
            case "shift" -> Times.SHIFT;
            default -> throw new UsageException("--times " + text + ": expected keep or shift");
        };
    }

    private static Format format(String text) {
        try {
            return Format.ofWireName(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--format " + text + ": expected one of " + Format.names());
        }
    }
}
