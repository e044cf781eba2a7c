package io.shopwatch;

import io.shopwatch.embedded.EmbeddedKafka;
import io.shopwatch.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/**
 * The broker that integration tests run against. In a container where there is Docker, else the embedded one, so that
 * the tests are green on any machine. Where the environment variable {@code CI} or the system property {@code
 * shopwatch.requireDocker} is {@code true}, Docker is insisted on.
 */
public final class KafkaUnderTest {

    /** The broker whose client library the program is built with. */
    private static final String IMAGE = "apache/kafka:4.2.1";

    private static final Logger LOG = LoggerFactory.getLogger(KafkaUnderTest.class);

    /** A few seconds are enough, but not where all cores are busy. */
    private static final Duration START = Duration.ofMinutes(3);

    private static final String BIND = "127.0.0.1";

    private static AutoCloseable running;

    private KafkaUnderTest() {}

    /**
     * Addresses of a broker without any topic; the one before is stopped. Tests that use it are not run side by side,
     * and have stopped all their clients before the next one begins.
     */
    public static synchronized String emptied() throws Exception {
        if (running != null) {
            running.close();
            running = null;
        }
        return start();
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
                // A broker that is alone and starved is not to lose its partitions for it.
                .withEnv("KAFKA_BROKER_SESSION_TIMEOUT_MS", "60000")
                // Its start script writes its configuration from the environment, into files that some builds of the
                // image leave read-only for the image's own user.
                .withCreateContainerCmdModifier(command -> command.withUser("root"))
                .withStartupTimeout(START);
        container.start();
        running = container;
        return container.getBootstrapServers();
    }

    private static String startEmbedded() throws IOException {
        Path folder = Files.createTempDirectory("shopwatch-kafka");
        EmbeddedKafka broker = EmbeddedKafka.start(folder, BIND, 0);
        AutoCloseable whole = () -> {
            broker.close();
            delete(folder);
        };
        running = whole;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> closeIfRunning(whole)));
        return broker.bootstrapServers();
    }

    private static synchronized void closeIfRunning(AutoCloseable broker) {
        if (running == broker) {
            try {
                broker.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
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
}
