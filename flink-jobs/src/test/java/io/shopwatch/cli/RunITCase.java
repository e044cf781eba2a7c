package io.shopwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shopwatch.KafkaUnderTest;
import io.shopwatch.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run} as a user starts it, and ends it. */
class RunITCase {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Path JAR = Path.of(System.getProperty("shopwatch.jar", "target/shopwatch.jar"));

    @TempDir
    private Path folder;

    private String servers;
    private int flinkPort;
    private int metricsPort;
    private Path output;
    private Process run;
    private ProcessHandle child;

    @BeforeEach
    void prepare() throws Exception {
        assumeTrue(Files.exists(JAR), "the jar has not been built");
        servers = KafkaUnderTest.emptied();
        flinkPort = EmbeddedKafka.freePort("127.0.0.1");
        metricsPort = EmbeddedKafka.freePort("127.0.0.1");
    }

    @AfterEach
    void stop() {
        Stream.of(run == null ? null : run.toHandle(), child)
                .filter(one -> one != null && one.isAlive())
                .forEach(ProcessHandle::destroyForcibly);
    }

    /** Starts it, and waits until it says that it runs. */
    private void start() throws IOException {
        output = Files.createTempFile(folder, "output", ".txt");
        run = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-jar",
                        JAR.toAbsolutePath().toString(),
                        "run",
                        "sales",
                        "--set=kafka.bootstrap.servers=" + servers,
                        "--data=" + folder.resolve("data"),
                        "--flink-port=" + flinkPort,
                        "--metrics-port=" + metricsPort)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        await("it runs").atMost(PATIENCE).until(() -> {
            String text = Files.readString(output);
            assertThat(run.isAlive()).as(text).isTrue();
            return text.contains("Running sales: http://127.0.0.1:" + flinkPort);
        });
        List<ProcessHandle> children = run.descendants().toList();
        assertThat(children).hasSize(1);
        child = children.get(0);
    }

    private Path newestCheckpoint() throws IOException {
        return DataFolder.newestCheckpoint(folder.resolve("data/sales/checkpoints/sales"))
                .orElse(null);
    }

    @Test
    void givesItselfFlagsAndLeavesNothingBehindWhenItIsKilledOrStopped() throws Exception {
        start();
        assertThat(child.info().commandLine().orElseThrow()).contains("-XX:-G1UseAdaptiveIHOP");

        ProcessHandle orphan = child;
        run.destroyForcibly().waitFor();
        // Whatever restarts what was killed does so at once, with the same folder and the same ports.
        start();
        assertThat(orphan.isAlive()).isFalse();

        Path periodic = await("a checkpoint").atMost(PATIENCE).until(this::newestCheckpoint, Objects::nonNull);
        run.destroy();
        assertThat(run.waitFor(15, TimeUnit.SECONDS)).isTrue();
        assertThat(child.isAlive()).isFalse();
        // The next periodic one would come ten seconds later.
        assertThat(newestCheckpoint()).as("a last checkpoint").isNotEqualTo(periodic);
        assertThat(Files.readString(output)).doesNotContain("Exception");
    }
}
