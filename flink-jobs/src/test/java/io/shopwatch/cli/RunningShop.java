package io.shopwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shopwatch.TopicTail;
import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.Segment;
import io.shopwatch.domain.inventory.InventoryOracle.Place;
import io.shopwatch.domain.window.Window;
import io.shopwatch.kafka.KafkaTopics;
import io.shopwatch.serve.Serve;
import io.shopwatch.settings.Settings;
import io.shopwatch.settings.SettingsLoader;
import io.shopwatch.wire.DeadLetter;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.JobStatus;
import io.shopwatch.wire.Keys;
import io.shopwatch.wire.SalesResult;
import io.shopwatch.wire.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.core.ThrowingRunnable;

/** All jobs and {@code serve} on a broker, as they run for a shop, and what they have written so far. */
final class RunningShop implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final String BIND = "127.0.0.1";

    /** Which job reads which streams; the alert job reads results. */
    private static final Map<ShopJob, List<EventStream>> READERS = Map.of(
            ShopJob.FUNNEL, List.of(EventStream.CLICKS, EventStream.CARTS, EventStream.ORDERS),
            ShopJob.SALES, List.of(EventStream.CLICKS, EventStream.CARTS, EventStream.ORDERS),
            ShopJob.INVENTORY, List.of(EventStream.ORDERS, EventStream.STOCK));

    private final Settings settings;
    private final Path data;
    private final Serve serve;
    private final TopicTail<FunnelResult> funnels;
    private final TopicTail<SalesResult> sales;
    private final TopicTail<InventoryResult> inventory;
    private final TopicTail<JobStatus> status;
    private final TopicTail<DeadLetter> deadLetters;
    private LocalJobs jobs;

    private RunningShop(Settings settings, Path data) throws Exception {
        this.settings = settings;
        this.data = data;
        String servers = settings.kafka().bootstrapServers();
        KafkaTopics.ensure(settings.kafka());
        funnels = TopicTail.of(servers, Topics.FUNNELS, FunnelResult.class);
        sales = TopicTail.of(servers, Topics.SALES, SalesResult.class);
        inventory = TopicTail.of(servers, Topics.INVENTORY, InventoryResult.class);
        status = TopicTail.of(servers, Topics.STATUS, JobStatus.class);
        deadLetters = TopicTail.of(servers, Topics.DEAD_LETTERS, DeadLetter.class);
        serve = Serve.start(settings);
        startJobs();
    }

    /**
     * Starts everything and waits until the jobs run.
     *
     * @param data folder for checkpoints
     * @param assignments settings that differ from the defaults, {@code key=value}
     */
    static RunningShop start(String bootstrapServers, Path data, String... assignments) throws Exception {
        List<String> all = new ArrayList<>(List.of(
                "kafka.bootstrap.servers=" + bootstrapServers,
                "serve.port=0",
                "flink.ui-port=0",
                "flink.metrics-port=0",
                // A busy machine may take long between the first record of one topic and that of another.
                "events.catch-up-hold=4s"));
        all.addAll(List.of(assignments));
        return new RunningShop(SettingsLoader.load(null, Map.of(), all), data);
    }

    Settings settings() {
        return settings;
    }

    private void startJobs() throws Exception {
        jobs = LocalJobs.start(List.of(ShopJob.values()), settings, BIND, data, false);
        await().atMost(PATIENCE).pollInterval(LOOK).until(jobs::allRunning);
    }

    /** Stops the jobs with a last checkpoint and starts them again from there. */
    void restartJobs() throws Exception {
        jobs.close();
        startJobs();
    }

    /** Waits until an assertion holds; fails at once if a job has ended. */
    void awaitAsserted(ThrowingRunnable assertion) {
        await().atMost(PATIENCE)
                .pollInterval(LOOK)
                .failFast("a job has ended", jobs::check)
                .untilAsserted(assertion);
    }

    /** Waits until every job has read and counted that many records of each stream, and time has reached {@code end}. */
    void awaitRead(Map<EventStream, Long> sent, long end) {
        Map<ShopJob, Map<EventStream, Long>> expected = new EnumMap<>(ShopJob.class);
        READERS.forEach((job, streams) -> {
            Map<EventStream, Long> own = new EnumMap<>(EventStream.class);
            streams.forEach(stream -> own.put(stream, sent.get(stream)));
            expected.put(job, own);
        });
        awaitAsserted(() -> {
            Map<String, JobStatus> newest = statuses();
            expected.forEach((job, counts) -> {
                JobStatus said = newest.get(job.wireName());
                assertThat(said).as("status of %s", job).isNotNull();
                // accepted + late + duplicate + dead letters = read
                Map<EventStream, Long> read = new EnumMap<>(EventStream.class);
                counts.keySet()
                        .forEach(stream -> read.put(
                                stream,
                                said.events().getOrDefault(stream.wireName(), Map.of()).values().stream()
                                        .mapToLong(Long::longValue)
                                        .sum()));
                assertThat(read).as("%s has counted %s", job, said.events()).isEqualTo(counts);
                assertThat(said.watermark())
                        .as("watermark of %s", job)
                        .isNotNull()
                        .isGreaterThanOrEqualTo(end);
            });
        });
    }

    /** The newest status of each job. */
    Map<String, JobStatus> statuses() throws IOException {
        Map<String, JobStatus> newest = new HashMap<>();
        status.read().forEach(one -> newest.put(one.job(), one));
        return newest;
    }

    /** All sales rows so far. */
    List<SalesResult> sales() throws IOException {
        return sales.read();
    }

    /** All funnel rows so far, by key and end. */
    Map<String, TreeMap<Long, FunnelResult>> funnels() throws IOException {
        Map<String, TreeMap<Long, FunnelResult>> rows = new HashMap<>();
        for (FunnelResult row : funnels.read()) {
            rows.computeIfAbsent(row.key(), key -> new TreeMap<>()).put(row.end(), row);
        }
        return rows;
    }

    /** All inventory rows so far, by place and time. */
    Map<Place, TreeMap<Long, InventoryResult>> inventory() throws IOException {
        Map<Place, TreeMap<Long, InventoryResult>> rows = new HashMap<>();
        for (InventoryResult row : inventory.read()) {
            rows.computeIfAbsent(new Place(row.sku(), row.warehouse()), place -> new TreeMap<>())
                    .put(row.time(), row);
        }
        return rows;
    }

    /** All dead letters so far. */
    List<DeadLetter> deadLetters() throws IOException {
        return deadLetters.read();
    }

    /** Visitors of each step as the newest of the rows says that is not after {@code end}. */
    static long[] visitors(
            Map<String, TreeMap<Long, FunnelResult>> rows,
            String funnel,
            Window window,
            long end,
            Segment segment,
            String value,
            int steps) {
        var newest = rows.getOrDefault(Keys.of(funnel, window.wireName(), segment.wireName(), value), new TreeMap<>())
                .floorEntry(end);
        return newest == null
                ? new long[steps]
                : newest.getValue().steps().stream()
                        .mapToLong(FunnelResult.Step::visitors)
                        .toArray();
    }

    /** Samples of {@code /metrics} by name with labels, labels sorted by name: {@code name{a=x,b=y}}. */
    Map<String, Double> metrics() throws IOException, InterruptedException {
        String text = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(serve.url() + "/metrics"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        Map<String, Double> samples = new LinkedHashMap<>();
        for (String line : text.split("\n")) {
            int space = line.lastIndexOf(' ');
            if (!line.startsWith("#") && space > 0) {
                samples.put(canonical(line.substring(0, space)), Double.valueOf(line.substring(space + 1)));
            }
        }
        return samples;
    }

    private static String canonical(String series) {
        int brace = series.indexOf('{');
        if (brace < 0) {
            return series;
        }
        TreeMap<String, String> labels = new TreeMap<>();
        for (String label : series.substring(brace + 1, series.length() - 1).split("\",")) {
            if (!label.isEmpty()) {
                String[] pair = label.replace("\"", "").split("=", 2);
                labels.put(pair[0], pair[1]);
            }
        }
        return series.substring(0, brace) + labels.toString().replace(", ", ",");
    }

    @Override
    public void close() throws IOException {
        try {
            jobs.close();
        } finally {
            serve.close();
            funnels.close();
            sales.close();
            inventory.close();
            status.close();
            deadLetters.close();
        }
    }
}
