package io.shopwatch.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Debian's {@code prometheus-alertmanager}: what it makes of our alerts, and what it tells its own receiver. */
@EnabledIf("isInstalled")
class AlertmanagerITCase {
    private static final Path BINARY = Stream.of(System.getenv("PATH").split(":"))
            .map(folder -> Path.of(folder, "prometheus-alertmanager"))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpTransport transport = new HttpTransport(Clock.systemUTC());
    private final List<JsonNode> told = new CopyOnWriteArrayList<>();
    private HttpServer behind;
    private Process process;
    private URI address;
    private AlertmanagerReceiver receiver;

    static boolean isInstalled() {
        return BINARY != null;
    }

    @BeforeEach
    void start() throws Exception {
        behind = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        behind.createContext("/", exchange -> {
            told.add(Json.mapper().readTree(exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        behind.start();
        Files.writeString(
                folder.resolve("alertmanager.yml"),
                """
                route:
                  receiver: behind
                  group_by: [alertname]
                  group_wait: 3s
                  group_interval: 1s
                  repeat_interval: 1h
                receivers:
                  - name: behind
                    webhook_configs:
                      - url: http://127.0.0.1:%d/
                        send_resolved: true
                """
                        .formatted(behind.getAddress().getPort()));
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        address = URI.create("http://127.0.0.1:" + port);
        receiver = new AlertmanagerReceiver(address, ZoneOffset.UTC);
        startProcess();
    }

    private void startProcess() throws IOException {
        process = new ProcessBuilder(
                        BINARY.toString(),
                        "--config.file=" + folder.resolve("alertmanager.yml"),
                        "--storage.path=" + folder.resolve("data"),
                        "--web.listen-address=" + address.getAuthority(),
                        "--cluster.listen-address=")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("alertmanager.log").toFile())
                .start();
        await().atMost(PATIENCE).ignoreExceptions().until(() -> get("/-/ready").statusCode() == 200);
    }

    /** With its notification log written, as a service manager would stop it. */
    private void stopProcess() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @AfterEach
    void stop() throws InterruptedException {
        stopProcess();
        behind.stop(0);
    }

    private java.net.http.HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(address.resolve(path)).build(), BodyHandlers.ofString());
    }

    private JsonNode alerts() throws IOException, InterruptedException {
        return Json.mapper().readTree(get("/api/v2/alerts").body());
    }

    private double metric(String name) throws IOException, InterruptedException {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .sum();
    }

    private void send(Alert... alerts) throws InterruptedException {
        Instant now = Instant.now();
        assertThat(transport.send(receiver, receiver.repeat(List.of(alerts), now), PATIENCE))
                .isEqualTo(Answer.delivered());
    }

    /** What the receiver behind Alertmanager was told, alert by alert: incident and status. */
    private List<String> tellings() {
        return told.stream()
                .flatMap(message -> {
                    List<String> each = new java.util.ArrayList<>();
                    message.path("alerts")
                            .forEach(alert -> each.add(
                                    alert.path("labels").path("incident").asText() + " "
                                            + alert.path("status").asText()));
                    return each.stream();
                })
                .toList();
    }

    private static Alert started(Alert alert, Instant start, Instant end) {
        return new Alert(
                alert.id(),
                alert.rule(),
                alert.kind(),
                alert.severity(),
                alert.status(),
                start.toEpochMilli(),
                end == null ? null : end.toEpochMilli(),
                alert.segment(),
                alert.value(),
                alert.summary(),
                alert.description(),
                alert.observed(),
                alert.baseline(),
                alert.dropPoints(),
                alert.sampleSize(),
                alert.confidence(),
                alert.causes(),
                alert.dashboardUrl(),
                alert.runbookUrl(),
                alert.data(),
                null);
    }

    @Test
    void alertsArriveGroupResolveAndSurviveARestart() throws Exception {
        // An alert that is older than the group's wait is not waited with.
        Instant start = Instant.now();
        Alert one = started(Alerts.firing("one"), start, null);
        Alert two = started(Alerts.firing("two"), start, null);

        // arrive
        send(one, two);
        JsonNode listed = alerts();
        assertThat(listed).hasSize(2);
        JsonNode first = listed.get(0);
        assertThat(first.path("labels").path("alertname").asText()).isEqualTo("conversion-drop");
        assertThat(first.path("annotations").path("change").asText()).isEqualTo("61.2 % → 58.1 % (−3.1 points)");
        assertThat(first.path("generatorURL").asText()).isEqualTo(one.dashboardUrl());
        assertThat(Instant.parse(first.path("startsAt").asText()).toEpochMilli())
                .isEqualTo(start.toEpochMilli());
        assertThat(first.path("status").path("state").asText()).isEqualTo("active");

        // group: one message with both
        await().atMost(PATIENCE).until(() -> !told.isEmpty());
        assertThat(told.get(0).path("alerts")).hasSize(2);
        assertThat(tellings()).containsExactlyInAnyOrder("one firing", "two firing");

        // The group looks into its notification log again only after the first message has been written there.
        await().atMost(PATIENCE).until(() -> metric("alertmanager_nflog_queries_total") >= 2);

        // survive: a new process knows nothing until it is told again, and then says nothing twice
        stopProcess();
        startProcess();
        assertThat(alerts()).isEmpty();
        send(one, two);
        assertThat(alerts()).hasSize(2);

        // resolve
        send(started(Alerts.resolved("one"), start, Instant.now().minusMillis(10)));
        await().atMost(PATIENCE).until(() -> tellings().contains("one resolved"));
        assertThat(tellings())
                .filteredOn(telling -> telling.equals("one resolved"))
                .hasSize(1);
        JsonNode left = alerts();
        assertThat(left).hasSize(1);
        assertThat(left.get(0).path("labels").path("incident").asText()).isEqualTo("two");
        // the restart did not announce anything again before the change: one message before it, one after
        assertThat(told).hasSize(2);
    }

    @Test
    void takesWhateverAnAlertMayHold() throws Exception {
        Alert[] odd = {
            Alerts.bare("bare", "firing"),
            Alerts.of(Alerts.HOSTILE),
            Alerts.of("中".repeat(20_000)),
            // an end before the start, and one ahead of the clock
            started(Alerts.resolved("back"), Instant.now(), Instant.now().minusSeconds(60)),
            started(
                    Alerts.resolved("ahead"),
                    Instant.now().minusSeconds(5),
                    Instant.now().plusSeconds(600)),
        };
        for (Alert alert : odd) {
            send(alert);
        }
        // the two resolved ones are not active
        assertThat(alerts()).hasSize(3);
    }
}
