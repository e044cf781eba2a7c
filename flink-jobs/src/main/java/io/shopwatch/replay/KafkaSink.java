package io.shopwatch.replay;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.kafka.KafkaTopics;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Topics;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends events to the input topics. The client retries through a broker's hiccup, without doubles; only when the
 * delivery timeout (two minutes unless {@code kafka.delivery.timeout.ms} says otherwise) has passed is a record given
 * up, and then the next call says so.
 */
public final class KafkaSink implements RecordSink {
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(15);

    private final String servers;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    private KafkaSink(String servers, Map<String, Object> properties) {
        this.servers = servers;
        producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Connects, and creates the input topics that are missing.
     *
     * @throws IOException if Kafka does not answer within 15 s, or refuses
     */
    public static KafkaSink open(Settings.Kafka kafka) throws IOException {
        Map<String, Object> properties = new HashMap<>(kafka.clientProperties());
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        try {
            KafkaTopics.ensure(kafka, Topics.INPUTS, FIRST_ANSWER);
            properties.put(ProducerConfig.ACKS_CONFIG, "all");
            properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
            properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
            properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 20);
            properties.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
            // A full buffer during a hiccup waits as long as a record may take.
            properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 120_000);
            return new KafkaSink(kafka.bootstrapServers(), properties);
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (KafkaException e) {
            throw new IOException("Kafka at " + kafka.bootstrapServers() + ": " + reason(e), e);
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // The callback hears of the outcome.
    public void write(EventStream stream, String key, byte[] value) throws IOException {
        throwFailure();
        byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        try {
            producer.send(new ProducerRecord<>(stream.wireName(), keyBytes, value), (metadata, exception) -> {
                if (exception != null) {
                    failure.compareAndSet(null, exception);
                }
            });
        } catch (org.apache.kafka.common.errors.InterruptException e) {
            throw interrupted(e);
        } catch (KafkaException e) {
            failure.compareAndSet(null, e);
            throwFailure();
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            producer.flush();
        } catch (org.apache.kafka.common.errors.InterruptException e) {
            throw interrupted(e);
        }
        throwFailure();
    }

    @Override
    public void close() throws IOException {
        // Without a failure, waits for what is on its way; after one there is no point in waiting.
        producer.close(failure.get() == null ? Duration.ofMinutes(2) : Duration.ZERO);
        throwFailure();
    }

    private void throwFailure() throws IOException {
        Exception first = failure.get();
        if (first != null) {
            throw new IOException("Kafka at " + servers + ": " + reason(first), first);
        }
    }

    private static InterruptedIOException interrupted(Exception cause) {
        Thread.currentThread().interrupt();
        InterruptedIOException interrupted = new InterruptedIOException("interrupted while sending to Kafka");
        interrupted.initCause(cause);
        return interrupted;
    }

    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root instanceof KafkaException) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
