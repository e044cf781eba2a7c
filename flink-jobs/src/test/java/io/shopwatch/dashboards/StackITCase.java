package io.shopwatch.dashboards;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Brings the stack of {@code docker/compose.yaml} up as a user would, all but Grafana, whose image cannot be had
 * everywhere; its queries are sent by the test instead. The simulator plays {@code double11}.
 */
@Tag("docker")
@EnabledIf("canRun")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StackITCase {
    private static final List<String> SERVICES =
            List.of("kafka", "jobmanager", "taskmanager", "serve", "simulate", "prometheus", "alertmanager");
    private static final List<String> JOBS = List.of("shop", "alert");
    private static final List<String> INPUTS = List.of("clicks", "carts", "orders", "stock");

    /** Panels that may rightly be empty in the test, and why. */
    private static final Map<String, String> RIGHTLY_EMPTY = Map.ofEntries(
            Map.entry("on-call: Alerts over time", "alerts of each severity need not have fired"),
            Map.entry("on-call: Late", "the simulator's events are in time"),
            Map.entry("on-call: Conversion and its baseline", "a baseline needs a quarter of an hour"),
            Map.entry("on-call: Drop by $segment", "a baseline needs a quarter of an hour"),
            Map.entry("inventory: ✖ Oversold", "nothing may be oversold at the moment"),
            Map.entry("inventory: ▲ Low", "nothing may be low at the moment"),
            Map.entry("inventory: Cover of $sku", "an SKU that has sold nothing lately has no cover"));

    private ComposeStack stack;
    private String prometheus;

    static boolean canRun() {
        return ComposeStack.isAvailable() && ComposeStack.hasImage("flink:2.3.0-java17");
    }

    @BeforeAll
    void up() throws IOException {
        stack = new ComposeStack(
                "shopwatch-it-" + UUID.randomUUID().toString().substring(0, 8),
                Path.of("src", "test", "resources", "io", "shopwatch", "dashboards", "compose.test.yaml"),
                Map.of(
                        "SERVE_PORT",
                        "0",
                        "FLINK_PORT",
                        "0",
                        "DEMO_SCENARIO",
                        "double11",
                        "DEMO_RATE",
                        "100",
                        "SETTINGS_FILE",
                        settingsWithPromotion().toString()));
        List<String> up = new ArrayList<>(List.of("--profile", "demo", "up", "--detach", "--build"));
        up.addAll(SERVICES);
        stack.run(up.toArray(new String[0]));
        prometheus = stack.url("prometheus", 9090);
    }

    /** The stack's own settings, and a promotion that has begun. */
    private static Path settingsWithPromotion() throws IOException {
        Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Path file = Files.createDirectories(Path.of("target", "stack")).resolve("shopwatch.yaml");
        Files.writeString(
                file,
                Files.readString(Path.of("..", "docker", "shopwatch.yaml"))
                        + "\npromotions:\n  - {name: double11, start: %s, end: %s, base: 80000, goal: 100000, stretch: 120000}\n"
                                .formatted(start, start.plus(Duration.ofDays(1))));
        return file.toAbsolutePath();
    }

    @AfterAll
    void down() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    @Order(1)
    void runsEveryJobAndCompletesCheckpoints() {
        String flink = stack.url("jobmanager", 8081);

        await("jobs and checkpoints")
                .atMost(Duration.ofMinutes(5))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    Map<String, Integer> completed = new TreeMap<>();
                    for (JsonNode job : stack.json(flink + "/jobs/overview").path("jobs")) {
                        assertThat(job.path("state").asText()).isEqualTo("RUNNING");
                        completed.put(
                                job.path("name").asText(),
                                stack.json(flink + "/jobs/" + job.path("jid").asText() + "/checkpoints")
                                        .path("counts")
                                        .path("completed")
                                        .asInt());
                    }
                    assertThat(completed)
                            .containsOnlyKeys(
                                    JOBS.stream().map(job -> "shopwatch-" + job).toList())
                            .allSatisfy(
                                    (job, count) -> assertThat(count).as(job).isGreaterThan(1));
                });
    }

    @Test
    @Order(2)
    void isReadByPrometheusProcessByProcess() {
        await("targets").atMost(Duration.ofMinutes(1)).ignoreExceptions().untilAsserted(() -> {
            List<String> jobs = new ArrayList<>();
            for (JsonNode target :
                    stack.json(prometheus + "/api/v1/targets").path("data").path("activeTargets")) {
                assertThat(target.path("health").asText())
                        .as(target.path("scrapeUrl").asText() + " "
                                + target.path("lastError").asText())
                        .isEqualTo("up");
                jobs.add(target.path("labels").path("job").asText());
            }
            assertThat(jobs)
                    .containsExactlyInAnyOrder(
                            "shopwatch-serve",
                            "flink-jobmanager",
                            "flink-taskmanager",
                            "flink-taskmanager",
                            "prometheus",
                            "alertmanager");
        });
    }

    @Test
    @Order(3)
    void showsMetricsThatPromtoolFindsNothingWrongWith() {
        String metrics = stack.get(stack.url("serve", 8088) + "/metrics");

        assertThat(metrics).contains("shopwatch_build_info");
        assertThat(stack.runWith(metrics, "exec", "-T", "prometheus", "promtool", "check", "metrics"))
                .isBlank();
    }

    @Test
    @Order(4)
    void tellsAlertmanagerOfIncidentsOfTheShopAndOfThePipeline() {
        String alertmanager = stack.url("alertmanager", 9093);
        // One after the other, each as of now: what comes late together is one change, from unknown to out.
        produce("stock", stock("it-1", "counted", 3));
        produce("stock", stock("it-2", "adjusted", -3));
        produce("clicks", "no event");

        await("alerts").atMost(Duration.ofMinutes(3)).ignoreExceptions().untilAsserted(() -> {
            String alerts = stack.json(alertmanager + "/api/v2/alerts").toString();
            assertThat(alerts).contains("ShopwatchWatchdog").contains("IT-SKU");
        });
    }

    @Test
    @Order(5)
    void answersEveryQueryOfEveryPanel() {
        await("data in every panel")
                .atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofSeconds(5))
                .untilAsserted(() -> {
                    TreeSet<String> empty = new TreeSet<>();
                    for (String name : DashboardFiles.NAMES) {
                        for (PanelQueries.Query query : new PanelQueries(name, this::query).all()) {
                            if (query(query.expression()).isEmpty()
                                    && !RIGHTLY_EMPTY.containsKey(query.dashboard() + ": " + query.panel())) {
                                empty.add(query.where() + " " + query.expression());
                            }
                        }
                    }
                    assertThat(empty).isEmpty();
                });
    }

    @Test
    @Order(6)
    void losesNothingWhenContainersAreRestartedOneByOne() {
        for (String service : List.of("jobmanager", "taskmanager", "serve", "prometheus", "alertmanager", "kafka")) {
            stack.run("restart", "--timeout", "10", service);
        }
        // A free port is another one after a restart.
        prometheus = stack.url("prometheus", 9090);
        stack.run("stop", "--timeout", "10", "simulate");

        await("every record counted once")
                .atMost(Duration.ofMinutes(6))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    Map<String, Long> written = written();
                    Map<String, Long> counted = new TreeMap<>();
                    for (JsonNode series : query("sum by (stream) (shopwatch_events_total)")) {
                        counted.put(
                                series.path("metric").path("stream").asText(),
                                series.path("value").path(1).asLong());
                    }
                    assertThat(written.values()).allMatch(count -> count > 0);
                    assertThat(counted).isEqualTo(written);
                });
    }

    private static String stock(String id, String type, int quantity) {
        return "{\"eventId\":\"%s\",\"eventTime\":%d,\"type\":\"%s\",\"sku\":\"IT-SKU\",\"quantity\":%d}"
                .formatted(id, System.currentTimeMillis(), type, quantity);
    }

    /** Records of each input topic. */
    private Map<String, Long> written() {
        Map<String, Long> written = new TreeMap<>();
        String offsets = stack.run(
                "exec", "-T", "kafka", "/opt/kafka/bin/kafka-get-offsets.sh", "--bootstrap-server", "kafka:9092");
        for (String line : offsets.split("\n")) {
            String[] parts = line.strip().split(":");
            if (parts.length == 3 && INPUTS.contains(parts[0])) {
                written.merge(parts[0], Long.parseLong(parts[2]), Long::sum);
            }
        }
        return written;
    }

    private void produce(String topic, String... records) {
        stack.runWith(
                String.join("\n", records) + "\n",
                "exec",
                "-T",
                "kafka",
                "/opt/kafka/bin/kafka-console-producer.sh",
                "--bootstrap-server",
                "kafka:9092",
                "--topic",
                topic);
    }

    /** Result of an instant query. */
    private JsonNode query(String expression) {
        JsonNode answer = stack.json(prometheus + "/api/v1/query?query=" + URLEncoder.encode(expression, UTF_8));
        assertThat(answer.path("status").asText()).as(expression).isEqualTo("success");
        return answer.path("data").path("result");
    }
}
