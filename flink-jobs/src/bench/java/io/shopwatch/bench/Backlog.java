package io.shopwatch.bench;

import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.kafka.KafkaTopics;
import io.shopwatch.replay.KafkaSink;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.EventEncoder;
import java.io.IOException;

/**
 * Events in Kafka before anything is measured.
 *
 * @param events number of events
 * @param bytes bytes of all their values
 */
record Backlog(long events, long bytes) {

    /** Creates the topics and writes the first {@code events} of the traffic. */
    static Backlog write(Traffic traffic, long events, Settings settings) throws IOException, InterruptedException {
        KafkaTopics.ensure(settings.kafka());
        long bytes = 0;
        try (KafkaSink sink = KafkaSink.open(settings.kafka())) {
            for (long i = 0; i < events; i++) {
                ShopEvent event = traffic.next();
                byte[] value = EventEncoder.encode(event);
                bytes += value.length;
                sink.write(event.stream(), EventEncoder.recordKey(event), value);
            }
            sink.flush();
        }
        return new Backlog(events, bytes);
    }
}
