package io.shopwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.KafkaUnderTest;
import io.shopwatch.TopicTail;
import io.shopwatch.domain.event.EventStream;
import io.shopwatch.wire.Decoded;
import io.shopwatch.wire.EventDecoder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** {@code simulate} into a real broker. */
class SimulateITCase {

    /** What {@code events.max-ahead} is unless it is set. */
    private static final Duration MAX_AHEAD = Duration.ofMinutes(5);

    @Test
    void everyTopicGetsEventsThatTheJobsAccept() throws Exception {
        String servers = KafkaUnderTest.emptied();
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();

        // Begun ten minutes ago, so that there are orders: what is past is sent at once, the rest as time goes.
        int exit = Main.run(
                new String[] {
                    "simulate",
                    "--from=" + Instant.now().minus(Duration.ofMinutes(10)),
                    "--duration=602s",
                    "--rate=20",
                    "--set=kafka.bootstrap.servers=" + servers
                },
                new PrintWriter(out),
                new PrintWriter(err));

        assertThat(exit).as("%s", err).isZero();
        long arrived = 0;
        for (EventStream stream : EventStream.values()) {
            EventDecoder decoder = new EventDecoder(stream, MAX_AHEAD);
            try (TopicTail<ConsumerRecord<byte[], byte[]>> topic = TopicTail.of(servers, stream.wireName())) {
                assertThat(topic.read()).as("%s", stream).isNotEmpty().allSatisfy(record -> {
                    Decoded decoded = decoder.decode(record.value(), System.currentTimeMillis());
                    assertThat(decoded.isAccepted()).as("%s", decoded).isTrue();
                    assertThat(record.key()).isNotEmpty();
                });
                arrived += topic.read().size();
            }
        }
        assertThat(out.toString()).startsWith(String.format("%,d events: ", arrived));
    }
}
