package io.shopwatch.notify;

import io.shopwatch.kafka.KafkaTopics;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Kafka clients of the notifier: the settings' own properties, and what delivery depends on. */
final class KafkaClients {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Settings.Kafka settings;

    KafkaClients(Settings.Kafka settings) {
        this.settings = settings;
    }

    /** A consumer that starts at the beginning of all partitions of a topic, and commits nothing. */
    Consumer<byte[], byte[]> readFromBeginning(String topic) {
        Map<String, Object> properties = common();
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            List<TopicPartition> partitions = new ArrayList<>();
            consumer.partitionsFor(topic, PATIENCE)
                    .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition())));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            return consumer;
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    Producer<byte[], byte[]> producer() {
        Map<String, Object> properties = common();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        // An outcome is worth waiting for as long as the process lives; a lost one is a message sent twice.
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.toString(Integer.MAX_VALUE));
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "10000");
        // Delivery waits for each outcome; there is nothing to gather.
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        // Outcomes are rare; the topic's metadata must not be forgotten between two.
        properties.put(
                ProducerConfig.METADATA_MAX_IDLE_CONFIG,
                Long.toString(Duration.ofDays(365).toMillis()));
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Makes the topics that delivery reads and writes, where they are missing.
     *
     * @throws IOException if the broker does not answer, or refuses
     */
    void createTopics() throws IOException, InterruptedException {
        KafkaTopics.ensure(settings, List.of(Topics.ALERTS, Topics.NOTIFICATIONS), PATIENCE);
    }

    private Map<String, Object> common() {
        Map<String, Object> properties = new HashMap<>(settings.clientProperties());
        properties.put("bootstrap.servers", settings.bootstrapServers());
        return properties;
    }
}
