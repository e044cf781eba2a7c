package io.shopwatch.job.common;

import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics that are missing, before a job reads or writes them. */
public final class KafkaTopics {
    private static final int ANSWER_SECONDS = 15;

    private KafkaTopics() {}

    /**
     * Makes sure that all topics exist.
     *
     * @throws IOException if Kafka does not answer, or a topic is missing and may not be created
     */
    public static void ensure(Settings.Kafka kafka) throws IOException, InterruptedException {
        Map<String, Object> properties = new HashMap<>(kafka.clientProperties());
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        // Closing waits for calls that are still under way: a minute, unless they give up when we do.
        properties.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Integer.toString((int)
                Duration.ofSeconds(ANSWER_SECONDS).toMillis()));
        properties.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Integer.toString((int)
                Duration.ofSeconds(ANSWER_SECONDS).toMillis()));
        List<String> topics = new ArrayList<>(Topics.INPUTS);
        topics.addAll(Topics.COMPACTED);
        topics.add(Topics.DEAD_LETTERS);
        try (Admin admin = Admin.create(properties)) {
            Set<String> existing = admin.listTopics().names().get(ANSWER_SECONDS, TimeUnit.SECONDS);
            List<NewTopic> missing = topics.stream()
                    .filter(topic -> !existing.contains(topic))
                    .map(topic -> new NewTopic(topic, kafka.partitions(), kafka.replicationFactor())
                            .configs(Topics.configOf(topic)))
                    .toList();
            for (var created : admin.createTopics(missing).values().values()) {
                try {
                    created.get(ANSWER_SECONDS, TimeUnit.SECONDS);
                } catch (ExecutionException e) {
                    // Somebody else, serve for instance, was quicker.
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw e;
                    }
                }
            }
        } catch (TimeoutException e) {
            throw new IOException("Kafka at " + kafka.bootstrapServers() + " does not answer", e);
        } catch (ExecutionException e) {
            throw new IOException(
                    "Kafka at " + kafka.bootstrapServers() + ": " + e.getCause().getMessage(), e);
        }
    }
}
