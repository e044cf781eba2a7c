package io.shopwatch.job.common;

import io.shopwatch.domain.event.Backlog;
import io.shopwatch.kafka.KafkaAdmin;
import io.shopwatch.settings.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/**
 * Topics in Kafka.
 *
 * @param kafka where it is
 * @param topics which topics
 */
record KafkaLogs(Settings.Kafka kafka, List<String> topics) implements Logs {

    /** Rather asked anew than waited for: an answer from long ago says nothing of now. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    @Override
    public Probe open() {
        return new KafkaProbe(KafkaAdmin.open(kafka, ANSWER), topics);
    }

    /** Which partitions there are, and where their records begin, changes rarely; where they end is asked each time. */
    private static final class KafkaProbe implements Probe {
        private static final long REFRESH_NANOS = 1_000_000_000;

        private final Admin admin;
        private final List<String> topics;
        private volatile Map<TopicPartition, Long> begins = Map.of();
        private volatile long refreshedAt;

        KafkaProbe(Admin admin, List<String> topics) {
            this.admin = admin;
            this.topics = topics;
        }

        @Override
        public CompletionStage<Map<String, Backlog.Extent>> extents() {
            boolean fresh = !begins.isEmpty() && System.nanoTime() - refreshedAt < REFRESH_NANOS;
            return fresh ? ends(begins) : refreshed().thenCompose(this::ends);
        }

        private CompletionStage<Map<TopicPartition, Long>> refreshed() {
            long asked = System.nanoTime();
            return admin.describeTopics(topics)
                    .allTopicNames()
                    .toCompletionStage()
                    .thenCompose(described -> offsets(partitions(described), OffsetSpec.earliest()))
                    .thenApply(offsets -> {
                        begins = offsets;
                        refreshedAt = asked;
                        return offsets;
                    });
        }

        private static Set<TopicPartition> partitions(Map<String, TopicDescription> described) {
            Set<TopicPartition> partitions = new HashSet<>();
            described.forEach((topic, description) -> description
                    .partitions()
                    .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition()))));
            return partitions;
        }

        private CompletionStage<Map<String, Backlog.Extent>> ends(Map<TopicPartition, Long> from) {
            return offsets(from.keySet(), OffsetSpec.latest()).thenApply(ends -> {
                Map<String, Backlog.Extent> extents = new HashMap<>();
                ends.forEach((partition, end) -> extents.put(
                        Pulse.nameOf(partition.topic(), partition.partition()),
                        new Backlog.Extent(from.get(partition), end)));
                return extents;
            });
        }

        private CompletionStage<Map<TopicPartition, Long>> offsets(Set<TopicPartition> partitions, OffsetSpec which) {
            Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
            partitions.forEach(partition -> asked.put(partition, which));
            return admin.listOffsets(asked).all().toCompletionStage().thenApply(found -> {
                Map<TopicPartition, Long> offsets = new HashMap<>();
                found.forEach((partition, info) -> offsets.put(partition, info.offset()));
                return offsets;
            });
        }

        @Override
        public void close() {
            admin.close(Duration.ZERO);
        }
    }
}
