package io.shopwatch.serve;

import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Topics;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates result topics that are not there yet, so that {@code serve} may be the first to start. Where it is not allowed
 * to, it says so once and leaves it to the jobs.
 */
final class TopicCreator {
    private static final Logger LOG = LoggerFactory.getLogger(TopicCreator.class);
    private static final int TIMEOUT_MILLIS = 3000;

    private final Settings.Kafka kafka;
    private final Set<String> refused = new HashSet<>();

    TopicCreator(Settings.Kafka kafka) {
        this.kafka = kafka;
    }

    void create(List<String> topics) {
        List<NewTopic> wanted = topics.stream()
                .filter(topic -> !refused.contains(topic))
                .map(topic -> new NewTopic(topic, kafka.partitions(), kafka.replicationFactor())
                        .configs(Topics.configOf(topic)))
                .toList();
        if (wanted.isEmpty()) {
            return;
        }
        Properties properties = new Properties();
        properties.putAll(kafka.clientProperties());
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        properties.put(AdminClientConfig.CLIENT_ID_CONFIG, "shopwatch-serve-topics");
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Integer.toString(TIMEOUT_MILLIS));
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Integer.toString(TIMEOUT_MILLIS));
        Admin admin = Admin.create(properties);
        try {
            Map<String, KafkaFuture<Void>> created = admin.createTopics(wanted).values();
            for (Map.Entry<String, KafkaFuture<Void>> one : created.entrySet()) {
                await(one.getKey(), one.getValue());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    private void await(String topic, KafkaFuture<Void> created) throws InterruptedException {
        try {
            created.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.debug("Topic {} not created in time; the next look tries again", topic);
        } catch (ExecutionException e) {
            // Somebody else may create the same topics just now; a broker that is slow is asked again.
            if (!(e.getCause() instanceof TopicExistsException)
                    && !(e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException)) {
                refused.add(topic);
                LOG.warn(
                        "Topic {} is missing and cannot be created: {}",
                        topic,
                        e.getCause().getMessage());
            }
        }
    }
}
