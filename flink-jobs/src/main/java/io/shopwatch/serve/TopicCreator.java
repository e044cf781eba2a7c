package io.shopwatch.serve;

import io.shopwatch.kafka.KafkaTopics;
import io.shopwatch.kafka.TopicRefusedException;
import io.shopwatch.settings.Settings;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates result topics that are not there yet, so that {@code serve} may be the first to start. Where it is not allowed
 * to, it says so once and leaves it to the jobs.
 */
final class TopicCreator {
    private static final Logger LOG = LoggerFactory.getLogger(TopicCreator.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Settings.Kafka kafka;
    private final Set<String> refused = new HashSet<>();

    TopicCreator(Settings.Kafka kafka) {
        this.kafka = kafka;
    }

    void create(List<String> topics) {
        List<String> wanted =
                topics.stream().filter(topic -> !refused.contains(topic)).toList();
        if (wanted.isEmpty()) {
            return;
        }
        try {
            KafkaTopics.ensure(kafka, wanted, PATIENCE);
        } catch (TopicRefusedException e) {
            refused.add(e.topic());
            LOG.warn("{}", e.getMessage());
        } catch (IOException e) {
            LOG.debug("Topics not created; the next look tries again", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
