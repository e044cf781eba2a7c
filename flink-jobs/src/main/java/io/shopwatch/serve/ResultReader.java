package io.shopwatch.serve;

import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all partitions of the result topics from the beginning, for ever, into the state. It belongs to no consumer
 * group and commits nothing: every start reads all there is, which compaction keeps small. Topics and partitions that
 * appear later are taken up; a broker that goes away is waited for.
 */
final class ResultReader implements AutoCloseable {

    /** What is read. */
    static final List<String> TOPICS = List.of(
            Topics.STATUS,
            Topics.FUNNELS,
            Topics.SALES,
            Topics.INVENTORY,
            Topics.ALERTS,
            Topics.BASELINES,
            Topics.DEAD_LETTERS);

    private static final Logger LOG = LoggerFactory.getLogger(ResultReader.class);

    private static final Duration POLL = Duration.ofMillis(200);
    /** How often the broker is asked for its topics, which also shows whether it is there. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(3);
    private static final long RETRY_MILLIS = 1000;
    private static final long CLOSE_MILLIS = 1500;

    private final Settings.Kafka kafka;
    private final ServeState state;
    private final Clock clock;
    private final TopicCreator topicCreator;
    private final Thread thread = new Thread(this::run, "shopwatch-result-reader");
    private final CountDownLatch closing = new CountDownLatch(1);

    /** Where each partition's history ended when it was first seen, and the offset that is read next. */
    private final Map<TopicPartition, Long> historyEnds = new HashMap<>();

    private final Map<TopicPartition, Long> next = new HashMap<>();
    /** Partitions whose history has not been read yet. */
    private final Set<TopicPartition> behind = new HashSet<>();

    private List<String> missing = TOPICS;

    private volatile KafkaConsumer<byte[], byte[]> consumer;
    private volatile Readiness readiness = new Readiness(false, "starting");
    private boolean reachable = true;

    /** @throws KafkaException if the client properties cannot be used */
    ResultReader(Settings.Kafka kafka, ServeState state, Clock clock) {
        this.kafka = kafka;
        this.state = state;
        this.clock = clock;
        this.topicCreator = new TopicCreator(kafka);
        this.consumer = connect();
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    Readiness readiness() {
        return readiness;
    }

    private KafkaConsumer<byte[], byte[]> connect() {
        Properties properties = new Properties();
        properties.putAll(kafka.clientProperties());
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "shopwatch-serve");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000");
        properties.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "100");
        properties.putIfAbsent(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "2000");
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private void run() {
        while (closing.getCount() > 0) {
            try {
                if (consumer == null) {
                    consumer = connect();
                    assign(List.copyOf(historyEnds.keySet()));
                }
                read();
            } catch (WakeupException | InterruptException e) {
                // Only close() wakes this thread; the loop's condition ends it.
                LOG.debug("Woken to stop reading");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                closing.countDown();
            } catch (KafkaException e) {
                lost("Kafka refuses the result topics: " + e.getMessage());
                disconnect();
            } catch (RuntimeException e) {
                // Nobody else would notice that this thread had ended.
                LOG.error("Reading results failed; starting again", e);
                lost("reading results failed: " + e);
                disconnect();
            }
        }
        closeConsumer();
    }

    /** Gives the consumer up and waits a little, so that the next one does not fail at once in the same way. */
    private void disconnect() {
        closeConsumer();
        try {
            closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closing.countDown();
        }
    }

    private void closeConsumer() {
        KafkaConsumer<byte[], byte[]> old = consumer;
        consumer = null;
        if (old != null) {
            old.close(CloseOptions.timeout(Duration.ofMillis(CLOSE_MILLIS / 3)));
        }
    }

    private void read() throws InterruptedException {
        long nextLook = System.nanoTime();
        while (closing.getCount() > 0) {
            if (System.nanoTime() - nextLook >= 0) {
                look();
                nextLook = System.nanoTime() + LOOK_NANOS;
            }
            if (historyEnds.isEmpty()) {
                // Nothing to read from yet: no topics, or no broker.
                closing.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
                continue;
            }
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            long now = clock.millis();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                take(record, now);
            }
            if (!records.isEmpty() || !readiness.ready()) {
                updateReadiness();
            }
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record, long now) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        boolean live = record.offset() >= historyEnds.getOrDefault(partition, 0L);
        // The producer's time may be the event's: then it says nothing about when the result came about. What is read
        // live came about now; of history that is the best there is, and keeps what is long over from coming back.
        boolean brokersTime = record.timestampType() == TimestampType.LOG_APPEND_TIME;
        long arrivedAt = brokersTime || !live ? Math.min(record.timestamp(), now) : now;
        state.accept(record.topic(), record.key(), record.value(), arrivedAt, live);
        next.put(partition, record.offset() + 1);
    }

    /** Takes up partitions that are new, and notices whether the broker answers. */
    private void look() {
        Map<String, List<PartitionInfo>> topics;
        try {
            topics = consumer.listTopics(LOOK_TIMEOUT);
            List<TopicPartition> known = new ArrayList<>(historyEnds.keySet());
            List<TopicPartition> added = new ArrayList<>();
            for (String topic : TOPICS) {
                for (PartitionInfo info : topics.getOrDefault(topic, List.of())) {
                    TopicPartition partition = new TopicPartition(topic, info.partition());
                    if (!historyEnds.containsKey(partition)) {
                        added.add(partition);
                    }
                }
            }
            if (!added.isEmpty()) {
                Map<TopicPartition, Long> ends = consumer.endOffsets(added, LOOK_TIMEOUT);
                known.addAll(added);
                historyEnds.putAll(ends);
                behind.addAll(added);
                assign(known);
            }
        } catch (TimeoutException e) {
            lost("Kafka at " + kafka.bootstrapServers() + " does not answer");
            return;
        }
        if (!reachable) {
            reachable = true;
            LOG.warn("Kafka at {} answers again", kafka.bootstrapServers());
        }
        missing = TOPICS.stream().filter(topic -> !topics.containsKey(topic)).toList();
        if (!missing.isEmpty()) {
            topicCreator.create(missing);
        }
        updateReadiness();
    }

    private void assign(List<TopicPartition> partitions) {
        consumer.assign(partitions);
        for (TopicPartition partition : partitions) {
            Long offset = next.get(partition);
            if (offset == null) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, offset);
            }
        }
    }

    private void lost(String reason) {
        if (reachable) {
            reachable = false;
            LOG.warn("{}; waiting for it", reason);
        }
        readiness = new Readiness(false, reason);
    }

    private void updateReadiness() {
        if (!reachable) {
            return;
        }
        if (!missing.isEmpty()) {
            readiness = new Readiness(false, "waiting for topics: " + String.join(", ", missing));
            return;
        }
        long left = 0;
        for (TopicPartition partition : List.copyOf(behind)) {
            long ahead = historyEnds.get(partition) - consumer.position(partition, LOOK_TIMEOUT);
            left += Math.max(0, ahead);
            if (ahead <= 0) {
                behind.remove(partition);
            }
        }
        readiness = behind.isEmpty()
                ? new Readiness(true, "all results read")
                : new Readiness(false, "reading history: " + left + " records left");
    }

    /** Stops reading; waits for the thread for at most {@value #CLOSE_MILLIS} ms. */
    @Override
    public void close() {
        closing.countDown();
        KafkaConsumer<byte[], byte[]> current = consumer;
        if (current != null) {
            current.wakeup();
        }
        try {
            if (thread.isAlive()) {
                thread.join(CLOSE_MILLIS);
            } else {
                closeConsumer();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
