package io.shopwatch.replay;

import io.shopwatch.domain.event.EventStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Keeps what it is sent. */
final class MemorySink implements RecordSink {
    record Sent(EventStream stream, String key, String value) {}

    final List<Sent> sent = new ArrayList<>();
    int flushed;

    @Override
    public void write(EventStream stream, String key, byte[] value) {
        sent.add(new Sent(stream, key, new String(value, StandardCharsets.UTF_8)));
    }

    @Override
    public void flush() {
        flushed = sent.size();
    }

    @Override
    public void close() {
        flush();
    }
}
