package io.shopwatch.bench;

import io.shopwatch.replay.RecordedEvents;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.Json;
import io.shopwatch.wire.SalesResult;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What no backtest can do without, whatever happens in between: reading a recording in the order of time, event by event, and
 * writing as many rows as came out of it. A process of its own, in one thread.
 */
public final class RecordedFloor {
    /** Rows of each kind that are written again and again, from all over the file. */
    private static final int SAMPLE = 2_000;

    private static final int BUFFER_BYTES = 1 << 16;

    private static final Map<String, Class<?>> KINDS = Map.of(
            "funnels.jsonl", FunnelResult.class,
            "sales.jsonl", SalesResult.class,
            "inventory.jsonl", InventoryResult.class);

    private RecordedFloor() {}

    /**
     * What there is to do.
     *
     * @param input the recording
     * @param output what a backtest made of it
     * @param rows its rows by file
     * @param scratch file to write to
     */
    record Task(String input, String output, Map<String, Long> rows, String scratch) {}

    /**
     * Processor time in seconds.
     *
     * @param reading for reading, sorting and decoding
     * @param writing for rows
     */
    record Outcome(double reading, double writing) {}

    /** Runs the task in the file that is the first argument, and writes the outcome to that of the second. */
    public static void main(String[] arguments) throws Exception {
        Task task = Json.read(Files.readAllBytes(Path.of(arguments[0])), Task.class);
        Map<String, List<Object>> samples = new HashMap<>();
        for (Map.Entry<String, Class<?>> kind : KINDS.entrySet()) {
            samples.put(kind.getKey(), sample(Path.of(task.output).resolve(kind.getKey()), kind.getValue()));
        }
        long start = Gauge.cpuNanos();
        read(Path.of(task.input));
        long read = Gauge.cpuNanos();
        for (Map.Entry<String, List<Object>> sample : samples.entrySet()) {
            write(sample.getValue(), task.rows.get(sample.getKey()), Path.of(task.scratch));
        }
        long written = Gauge.cpuNanos();
        Files.write(Path.of(arguments[1]), Json.bytes(new Outcome((read - start) / 1e9, (written - read) / 1e9)));
    }

    private static void read(Path input) throws IOException {
        try (RecordedEvents events =
                RecordedEvents.open(List.of(input), RecordedEvents.Options.onlyEvents(reject -> {}))) {
            while (events.nextEvent() != null) {
                // Nothing is done with it.
            }
        }
    }

    private static List<Object> sample(Path file, Class<?> kind) throws IOException {
        List<Object> rows = new ArrayList<>();
        try (RandomAccessFile all = new RandomAccessFile(file.toFile(), "r")) {
            for (int i = 0; i < SAMPLE; i++) {
                all.seek(all.length() * i / SAMPLE);
                // The rest of a row.
                all.readLine();
                String line = all.readLine();
                if (line != null) {
                    rows.add(Json.read(line.getBytes(StandardCharsets.ISO_8859_1), kind));
                }
            }
        }
        return rows;
    }

    private static void write(List<Object> sample, long rows, Path scratch) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(scratch), BUFFER_BYTES)) {
            for (long i = 0; i < rows; i++) {
                out.write(Json.bytes(sample.get((int) (i % sample.size()))));
                out.write('\n');
            }
        }
    }
}
