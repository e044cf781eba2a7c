package io.shopwatch.peers.streams;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** What the funnel reads of an event; everything else in the record is skipped. */
record Step(String type, String visitorId, String channel, long eventTime) {
    /** The event types that reach a step, in the order of the steps. */
    static final List<String> TYPES = List.of("view_item", "add_to_cart", "placed", "paid");

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final ObjectReader READER = JSON.readerFor(Step.class);
    private static final ObjectWriter WRITER = JSON.writerFor(Step.class);

    /** Whether it reaches a step at all. */
    boolean counts() {
        return TYPES.contains(type);
    }

    static Serde<Step> serde() {
        return Serdes.serdeFrom((topic, step) -> write(step), (topic, bytes) -> read(bytes));
    }

    private static byte[] write(Step step) {
        try {
            return WRITER.writeValueAsBytes(step);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Step read(byte[] bytes) {
        try {
            return READER.readValue(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
