package io.shopwatch.bench;

import io.shopwatch.kafka.KafkaTopics;
import io.shopwatch.settings.Settings;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * The same funnel by others, see {@code src/peers}; each has a classpath of its own. They count steps and visitors and
 * nothing more: no duplicates are found, no records judged, no late events told.
 */
enum Peer implements Contender {
    FLINK_SQL("flink-sql", "io.shopwatch.peers.sql.FunnelSql"),
    KAFKA_STREAMS("kafka-streams", "io.shopwatch.peers.streams.FunnelStreams");

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final String title;
    private final String main;

    Peer(String title, String main) {
        this.title = title;
        this.main = main;
    }

    @Override
    public String title() {
        return title;
    }

    /** Where it writes the figures of a run. */
    String topic(Course course) {
        return title + "-" + course.folder().getFileName();
    }

    @Override
    public Run.Outcome run(Course course) throws IOException, InterruptedException {
        Settings settings = Run.settings(course.bootstrapServers(), course.backend());
        KafkaTopics.ensure(settings.kafka(), List.of(topic(course)), PATIENCE);
        Path asked = course.folder().resolve("task.properties");
        Path answered = course.folder().resolve("answer.properties");
        Properties task = new Properties();
        task.setProperty("bootstrapServers", course.bootstrapServers());
        task.setProperty("topic", topic(course));
        task.setProperty("state", course.backend());
        task.setProperty("parallelism", Integer.toString(settings.flink().parallelism()));
        task.setProperty("folder", course.folder().toString());
        task.setProperty("events", Long.toString(course.records()));
        task.setProperty("lastEnd", Long.toString(course.backlog().last().end()));
        course.backlog().last().figures().forEach((series, visitors) -> task.setProperty("last." + series, visitors));
        task.setProperty("answer", answered.toString());
        try (Writer writer = Files.newBufferedWriter(asked)) {
            task.store(writer, null);
        }
        try (ChildProcess run = course.children().start(classpath(), main, asked.toString())) {
            run.await();
        }
        Properties answer = new Properties();
        try (Reader reader = Files.newBufferedReader(answered)) {
            answer.load(reader);
        }
        return new Run.Outcome(
                Long.parseLong(answer.getProperty("events")),
                Double.parseDouble(answer.getProperty("seconds")),
                Double.parseDouble(answer.getProperty("cpuSeconds")),
                Map.of());
    }

    private String classpath() throws IOException {
        Path built = Path.of(System.getProperty("bench.peers"), title);
        return built.resolve("classes")
                + System.getProperty("path.separator")
                + Files.readString(built.resolve("classpath")).trim();
    }
}
