package io.shopwatch.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shopwatch.KafkaUnderTest;
import io.shopwatch.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Topics on a real broker. */
class KafkaTopicsITCase {

    private static final int PARTITIONS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void takesRecordsFromAProducerThatSendsAtOnce() throws Exception {
        Settings.Kafka kafka = KafkaUnderTest.emptied(PARTITIONS);
        // Many records on their way at once: what a partition without a leader refuses, it must not accept a part of.
        Map<String, Object> properties = Map.of(
                "bootstrap.servers", kafka.bootstrapServers(),
                "batch.size", "200",
                "linger.ms", "0",
                "delivery.timeout.ms", "31000");
        // Connected once, so that there is no time between a topic's creation and its first records.
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int round = 0; round < 8; round++) {
                int number = round;
                List<String> topics = IntStream.range(0, 8)
                        .mapToObj(i -> "topic-" + number + "-" + i)
                        .toList();

                KafkaTopics.ensure(kafka, topics, PATIENCE);

                List<Future<RecordMetadata>> sent = new ArrayList<>();
                for (int record = 0; record < 20; record++) {
                    for (String topic : topics) {
                        for (int partition = 0; partition < PARTITIONS; partition++) {
                            sent.add(producer.send(new ProducerRecord<>(topic, partition, null, new byte[100])));
                        }
                    }
                }
                for (Future<RecordMetadata> one : sent) {
                    assertThat(one.get().hasOffset()).isTrue();
                }
            }
        }
    }

    @Test
    void leavesTopicsThatExistAsTheyAre() throws Exception {
        Settings.Kafka kafka = KafkaUnderTest.emptied(PARTITIONS);
        List<String> topics = List.of("there");
        KafkaTopics.ensure(kafka, topics, PATIENCE);

        KafkaTopics.ensure(
                new Settings.Kafka(kafka.bootstrapServers(), PARTITIONS + 1, (short) 1, Map.of()),
                List.of("there", "new"),
                PATIENCE);

        try (var admin = KafkaAdmin.open(kafka, PATIENCE)) {
            var described = admin.describeTopics(List.of("there", "new"))
                    .allTopicNames()
                    .get();
            assertThat(described.get("there").partitions()).hasSize(PARTITIONS);
            assertThat(described.get("new").partitions()).hasSize(PARTITIONS + 1);
        }
    }

    @Test
    void namesTheTopicThatMayNotBeCreated() throws Exception {
        Settings.Kafka kafka = KafkaUnderTest.emptied(PARTITIONS);

        assertThatExceptionOfType(TopicRefusedException.class)
                .isThrownBy(() -> KafkaTopics.ensure(kafka, List.of("a topic"), PATIENCE))
                .withMessageContaining("topic a topic is missing and can't be created: ")
                .satisfies(refused -> assertThat(refused.topic()).isEqualTo("a topic"));
    }
}
