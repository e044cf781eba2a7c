package io.shopwatch.kafka;

import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Creates the topics that are missing, before anything is read from them or written to them, and waits until they can be
 * used.
 *
 * <p>Kafka reports a topic as created before its partitions have leaders that take records. An idempotent producer that
 * sends at once has its first batch refused and a later one, already on its way, accepted: the first is then out of
 * sequence for ever, and nothing more reaches that partition until the delivery timeout gives its records up.
 */
public final class KafkaTopics {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final long AGAIN_MILLIS = 50;

    private KafkaTopics() {}

    /**
     * Makes sure that all of Shopwatch's topics exist and answer.
     *
     * @throws TopicRefusedException if a topic is missing and may not be created
     * @throws IOException if Kafka does not answer within 15 s, or refuses
     */
    public static void ensure(Settings.Kafka kafka) throws IOException, InterruptedException {
        ensure(kafka, Topics.ALL, PATIENCE);
    }

    /**
     * Makes sure that the topics exist and answer.
     *
     * @throws TopicRefusedException if a topic is missing and may not be created
     * @throws IOException if Kafka does not answer in time, or refuses
     */
    public static void ensure(Settings.Kafka kafka, Collection<String> topics, Duration patience)
            throws IOException, InterruptedException {
        String at = "Kafka at " + kafka.bootstrapServers();
        long deadline = System.nanoTime() + patience.toNanos();
        try (Admin admin = KafkaAdmin.open(kafka, patience)) {
            Set<String> existing = get(admin.listTopics().names(), deadline);
            List<NewTopic> missing = topics.stream()
                    .filter(topic -> !existing.contains(topic))
                    .map(topic -> new NewTopic(topic, kafka.partitions(), kafka.replicationFactor())
                            .configs(Topics.configOf(topic)))
                    .toList();
            for (var created : admin.createTopics(missing).values().entrySet()) {
                awaitCreated(at, created.getKey(), created.getValue(), deadline);
            }
            awaitLeaders(admin, topics, deadline);
        } catch (TimeoutException | org.apache.kafka.common.errors.TimeoutException e) {
            throw new IOException(at + " does not answer", e);
        } catch (KafkaException e) {
            throw new IOException(at + ": " + reason(e), e);
        }
    }

    private static void awaitCreated(String at, String topic, KafkaFuture<Void> created, long deadline)
            throws TopicRefusedException, InterruptedException, TimeoutException {
        try {
            get(created, deadline);
        } catch (TopicExistsException e) {
            // Somebody else, serve for instance, was quicker.
            return;
        } catch (org.apache.kafka.common.errors.RetriableException e) {
            // The broker is slow or just starting, and may do it the next time.
            throw e;
        } catch (KafkaException e) {
            throw new TopicRefusedException(
                    topic, at + ": topic " + topic + " is missing and can't be created: " + reason(e), e);
        }
    }

    /** Waits until the leader of each partition says where its log ends; from then on it takes records. */
    private static void awaitLeaders(Admin admin, Collection<String> topics, long deadline)
            throws InterruptedException, TimeoutException {
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        for (TopicDescription topic : describe(admin, topics, deadline)) {
            topic.partitions()
                    .forEach(partition -> partitions.put(
                            new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest()));
        }
        get(admin.listOffsets(partitions).all(), deadline);
    }

    private static Collection<TopicDescription> describe(Admin admin, Collection<String> topics, long deadline)
            throws InterruptedException, TimeoutException {
        while (true) {
            try {
                return get(admin.describeTopics(topics).allTopicNames(), deadline)
                        .values();
            } catch (UnknownTopicOrPartitionException e) {
                // The controller knows a new topic before the brokers do.
                if (System.nanoTime() >= deadline) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(AGAIN_MILLIS);
            }
        }
    }

    /** The future's value; its failure is thrown as it is. */
    private static <T> T get(KafkaFuture<T> future, long deadline) throws InterruptedException, TimeoutException {
        try {
            return future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e.getCause());
        }
    }

    /** What is at the bottom of a failure. */
    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root instanceof KafkaException) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
