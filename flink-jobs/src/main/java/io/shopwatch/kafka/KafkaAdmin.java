package io.shopwatch.kafka;

import io.shopwatch.settings.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Connections for questions about topics, not about their records. */
public final class KafkaAdmin {

    private KafkaAdmin() {}

    /**
     * A client with the user's own properties that gives a call up after {@code patience}.
     *
     * @throws org.apache.kafka.common.KafkaException if the client properties cannot be used
     */
    public static Admin open(Settings.Kafka kafka, Duration patience) {
        Map<String, Object> properties = new HashMap<>(kafka.clientProperties());
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        // Closing waits for calls that are still under way: a minute, unless they give up when we do.
        int millis = Math.toIntExact(patience.toMillis());
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
        return Admin.create(properties);
    }
}
