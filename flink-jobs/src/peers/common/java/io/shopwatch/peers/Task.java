package io.shopwatch.peers;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * What a peer is asked to do, and how it answers: in properties files, for which it needs no library.
 *
 * @param bootstrapServers broker with the backlog
 * @param topic where the figures go
 * @param state {@code hashmap} or {@code rocksdb}
 * @param parallelism threads or slots
 * @param folder folder of its own for state, checkpoints and temporary files
 * @param events events of the backlog
 * @param lastEnd end of the last windows that are due, epoch milliseconds
 * @param lastFigures their figures: visitors at each step, by window and channel
 * @param answer file to answer in
 */
public record Task(
        String bootstrapServers,
        String topic,
        String state,
        int parallelism,
        Path folder,
        long events,
        long lastEnd,
        Map<String, String> lastFigures,
        Path answer) {
    private static final String LAST = "last.";
    private static final long LOOK_MILLIS = 20;

    /** Reads a task and sets the clock to it. */
    public static Task read(Path file) throws IOException {
        Properties asked = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            asked.load(reader);
        }
        Map<String, String> last = new HashMap<>();
        for (String name : asked.stringPropertyNames()) {
            if (name.startsWith(LAST)) {
                last.put(name.substring(LAST.length()), asked.getProperty(name));
            }
        }
        Task task = new Task(
                asked.getProperty("bootstrapServers"),
                asked.getProperty("topic"),
                asked.getProperty("state"),
                Integer.parseInt(asked.getProperty("parallelism")),
                Path.of(asked.getProperty("folder")),
                Long.parseLong(asked.getProperty("events")),
                Long.parseLong(asked.getProperty("lastEnd")),
                last,
                Path.of(asked.getProperty("answer")));
        Clock.expect(task);
        return task;
    }

    /** Waits for the last figures, answers, and ends the process; as a failure if the peer has ended without them. */
    public void finish(BooleanSupplier alive) throws IOException, InterruptedException {
        while (!Clock.await(LOOK_MILLIS)) {
            if (!alive.getAsBoolean() && !Clock.await(TimeUnit.SECONDS.toMillis(1))) {
                System.err.println(Clock.missing());
                System.exit(1);
            }
        }
        Properties answered = new Properties();
        answered.setProperty("events", Long.toString(Clock.measured()));
        answered.setProperty("seconds", Double.toString(Clock.seconds()));
        answered.setProperty("cpuSeconds", Double.toString(Clock.cpuSeconds()));
        try (Writer writer = Files.newBufferedWriter(answer)) {
            answered.store(writer, null);
        }
        // What the producer holds is on its way; the figures of the windows after the last one are wanted by nobody.
        TimeUnit.SECONDS.sleep(1);
        System.exit(0);
    }
}
