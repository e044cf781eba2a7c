package io.shopwatch;

import io.shopwatch.wire.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Everything that a topic holds, from its beginning, and what is written to it meanwhile.
 *
 * @param <T> what its records are
 */
public final class TopicTail<T> implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final Reading<T> reading;
    private final List<T> seen = new ArrayList<>();

    private TopicTail(String bootstrapServers, String topic, Reading<T> reading) {
        this.reading = reading;
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "group.protocol", "classic"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** How a record is read. */
    @FunctionalInterface
    public interface Reading<T> {
        T read(ConsumerRecord<byte[], byte[]> record) throws IOException;
    }

    /** The records of a topic that exists, as they are. */
    public static TopicTail<ConsumerRecord<byte[], byte[]>> of(String bootstrapServers, String topic) {
        return new TopicTail<>(bootstrapServers, topic, record -> record);
    }

    /** The values of a result topic that exists. */
    public static <T> TopicTail<T> of(String bootstrapServers, String topic, Class<T> type) {
        return new TopicTail<>(bootstrapServers, topic, record -> Json.read(record.value(), type));
    }

    /** All that has been written so far; of one partition in the order of writing. */
    public List<T> read() throws IOException {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                seen.add(reading.read(record));
            }
        }
        return List.copyOf(seen);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
