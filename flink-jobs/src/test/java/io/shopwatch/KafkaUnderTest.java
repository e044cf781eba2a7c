package io.shopwatch;

import static org.awaitility.Awaitility.await;

import io.shopwatch.embedded.EmbeddedKafka;
import io.shopwatch.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/**
 * The broker that integration tests run against: one for the whole JVM. In a container where there is Docker, else the
 * embedded one, so that the tests are green on any machine. Where the environment variable {@code CI} or the system
 * property {@code shopwatch.requireDocker} is {@code true}, Docker is insisted on.
 */
public final class KafkaUnderTest {

    /** The broker whose client library the program is built with. */
    private static final String IMAGE = "apache/kafka:4.2.1";

    private static final Logger LOG = LoggerFactory.getLogger(KafkaUnderTest.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A few seconds are enough, but not where all cores are busy. */
    private static final Duration START = Duration.ofMinutes(3);

    private static final String BIND = "127.0.0.1";

    private static String bootstrapServers;

    private KafkaUnderTest() {}

    /**
     * Addresses of the broker, without any topic. Tests that use it are not run side by side, and have stopped all their
     * clients before the next one begins.
     */
    public static synchronized String emptied() throws Exception {
        if (bootstrapServers == null) {
            bootstrapServers = start();
        }
        deleteTopics();
        return bootstrapServers;
    }

    /** The broker of {@link #emptied()} as settings, with topics of {@code partitions} partitions. */
    public static Settings.Kafka emptied(int partitions) throws Exception {
        return new Settings.Kafka(emptied(), partitions, (short) 1, Map.of());
    }

    private static String start() throws IOException {
        if (DockerClientFactory.instance().isDockerAvailable()) {
            return startContainer();
        }
        if (isDockerRequired()) {
            throw new IllegalStateException("no Docker: these tests run against " + IMAGE
                    + " here, because CI or shopwatch.requireDocker is true");
        }
        LOG.warn("No Docker: testing against the embedded broker instead of {}", IMAGE);
        return startEmbedded();
    }

    private static boolean isDockerRequired() {
        return Boolean.parseBoolean(System.getenv("CI")) || Boolean.getBoolean("shopwatch.requireDocker");
    }

    /** Testcontainers itself removes the container when the JVM ends. */
    @SuppressWarnings("resource")
    private static String startContainer() {
        KafkaContainer container = new KafkaContainer(IMAGE)
                // What nobody created is missing, as on brokers that are looked after, and not made up on the fly.
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                // Its start script writes its configuration from the environment, into files that some builds of the
                // image leave read-only for the image's own user.
                .withCreateContainerCmdModifier(command -> command.withUser("root"))
                .withStartupTimeout(START);
        container.start();
        return container.getBootstrapServers();
    }

    private static String startEmbedded() throws IOException {
        Path folder = Files.createTempDirectory("shopwatch-kafka");
        EmbeddedKafka broker = EmbeddedKafka.start(folder, BIND, 0);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            broker.close();
            delete(folder);
        }));
        return broker.bootstrapServers();
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteTopics() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            Set<String> topics = admin.listTopics().names().get();
            admin.deleteTopics(topics).all().get();
            await().atMost(PATIENCE)
                    .until(() -> admin.listTopics().names().get().isEmpty());
        }
    }
}
