package io.shopwatch.bench;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.job.common.KafkaTopics;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.EventEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
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

    /** Creates the topics and writes the first {@code events} of the traffic. */
    static Backlog write(Traffic traffic, long events, Settings settings) throws IOException, InterruptedException {
        KafkaTopics.ensure(settings.kafka());
        Map<String, Object> properties = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                settings.kafka().bootstrapServers(),
                ProducerConfig.BATCH_SIZE_CONFIG,
                256 * 1024,
                ProducerConfig.LINGER_MS_CONFIG,
                20,
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                128L * 1024 * 1024);
        long bytes = 0;
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long i = 0; i < events; i++) {
                ShopEvent event = traffic.next();
                byte[] value = EventEncoder.encode(event);
                bytes += value.length;
                byte[] key = EventEncoder.recordKey(event).getBytes(StandardCharsets.UTF_8);
                EventStream stream = event.stream();
                var unused = producer.send(new ProducerRecord<>(stream.wireName(), key, value), (record, error) -> {
                    if (error != null) {
                        failure.compareAndSet(null, error);
                    }
                });
            }
        }
        if (failure.get() != null) {
            throw new IOException("the backlog could not be written", failure.get());
        }
        return new Backlog(events, bytes);
    }
}
