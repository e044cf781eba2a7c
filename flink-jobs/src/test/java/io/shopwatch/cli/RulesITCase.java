package io.shopwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.shopwatch.KafkaUnderTest;
import io.shopwatch.kafka.KafkaTopics;
import io.shopwatch.settings.Settings;
import io.shopwatch.settings.SettingsLoader;
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.JobStatus;
import io.shopwatch.wire.Json;
import io.shopwatch.wire.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rules apply} while the alert job runs, on a real broker. */
class RulesITCase {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String STOCK_OUT = "  - {name: stock-out, kind: stock_out}\n";
    private static final String OVERSELL = "  - {name: oversell, kind: oversell}\n";

    @TempDir
    private Path folder;

    private final AtomicLong oversold = new AtomicLong();
    private final List<Alert> alerts = new ArrayList<>();
    private final List<JobStatus> reports = new ArrayList<>();
    private ScheduledExecutorService shop;
    private KafkaProducer<byte[], byte[]> producer;
    private KafkaConsumer<byte[], byte[]> consumer;
    private LocalJobs jobs;
    private String bootstrapServers;

    @BeforeEach
    void start() throws Exception {
        Settings.Kafka kafka = KafkaUnderTest.emptied(1);
        bootstrapServers = kafka.bootstrapServers();
        KafkaTopics.ensure(kafka);
        Map<String, Object> client = Map.of("bootstrap.servers", bootstrapServers);
        producer = new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
        consumer = new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> topics =
                List.of(new TopicPartition(Topics.ALERTS, 0), new TopicPartition(Topics.STATUS, 0));
        consumer.assign(topics);
        consumer.seekToBeginning(topics);
        jobs = LocalJobs.start(List.of(ShopJob.ALERT), settings(), "127.0.0.1", folder.resolve("data"), true);
        shop = Executors.newSingleThreadScheduledExecutor();
        shop.scheduleAtFixedRate(this::live, 0, 100, TimeUnit.MILLISECONDS);
    }

    private Settings settings() throws IOException {
        Path file = Files.writeString(
                folder.resolve("shopwatch.yaml"),
                "kafka: {bootstrap.servers: \"" + bootstrapServers + "\"}\n"
                        + "flink: {ui-port: 0, metrics-port: 0, parallelism: 1}\n");
        return SettingsLoader.load(file, Map.of(), List.of());
    }

    @AfterEach
    void stop() throws IOException {
        shop.shutdownNow();
        jobs.close();
        consumer.close();
        producer.close();
    }

    /** A tenth of a second of a shop: time goes on, and one more SKU is oversold. */
    private void live() {
        long now = System.currentTimeMillis();
        String sku = "SKU-" + oversold.incrementAndGet();
        level(sku, now - 100, 3);
        level(sku, now, -1);
        send(Topics.STATUS, "inventory", Json.bytes(new JobStatus("inventory", "run", now, now, Map.of(), Map.of())));
    }

    private void level(String sku, long time, long available) {
        String state = available > 0 ? "in_stock" : available < 0 ? "oversold" : "out";
        InventoryResult level = new InventoryResult(
                sku, "default", "shoes", time, available, 0, available, 0, null, 0, 0, state, null, null, null, 0,
                null);
        send(Topics.INVENTORY, level.key(), Json.bytes(level));
    }

    private void send(String topic, String key, byte[] value) {
        producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value));
    }

    /** Applies rules as a person does; returns the time at which the command had done so. */
    private long apply(String rules) throws IOException {
        Path file = Files.writeString(folder.resolve("rules.yaml"), "rules:\n" + rules);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] arguments = {"rules", "apply", file.toString(), "--set", "kafka.bootstrap.servers=" + bootstrapServers
        };
        int code = Main.run(arguments, new PrintWriter(out), new PrintWriter(err));
        assertThat(err.toString()).isEmpty();
        assertThat(code).isZero();
        return System.currentTimeMillis();
    }

    private void read() throws IOException {
        for (var record : consumer.poll(Duration.ofMillis(50))) {
            if (record.topic().equals(Topics.ALERTS)) {
                alerts.add(Json.read(record.value(), Alert.class));
            } else {
                JobStatus status = Json.read(record.value(), JobStatus.class);
                if (status.job().equals("alert")) {
                    reports.add(status);
                }
            }
        }
    }

    private List<Alert> alerts(String rule) throws IOException {
        read();
        return alerts.stream().filter(alert -> alert.rule().equals(rule)).toList();
    }

    @Test
    void rulesTakeEffectWithinTwoSecondsAndOpenIncidentsStay() throws Exception {
        long first = apply(STOCK_OUT);
        long began = System.currentTimeMillis();
        level("SKU-A", began - 100, 4);
        level("SKU-A", began, 0);
        await().atMost(PATIENCE).until(() -> alerts("stock-out").stream()
                .anyMatch(alert -> alert.value().equals("SKU-A")));
        Alert fired = alerts("stock-out").stream()
                .filter(alert -> alert.value().equals("SKU-A"))
                .findFirst()
                .orElseThrow();
        // Until then the built-in rules were in force, which have one for oversold SKUs.
        await().atMost(PATIENCE).until(() -> {
            read();
            Long reached =
                    reports.isEmpty() ? null : reports.get(reports.size() - 1).watermark();
            return reached != null && reached > first + 4000;
        });
        assertThat(oversoldSince(first + 2000)).isEmpty();

        long applied = apply(STOCK_OUT + OVERSELL);
        await().atMost(PATIENCE).until(() -> !oversoldSince(first + 2000).isEmpty());
        // Whatever was oversold two seconds after the command ended is announced: the rule was in force.
        assertThat(oversoldSince(first + 2000).get(0).startsAt()).isLessThan(applied + 2000);

        // A set that is no set changes nothing, and is counted.
        send(Topics.RULES, "rules", "no rules".getBytes(StandardCharsets.UTF_8));
        await().atMost(PATIENCE).until(() -> {
            read();
            return !reports.isEmpty() && outcomes().getOrDefault("dead_letter", 0L) == 1;
        });
        assertThat(outcomes()).containsEntry("accepted", 2L);
        assertThat(reports.get(reports.size() - 1).watermark()).isGreaterThan(began);

        // The incident that was open all the time is resolved under its own id.
        level("SKU-A", System.currentTimeMillis(), 9);
        await().atMost(PATIENCE).until(() -> alerts("stock-out").stream()
                .anyMatch(
                        alert -> alert.value().equals("SKU-A") && alert.status().equals("resolved")));
        assertThat(alerts("stock-out").stream().filter(alert -> alert.value().equals("SKU-A")))
                .extracting(Alert::id, Alert::status)
                .containsExactly(tuple(fired.id(), "firing"), tuple(fired.id(), "resolved"));
    }

    private List<Alert> oversoldSince(long time) throws IOException {
        return alerts("oversell").stream()
                .filter(alert -> alert.startsAt() >= time)
                .toList();
    }

    private Map<String, Long> outcomes() {
        return reports.get(reports.size() - 1).events().getOrDefault("rules", Map.of());
    }
}
