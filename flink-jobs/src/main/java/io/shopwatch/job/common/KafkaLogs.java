package io.shopwatch.job.common;

import io.shopwatch.domain.event.Backlog;
import io.shopwatch.kafka.KafkaAdmin;
import io.shopwatch.settings.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
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

    private record KafkaProbe(Admin admin, List<String> topics) implements Probe {

        @Override
        public CompletionStage<Map<String, Backlog.Extent>> extents() {
            // New partitions of a growing shop are found at once.
            return admin.describeTopics(topics)
                    .allTopicNames()
                    .toCompletionStage()
                    .thenCompose(this::extentsOf);
        }

        private CompletionStage<Map<String, Backlog.Extent>> extentsOf(Map<String, TopicDescription> described) {
            Map<TopicPartition, OffsetSpec> first = new HashMap<>();
            Map<TopicPartition, OffsetSpec> last = new HashMap<>();
            described.forEach((topic, description) -> description.partitions().forEach(partition -> {
                first.put(new TopicPartition(topic, partition.partition()), OffsetSpec.earliest());
                last.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest());
            }));
            return offsets(first).thenCombine(offsets(last), (begins, ends) -> {
                Map<String, Backlog.Extent> extents = new HashMap<>();
                begins.forEach((partition, begin) -> extents.put(
                        Pulse.nameOf(partition.topic(), partition.partition()),
                        new Backlog.Extent(begin.offset(), ends.get(partition).offset())));
                return extents;
            });
        }

        private CompletionStage<Map<TopicPartition, ListOffsetsResultInfo>> offsets(
                Map<TopicPartition, OffsetSpec> which) {
            return admin.listOffsets(which).all().toCompletionStage();
        }

        @Override
        public void close() {
            admin.close(Duration.ZERO);
        }
    }
}
