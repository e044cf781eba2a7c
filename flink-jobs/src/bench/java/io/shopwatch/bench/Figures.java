package io.shopwatch.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.Json;
import io.shopwatch.wire.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** All figures that a run has written, to be held against those of another. */
final class Figures {
    private static final String NOBODY =
            LastFigures.STEPS.stream().map(step -> "0").collect(Collectors.joining(","));

    /** Visitors at each step, by window and channel and by end. A row that is written again counts as written last. */
    private final Map<String, TreeMap<Long, String>> rows = new TreeMap<>();

    private Figures() {}

    /** What the funnel job wrote of the open funnel. */
    static Figures ofFunnelJob(String bootstrapServers) throws IOException {
        Figures figures = new Figures();
        for (byte[] value : read(bootstrapServers, Topics.FUNNELS)) {
            FunnelResult row = Json.read(value, FunnelResult.class);
            boolean compared =
                    row.segment().equals(LastFigures.ALL) || row.segment().equals("channel");
            if (row.funnel().equals(MeasuredJob.OPEN_PURCHASE.name())
                    && compared
                    && LastFigures.WINDOWS.containsKey(row.window())) {
                figures.add(row.window(), row.value(), row.end(), visitors(row));
            }
        }
        return figures;
    }

    /** What a peer wrote. */
    static Figures ofPeer(String bootstrapServers, String topic) throws IOException {
        Figures figures = new Figures();
        for (byte[] value : read(bootstrapServers, topic)) {
            JsonNode row = Json.mapper().readTree(value);
            figures.add(
                    row.get("window").textValue(),
                    row.get("channel").textValue(),
                    row.get("end").longValue(),
                    row.get("view") + "," + row.get("cart") + "," + row.get("order") + "," + row.get("pay"));
        }
        return figures;
    }

    private static String visitors(FunnelResult row) {
        return row.steps().stream().map(step -> Long.toString(step.visitors())).collect(Collectors.joining(","));
    }

    private void add(String window, String channel, long end, String visitors) {
        rows.computeIfAbsent(window + "." + channel, key -> new TreeMap<>()).put(end, visitors);
    }

    /**
     * Compares every window of every series up to an end; a figure holds until the next one is written.
     *
     * @return number of windows
     * @throws IllegalStateException if one differs
     */
    long compare(String title, Figures other, String otherTitle, long lastEnd) {
        Set<String> series = new TreeSet<>(rows.keySet());
        series.addAll(other.rows.keySet());
        long compared = 0;
        for (String key : series) {
            for (long end = Traffic.START; end <= lastEnd; end += 1000) {
                String here = at(key, end);
                String there = other.at(key, end);
                if (!here.equals(there)) {
                    throw new IllegalStateException(String.format(
                            "window %s that ends %d s after the start: visitors at each step are %s by %s, %s by %s",
                            key, (end - Traffic.START) / 1000, here, title, there, otherTitle));
                }
                compared++;
            }
        }
        return compared;
    }

    private String at(String series, long end) {
        TreeMap<Long, String> ends = rows.get(series);
        Map.Entry<Long, String> row = ends == null ? null : ends.floorEntry(end);
        return row == null ? NOBODY : row.getValue();
    }

    private static List<byte[]> read(String bootstrapServers, String topic) {
        Map<String, Object> properties = Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest");
        List<byte[]> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<byte[], byte[]> row : consumer.poll(Duration.ofMillis(100))) {
                    values.add(row.value());
                }
            }
        }
        return values;
    }
}
