package io.shopwatch.bench;

import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.job.common.KafkaTopics;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.EventEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Events in Kafka before anything is measured.
 *
 * @param events number of events
 * @param bytes bytes of all their values
 */
record Backlog(long events, long bytes) {
    private static final int ATTEMPTS = 5;

    /** Creates the topics and writes the first {@code events} of the traffic. */
    static Backlog write(Traffic traffic, long events, Settings settings) throws IOException, InterruptedException {
        KafkaTopics.ensure(settings.kafka());
        // A broker that has just started may leave a first batch unanswered; waiting two minutes for it helps nobody.
        Map<String, Object> properties = Map.of(
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                10_000,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                20_000,
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                settings.kafka().bootstrapServers(),
                ProducerConfig.BATCH_SIZE_CONFIG,
                256 * 1024,
                ProducerConfig.LINGER_MS_CONFIG,
                20,
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                128L * 1024 * 1024);
        long bytes = 0;
        Queue<ProducerRecord<byte[], byte[]>> failed = new ConcurrentLinkedQueue<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long i = 0; i < events; i++) {
                ShopEvent event = traffic.next();
                byte[] value = EventEncoder.encode(event);
                bytes += value.length;
                byte[] key = EventEncoder.recordKey(event).getBytes(StandardCharsets.UTF_8);
                send(producer, new ProducerRecord<>(event.stream().wireName(), key, value), failed);
            }
            producer.flush();
            for (int attempt = 1; !failed.isEmpty(); attempt++) {
                if (attempt > ATTEMPTS) {
                    throw new IOException(
                            "the backlog lacks " + failed.size() + " events that the broker did not take");
                }
                List<ProducerRecord<byte[], byte[]>> again = new ArrayList<>(failed);
                failed.clear();
                again.forEach(record -> send(producer, record, failed));
                producer.flush();
            }
        }
        return new Backlog(events, bytes);
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer,
            ProducerRecord<byte[], byte[]> record,
            Queue<ProducerRecord<byte[], byte[]>> failed) {
        var unused = producer.send(record, (sent, error) -> {
            if (error != null) {
                failed.add(record);
            }
        });
    }
}
