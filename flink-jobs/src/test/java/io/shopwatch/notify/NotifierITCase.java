package io.shopwatch.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.prometheus.client.CollectorRegistry;
import io.shopwatch.embedded.EmbeddedKafka;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.Json;
import io.shopwatch.wire.Notification;
import io.shopwatch.wire.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From the topic {@code alerts} of a real broker to real sockets, over restarts. */
class NotifierITCase {
    private static final Logger LOG = LoggerFactory.getLogger(NotifierITCase.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static EmbeddedKafka kafka;
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final Map<String, Long> arrivals = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile IntSupplier status = () -> 200;
    private HttpServer server;
    private CollectorRegistry registry;
    private Notifier notifier;
    private Producer<byte[], byte[]> producer;

    @BeforeAll
    static void startKafka() throws Exception {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), "127.0.0.1", 0);
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    /** Every test has empty topics: a new receiver is told of all that happened within the last hour. */
    @BeforeEach
    void emptyTopics() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Set<String> old = admin.listTopics().names().get();
            admin.deleteTopics(old).all().get();
            await().atMost(PATIENCE)
                    .until(() -> admin.listTopics().names().get().isEmpty());
        }
        new KafkaClients(settings()).createTopics();
        producer = new KafkaClients(settings()).producer();
    }

    private static Settings.Kafka settings() {
        return new Settings.Kafka(kafka.bootstrapServers(), 2, (short) 1, Map.of());
    }

    @BeforeEach
    void startReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
            exchange.getRequestBody().readAllBytes();
            int answer = status.getAsInt();
            if (answer == 200) {
                arrivals.putIfAbsent(key, System.nanoTime());
                received.add(key);
            }
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        if (notifier != null) {
            notifier.close();
        }
        producer.close();
        server.stop(0);
        threads.shutdownNow();
    }

    private Settings.Receiver webhook(String name) {
        return Alerts.receiver(
                name, "webhook", "http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    private void start(Settings.Receiver... receivers) {
        registry = new CollectorRegistry();
        notifier = Notifier.start(List.of(receivers), settings(), ZoneOffset.UTC, registry, Clock.systemUTC());
    }

    private void restart(Settings.Receiver... receivers) {
        notifier.close();
        start(receivers);
    }

    private void write(Alert... alerts) {
        for (Alert alert : alerts) {
            producer.send(new ProducerRecord<>(
                    Topics.ALERTS, alert.id().getBytes(StandardCharsets.UTF_8), Json.bytes(alert)));
        }
        producer.flush();
    }

    private int count(String receiver, String outcome) {
        Double value = registry.getSampleValue(
                "shopwatch_notifications_total", new String[] {"receiver", "outcome"}, new String[] {receiver, outcome
                });
        return value == null ? 0 : value.intValue();
    }

    private void awaitReceived(String... keys) {
        await().atMost(PATIENCE).until(() -> received.containsAll(List.of(keys)));
    }

    private static List<Notification> stored(String receiver) {
        try (KafkaOutcomeStore store = new KafkaOutcomeStore(new KafkaClients(settings()))) {
            return store.load().stream()
                    .filter(outcome -> outcome.receiver().equals(receiver))
                    .toList();
        }
    }

    @Test
    void overRestartsNothingIsLostAndNothingIsRepeated() {
        Settings.Receiver receiver = webhook("restarts");
        // there before the first start
        write(Alerts.firing("r1"));
        start(receiver);
        awaitReceived("r1/firing");
        write(Alerts.firing("r2"), Alerts.firing("r1"));
        awaitReceived("r2/firing");

        notifier.close();
        write(Alerts.resolved("r1"), Alerts.firing("r3"));
        restart(receiver);
        awaitReceived("r1/resolved", "r3/firing");
        restart(receiver);
        write(Alerts.firing("r2"), Alerts.resolved("r2"), Alerts.resolved("r3"), Alerts.firing("r4"));
        awaitReceived("r2/resolved", "r3/resolved", "r4/firing");

        String[] all = {"r1/firing", "r2/firing", "r1/resolved", "r3/firing", "r2/resolved", "r3/resolved", "r4/firing"
        };
        assertThat(received).containsExactlyInAnyOrder(all);
        await().atMost(PATIENCE).until(() -> count("restarts", "delivered") == all.length);
        assertThat(stored("restarts"))
                .allMatch(outcome -> outcome.outcome().equals("delivered"))
                .extracting(outcome -> outcome.alertId() + "/" + outcome.status())
                .containsExactlyInAnyOrder(all);
    }

    @Test
    void aRequestUnderWayAtTheEndIsMadeAgain() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        status = () -> {
            asked.countDown();
            awaitEnd();
            return 500;
        };
        Settings.Receiver receiver = webhook("interrupted");
        start(receiver);
        write(Alerts.firing("i1"));
        asked.await();
        notifier.close();
        assertThat(stored("interrupted")).isEmpty();

        status = () -> 200;
        start(receiver);
        awaitReceived("i1/firing");
    }

    @Test
    void aFailingReceiverIsTriedAgain() {
        int[] left = {2};
        status = () -> left[0]-- > 0 ? 503 : 200;
        start(webhook("flaky"));
        write(Alerts.firing("f1"));
        awaitReceived("f1/firing");
        await().atMost(PATIENCE).until(() -> count("flaky", "delivered") == 1);
        assertThat(count("flaky", "retried")).isEqualTo(2);
        assertThat(stored("flaky").get(0).retries()).isEqualTo(2);
    }

    @Test
    void aReceiverThatHangsHoldsUpNobodyElse() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Settings.Receiver base =
                    Alerts.receiver("silent", "slack", "http://127.0.0.1:" + silent.getLocalPort() + "/");
            // Longer than the test: its first message is under way all the time.
            Settings.Receiver hanging = new Settings.Receiver(
                    "silent", "slack", base.url(), null, "info", 600, Duration.ofHours(1), null, base.giveUpAfter());
            start(hanging, webhook("quick"));
            await().atMost(PATIENCE).until(notifier::isCaughtUp);

            List<Long> millis = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                long written = System.nanoTime();
                write(Alerts.firing("h" + i));
                String key = "h" + i + "/firing";
                await().pollInterval(Duration.ofMillis(5)).atMost(PATIENCE).until(() -> arrivals.containsKey(key));
                millis.add((arrivals.get(key) - written) / 1_000_000);
            }
            millis.sort(null);
            LOG.warn("From the topic to the webhook: p50 {} ms, worst of 50 {} ms", millis.get(25), millis.get(49));
            assertThat(received).hasSize(50);
            assertThat(List.of(
                            count("silent", "delivered"),
                            count("silent", "failed"),
                            count("silent", "retried"),
                            count("silent", "suppressed")))
                    .containsOnly(0);
        }
    }

    @Test
    void whatIsNoAlertIsLeftOut() {
        for (String garbage : List.of("", "{", "null", "[]", "{\"id\":null}", "{\"id\":\"x\",\"status\":\"odd\"}")) {
            producer.send(new ProducerRecord<>(
                    Topics.ALERTS,
                    "garbage".getBytes(StandardCharsets.UTF_8),
                    garbage.getBytes(StandardCharsets.UTF_8)));
        }
        producer.send(new ProducerRecord<>(Topics.ALERTS, "gone".getBytes(StandardCharsets.UTF_8), null));
        producer.send(new ProducerRecord<>(Topics.ALERTS, new byte[] {-1}, Json.bytes(Alerts.bare("g1", "firing"))));
        start(webhook("robust"));
        write(Alerts.bare("g2", "resolved"));
        awaitReceived("g1/firing", "g2/resolved");
    }

    @Test
    void onlyTheAddressedAreToldAndOnlyOfWhatIsSevereEnough() {
        Settings.Receiver base = webhook("severe");
        Settings.Receiver severe = new Settings.Receiver(
                "severe", "webhook", base.url(), null, "critical", 600, base.timeout(), null, base.giveUpAfter());
        start(severe, webhook("everything"));
        write(
                Alerts.addressed(Alerts.firing("d1"), "warning", List.of()),
                Alerts.addressed(Alerts.firing("d2"), "critical", List.of("severe")),
                Alerts.addressed(Alerts.firing("d3"), "info", List.of("nobody")));
        await().atMost(PATIENCE).until(() -> delivered("everything").containsAll(List.of("d1", "d3")));
        await().atMost(PATIENCE).until(() -> delivered("severe").contains("d2"));

        assertThat(delivered("everything")).doesNotContain("d2");
        assertThat(delivered("severe")).doesNotContain("d1", "d3");
    }

    private static List<String> delivered(String receiver) {
        return stored(receiver).stream().map(Notification::alertId).toList();
    }

    private void awaitEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
