package io.shopwatch.bench;

import io.shopwatch.cli.Main;
import io.shopwatch.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** How long {@code backtest} takes over a recording, from the command line to its last row, as a user starts it. */
final class RecordedDay {
    private final Path folder;

    /** @param folder folder of its own */
    RecordedDay(Path folder) {
        this.folder = folder;
    }

    /**
     * A backtest.
     *
     * @param hours length of the recording, event time
     * @param events events of the recording
     * @param simulated seconds that making the recording took
     * @param seconds seconds that the backtest took
     * @param rows results that it wrote, of all kinds
     * @param bytes size of those
     * @param floor what reading the same recording and writing as many rows takes by themselves
     * @param processors processors of this machine
     */
    record Outcome(
            int hours,
            long events,
            double simulated,
            double seconds,
            long rows,
            long bytes,
            RecordedFloor.Outcome floor,
            int processors) {

        /** Events a second if all processors did nothing but that. */
        double atMost() {
            return events * processors / (floor.reading() + floor.writing());
        }
    }

    /**
     * Simulates a shop and runs all jobs over that.
     *
     * @param hours length of the recording
     * @param rate events per second in its first hour, which begins at midnight
     */
    Outcome measure(int hours, double rate) throws IOException, InterruptedException {
        Path input = folder.resolve("input");
        Path output = folder.resolve("output");
        double simulated = seconds(
                "simulate",
                "--duration",
                hours + "h",
                "--rate",
                String.format(Locale.ROOT, "%f", rate),
                "--out",
                input.toString());
        double seconds = seconds("backtest", "--input", input.toString(), "--out", output.toString());
        long bytes = 0;
        Map<String, Long> rows = new HashMap<>();
        for (Path file : files(output)) {
            bytes += Files.size(file);
            rows.put(file.getFileName().toString(), lines(file));
        }
        long events = 0;
        for (Path file : files(input)) {
            events += lines(file);
        }
        return new Outcome(
                hours,
                events,
                simulated,
                seconds,
                rows.values().stream().mapToLong(Long::longValue).sum(),
                bytes,
                floor(input, output, rows),
                Runtime.getRuntime().availableProcessors());
    }

    private RecordedFloor.Outcome floor(Path input, Path output, Map<String, Long> rows)
            throws IOException, InterruptedException {
        Path asked = folder.resolve("task.json");
        Path answered = folder.resolve("outcome.json");
        Path scratch = folder.resolve("scratch");
        Files.write(
                asked,
                Json.bytes(new RecordedFloor.Task(input.toString(), output.toString(), rows, scratch.toString())));
        // The collector of a backtest.
        try (ChildProcess run = new ChildProcess.Maker(List.of("-XX:+UseParallelGC"), folder)
                .start(RecordedFloor.class, asked.toString(), answered.toString())) {
            run.await();
        }
        return Json.read(Files.readAllBytes(answered), RecordedFloor.Outcome.class);
    }

    /** How long a command takes; its JVM is as it comes, for it takes care of that itself. */
    private double seconds(String... command) throws IOException, InterruptedException {
        long began = System.nanoTime();
        try (ChildProcess run = new ChildProcess.Maker(List.of(), folder).start(Main.class, command)) {
            run.await();
        }
        return (System.nanoTime() - began) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static long lines(Path file) throws IOException {
        long lines = 0;
        byte[] buffer = new byte[1 << 20];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    lines += buffer[i] == '\n' ? 1 : 0;
                }
            }
        }
        return lines;
    }
}
