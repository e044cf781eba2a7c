package io.shopwatch.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The stack of {@code docker/compose.yaml}, under a name and on ports of its own. */
final class ComposeStack implements AutoCloseable {
    private static final Path DOCKER = Path.of("..", "docker");
    private static final Duration COMMAND = Duration.ofMinutes(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
    private final List<String> compose;
    private final Map<String, String> environment;

    /** @param environment variables of {@code .env} that differ */
    ComposeStack(String project, Path override, Map<String, String> environment) {
        this.compose = new ArrayList<>(program());
        this.environment = environment;
        compose.addAll(List.of(
                "-p",
                project,
                "-f",
                "compose.yaml",
                "-f",
                override.toAbsolutePath().toString()));
    }

    /** Whether Docker answers and there is a compose to talk to it. */
    static boolean isAvailable() {
        return succeeds("docker", "info")
                && (succeeds("docker", "compose", "version") || succeeds("docker-compose", "version"));
    }

    /** Whether the image is there already; a missing one may be out of reach. */
    static boolean hasImage(String image) {
        return succeeds("docker", "image", "inspect", image);
    }

    private static List<String> program() {
        return succeeds("docker", "compose", "version") ? List.of("docker", "compose") : List.of("docker-compose");
    }

    /** Runs a command of compose; gives what it prints. */
    String run(String... arguments) {
        return runWith(null, arguments);
    }

    /** The same with a text on standard input. */
    String runWith(String input, String... arguments) {
        List<String> command = new ArrayList<>(compose);
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile("compose", ".log");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .directory(DOCKER.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                try (var stdin = process.getOutputStream()) {
                    if (input != null) {
                        stdin.write(input.getBytes(StandardCharsets.UTF_8));
                    }
                }
                if (!process.waitFor(COMMAND.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new IllegalStateException("no end of " + command + ": " + Files.readString(output));
                }
                String printed = Files.readString(output);
                if (process.exitValue() != 0) {
                    throw new IllegalStateException(command + " exited with " + process.exitValue() + ": " + printed);
                }
                return printed;
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The address on this machine of a published port, for example {@code http://127.0.0.1:49153}. */
    String url(String service, int port) {
        String[] lines = run("port", service, Integer.toString(port)).strip().split("\n");
        return "http://" + lines[lines.length - 1].strip();
    }

    /** Body of a GET. */
    String get(String url) {
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(URI.create(url))
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(url + " answers " + response.statusCode() + ": " + response.body());
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Body of a GET, read as JSON. */
    JsonNode json(String url) {
        try {
            return JSON.readTree(get(url));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes everything down, volumes too. */
    @Override
    public void close() {
        run("--profile", "demo", "down", "--volumes", "--remove-orphans", "--timeout", "10");
    }

    private static boolean succeeds(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
