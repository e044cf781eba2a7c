package io.shopwatch.notify;

import io.shopwatch.wire.Alert;
import io.shopwatch.wire.Json;
import io.shopwatch.wire.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topic {@code alerts}, from its beginning on: first all that is there at once, then what comes. */
final class AlertFeed {
    private static final Logger LOG = LoggerFactory.getLogger(AlertFeed.class);
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaClients clients;
    private final Clock clock;

    AlertFeed(KafkaClients clients, Clock clock) {
        this.clients = clients;
        this.clock = clock;
    }

    /**
     * Reads until told to stop.
     *
     * @param sink takes batches; the first one is everything there was, perhaps nothing, in the order it was written
     * @throws org.apache.kafka.common.KafkaException if Kafka refuses; reading may begin anew
     */
    void read(BooleanSupplier open, Consumer<List<ReceiverQueue.Incoming>> sink) {
        try (org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer =
                clients.readFromBeginning(Topics.ALERTS)) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            List<ReceiverQueue.Incoming> history = new ArrayList<>();
            while (open.getAsBoolean()
                    && ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(POLL).forEach(record -> add(record, true, history));
            }
            sink.accept(history);
            while (open.getAsBoolean()) {
                List<ReceiverQueue.Incoming> news = new ArrayList<>();
                consumer.poll(POLL).forEach(record -> add(record, false, news));
                if (!news.isEmpty()) {
                    sink.accept(news);
                }
            }
        }
    }

    private void add(ConsumerRecord<byte[], byte[]> record, boolean history, List<ReceiverQueue.Incoming> to) {
        // The producer's own timestamp may be event time, years ago in a replay: news is then as old as its arrival.
        boolean arrival = record.timestampType() == TimestampType.LOG_APPEND_TIME || history;
        Instant since = arrival ? Instant.ofEpochMilli(record.timestamp()) : clock.instant();
        if (record.value() == null) {
            if (record.key() != null) {
                String id = new String(record.key(), StandardCharsets.UTF_8);
                to.add(new ReceiverQueue.Incoming(id, null, since, history));
            }
            return;
        }
        try {
            Alert alert = Json.read(record.value(), Alert.class);
            if (alert != null && alert.id() != null && isStatus(alert.status())) {
                to.add(new ReceiverQueue.Incoming(alert.id(), alert, since, history));
                return;
            }
        } catch (IOException e) {
            LOG.debug("Not an alert", e);
        }
        LOG.warn(
                "Offset {} of {}-{} is not an alert and is left out",
                record.offset(),
                record.topic(),
                record.partition());
    }

    private static boolean isStatus(String status) {
        return AlertMessage.FIRING.equals(status) || AlertMessage.RESOLVED.equals(status);
    }
}
