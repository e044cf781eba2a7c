package io.shopwatch.notify;

import io.shopwatch.wire.Json;
import io.shopwatch.wire.Notification;
import io.shopwatch.wire.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Outcomes in the compacted topic {@code notifications}. */
final class KafkaOutcomeStore implements OutcomeStore, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaOutcomeStore.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final KafkaClients clients;
    private final Producer<byte[], byte[]> producer;

    KafkaOutcomeStore(KafkaClients clients) {
        this.clients = clients;
        this.producer = clients.producer();
    }

    @Override
    public List<Notification> load() {
        Map<String, Notification> outcomes = new LinkedHashMap<>();
        try (Consumer<byte[], byte[]> consumer = clients.readFromBeginning(Topics.NOTIFICATIONS)) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    read(record, outcomes);
                }
            }
        }
        // Asks for the topic's metadata now, while the broker is there.
        producer.partitionsFor(Topics.NOTIFICATIONS);
        return List.copyOf(outcomes.values());
    }

    private static void read(ConsumerRecord<byte[], byte[]> record, Map<String, Notification> outcomes) {
        if (record.key() == null) {
            return;
        }
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            outcomes.remove(key);
            return;
        }
        try {
            outcomes.put(key, Json.read(record.value(), Notification.class));
        } catch (IOException e) {
            LOG.warn("Offset {} of {} is not an outcome and is left out", record.offset(), record.topic());
        }
    }

    @Override
    public void save(Notification outcome) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                Topics.NOTIFICATIONS,
                outcome.key().getBytes(StandardCharsets.UTF_8),
                Json.text(outcome).getBytes(StandardCharsets.UTF_8));
        try {
            Future<RecordMetadata> sent = producer.send(record, (metadata, failure) -> {
                if (failure != null) {
                    LOG.error("An outcome is lost; after a restart its message may be sent again", failure);
                }
            });
            sent.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("Kafka is slow to take an outcome; it stays in the producer and delivery goes on");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | KafkaException e) {
            LOG.error("An outcome could not be stored; after a restart its message may be sent again", e);
        }
    }

    @Override
    public void close() {
        producer.close(PATIENCE);
    }
}
