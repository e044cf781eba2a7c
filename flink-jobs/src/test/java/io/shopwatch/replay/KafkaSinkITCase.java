package io.shopwatch.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.embedded.EmbeddedKafka;
import io.shopwatch.settings.Settings;
import io.shopwatch.simulate.Scenario;
import io.shopwatch.simulate.Simulation;
import io.shopwatch.simulate.SimulationConfig;
import io.shopwatch.simulate.SimulationRunner;
import io.shopwatch.wire.EventDecoder;
import io.shopwatch.wire.EventEncoder;
import io.shopwatch.wire.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaSinkITCase {
    private static final SimulationConfig TEN_SECONDS = SimulationConfig.of(
                    Instant.parse("2026-11-11T12:00:00Z"), Scenario.CALM)
            .lasting(Duration.ofSeconds(10));

    @TempDir
    private Path folder;

    @Test
    void everyEventArrivesOnceUnderItsKeyInTheTopicOfItsStream() throws Exception {
        try (EmbeddedKafka broker = EmbeddedKafka.start(folder.resolve("kafka"), "127.0.0.1", 0)) {
            Tally sent;
            try (RecordSink sink = KafkaSink.open(kafka(broker.bootstrapServers()))) {
                sent = new SimulationRunner(new Simulation(TEN_SECONDS), sink, Pace.ofSystem(), false, null)
                        .run(time -> {});
            }

            List<ConsumerRecord<byte[], byte[]>> records = readAll(broker.bootstrapServers());
            assertThat(records).hasSize((int) sent.total());
            List<ShopEvent> arrived = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                EventStream stream = EventStream.valueOf(record.topic().toUpperCase(Locale.ROOT));
                ShopEvent event =
                        new EventDecoder(stream, null).decode(record.value(), 0).event();
                assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo(EventEncoder.recordKey(event));
                arrived.add(event);
            }
            List<String> simulated = new ArrayList<>();
            new Simulation(TEN_SECONDS).forEachRemaining(event -> simulated.add(event.eventId()));
            assertThat(arrived).extracting(ShopEvent::eventId).containsExactlyInAnyOrderElementsOf(simulated);
        }
    }

    @Test
    void aBrokerThatIsNotThereIsNamed() throws IOException {
        int port = EmbeddedKafka.freePort("127.0.0.1");

        assertThatThrownBy(() -> KafkaSink.open(kafka("127.0.0.1:" + port)))
                .isInstanceOf(IOException.class)
                .hasMessage("Kafka at 127.0.0.1:" + port + " does not answer");
    }

    private static Settings.Kafka kafka(String servers) {
        return new Settings.Kafka(servers, 4, (short) 1, Map.of());
    }

    private static List<ConsumerRecord<byte[], byte[]>> readAll(String servers) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = Topics.INPUTS.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            assertThat(partitions).hasSize(16);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }
}
