package io.shopwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Command(name = "probe", description = "Does what the test says.")
    static final class Probe implements Callable<Integer> {
        private final Callable<Integer> work;
        private Settings settings;

        @Mixin
        private SettingsOptions settingsOptions;

        @Option(names = "--rate", description = "Events per second.")
        private int rate = 1;

        Probe(Callable<Integer> work) {
            this.work = work;
        }

        @Override
        public Integer call() throws Exception {
            settings = settingsOptions.load();
            return work.call();
        }
    }

    private int run(Callable<Integer> work, String... args) {
        return run(new Probe(work), args);
    }

    private int run(Probe probe, String... args) {
        return Main.run(args, new PrintWriter(out), new PrintWriter(err), probe);
    }

    @Test
    void printsItsVersion() {
        assertThat(run(() -> 0, "--version")).isZero();
        assertThat(out.toString()).matches("shopwatch \\d+\\.\\d+\\.\\d+\\R");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void printsHelpOfTheProgramAndOfEachCommand() {
        assertThat(run(() -> 0, "--help")).isZero();
        assertThat(out.toString()).contains("Usage: shopwatch").contains("probe");

        assertThat(run(() -> 0, "probe", "--help")).isZero();
        assertThat(out.toString())
                .contains("Usage: shopwatch probe")
                .contains("--settings=FILE")
                .contains("--set=KEY=VALUE")
                .contains("--verbose")
                .contains("--rate");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void givesTheCommandItsSettings() {
        Probe probe = new Probe(() -> 0);

        assertThat(run(probe, "probe", "--set", "serve.port=1", "--set", "kafka.client.id=a=b"))
                .isZero();
        assertThat(probe.settings.serve().port()).isEqualTo(1);
        assertThat(probe.settings.kafka().clientProperties()).containsEntry("client.id", "a=b");
    }

    @Test
    void exitsAsTheCommandSays() {
        assertThat(run(() -> 0, "probe")).isZero();
        assertThat(run(() -> 1, "probe")).isEqualTo(1);
    }

    static Stream<Arguments> usageErrors() {
        return Stream.of(
                Arguments.of("", "shopwatch: a command is expected: "),
                Arguments.of("--nope", "shopwatch: Unknown option: '--nope'"),
                Arguments.of("nope", "shopwatch: Unmatched argument at index 0: 'nope'"),
                Arguments.of("probe --nope", "shopwatch: Unknown option: '--nope'"),
                Arguments.of("probe extra", "shopwatch: Unmatched argument at index 1: 'extra'"),
                Arguments.of("probe --rate fast", "shopwatch: Invalid value for option '--rate': 'fast' is not an int"),
                Arguments.of("probe --rate", "shopwatch: Missing required parameter for option '--rate'"),
                Arguments.of(
                        "probe --set serve.port=x",
                        "shopwatch: serve.port = 'x' (--set): expected a port from 0 (any free one) to 65535"),
                Arguments.of(
                        "probe --settings no-such.yaml",
                        "shopwatch: --settings = 'no-such.yaml': expected a readable UTF-8 file"));
    }

    @ParameterizedTest
    @MethodSource("usageErrors")
    void aWrongCommandLineIsOneLineAndExits2(String arguments, String line) {
        String[] args = arguments.isEmpty() ? new String[0] : arguments.split(" ");

        assertThat(run(() -> 0, args)).isEqualTo(2);
        assertThat(err.toString()).startsWith(line).hasLineCount(1);
        assertThat(out.toString()).isEmpty();
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(
                        new UsageException("--scenario = 'x': expected calm"), 2, "--scenario = 'x': expected calm"),
                Arguments.of(new FailureException("two\nlines\t"), 1, "two; lines"),
                Arguments.of(
                        new ExecutionException(new TimeoutException("Timed out waiting for a node assignment.")),
                        1,
                        "Kafka at k:1 does not answer: Timed out waiting for a node assignment."),
                Arguments.of(
                        new KafkaException(
                                "Failed to construct kafka consumer",
                                new ConfigException("No resolvable bootstrap urls given in bootstrap.servers")),
                        1,
                        "Kafka at k:1 cannot be found: No resolvable bootstrap urls given in bootstrap.servers"),
                Arguments.of(
                        new KafkaException("Failed to construct", new ConfigException("Unknown compression: x")),
                        1,
                        "a Kafka client setting is wrong: Unknown compression: x"),
                Arguments.of(
                        new SaslAuthenticationException("wrong password"), 1, "Kafka at k:1 refuses: wrong password"),
                Arguments.of(
                        new RuntimeException(new BindException("Address already in use")),
                        1,
                        "cannot listen: Address already in use"),
                Arguments.of(new NoSuchFileException("a.csv"), 1, "no such file: a.csv"),
                Arguments.of(
                        new UncheckedIOException(new AccessDeniedException("/root/a")), 1, "access denied: /root/a"),
                Arguments.of(
                        new RuntimeException(new IllegalStateException("half done")),
                        1,
                        "IllegalStateException: half done"),
                Arguments.of(new NullPointerException(), 1, "NullPointerException"),
                Arguments.of(new IOException("disk on fire"), 1, "IOException: disk on fire"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureIsOneLineWithItsExitCode(Exception failure, int exitCode, String line) {
        int code = run(
                () -> {
                    throw failure;
                },
                "probe",
                "--set",
                "kafka.bootstrap.servers=k:1");

        assertThat(code).isEqualTo(exitCode);
        assertThat(err.toString()).isEqualToNormalizingNewlines("shopwatch: " + line + "\n");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void anErrorOfTheMachineIsOneLineToo() {
        int code = run(
                () -> {
                    throw new OutOfMemoryError("Java heap space");
                },
                "probe");

        assertThat(code).isEqualTo(1);
        assertThat(err.toString())
                .isEqualToNormalizingNewlines(
                        "shopwatch: out of memory (Java heap space); give the JVM more with -Xmx\n");
    }

    @ParameterizedTest
    @MethodSource("verboseCommandLines")
    void showsTheStackTraceWhenAskedTo(String arguments) {
        int code = run(
                () -> {
                    throw new FailureException("broken", new IOException("inner"));
                },
                arguments.split(" "));

        assertThat(code).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("shopwatch: broken")
                .contains("\tat io.shopwatch.cli.MainTest")
                .contains("Caused by: java.io.IOException: inner");
    }

    static Stream<String> verboseCommandLines() {
        return Stream.of("probe --verbose", "--verbose probe");
    }

    @Test
    void namesTheFileOfTheSettings(@org.junit.jupiter.api.io.TempDir Path folder) throws IOException {
        Path file = java.nio.file.Files.writeString(folder.resolve("s.yaml"), "serve: {port: x}");

        assertThat(run(() -> 0, "probe", "--settings", file.toString())).isEqualTo(2);
        assertThat(err.toString())
                .isEqualToNormalizingNewlines(
                        "shopwatch: serve.port = 'x' (" + file + "): expected a port from 0 (any free one) to 65535\n");
    }
}
