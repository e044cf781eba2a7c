package io.shopwatch.bench;

import io.shopwatch.domain.event.EventType;
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
 * @param density events per second of event time
 * @param visitors visitors they come from
 * @param last what the open funnel comes to
 */
record Backlog(long events, long bytes, int density, int visitors, LastFigures last) {
    /** So many keys fall into every partition. */
    private static final int CLOSING = 64;

    /** Creates the topics and writes that many events of {@link Traffic}. */
    static Backlog write(long events, int visitors, int density, Settings settings)
            throws IOException, InterruptedException {
        Traffic traffic = new Traffic(visitors, density);
        LastFigures last = new LastFigures(Math.floorDiv(Traffic.timeOf(events - 1, density), 1000L) * 1000 + 1000);
        KafkaTopics.ensure(settings.kafka());
        long bytes = 0;
        try (KafkaSink sink = KafkaSink.open(settings.kafka())) {
            for (long i = 0; i < events; i++) {
                ShopEvent event = traffic.next();
                last.add(event);
                byte[] value = EventEncoder.encode(event);
                bytes += value.length;
                sink.write(event.stream(), EventEncoder.recordKey(event), value);
            }
            sink.flush();
        }
        return new Backlog(events, bytes, density, visitors, last);
    }

    /**
     * Writes an event a little later than all others, and of no step, to each partition, so that event time passes the last
     * windows though nothing follows.
     *
     * @return number of events
     */
    long close(Settings settings) throws IOException, InterruptedException {
        long time = Traffic.timeOf(events, density) + 10_000;
        try (KafkaSink sink = KafkaSink.open(settings.kafka())) {
            for (int i = 0; i < CLOSING; i++) {
                String id = "end-" + i;
                write(
                        sink,
                        ShopEvent.builder(EventType.PAGE_VIEW, id, time)
                                .visitor(id)
                                .build());
                write(
                        sink,
                        ShopEvent.builder(EventType.BEGIN_CHECKOUT, id, time)
                                .visitor(id)
                                .build());
                write(
                        sink,
                        ShopEvent.builder(EventType.SHIPPED, id, time)
                                .visitor(id)
                                .order(id)
                                .build());
            }
            sink.flush();
        }
        return 3L * CLOSING;
    }

    private static void write(KafkaSink sink, ShopEvent event) throws IOException, InterruptedException {
        sink.write(event.stream(), EventEncoder.recordKey(event), EventEncoder.encode(event));
    }
}
