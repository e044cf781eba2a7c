package io.shopwatch.replay;

import io.shopwatch.domain.event.EventStream;
import java.io.Closeable;
import java.io.IOException;

/** Where events are sent, already as bytes. */
public interface RecordSink extends Closeable {

    /**
     * Sends a record, perhaps later.
     *
     * @param key the record's key, or null where the value is not an event
     * @throws IOException if this record, or one before it, can't be delivered
     */
    void write(EventStream stream, String key, byte[] value) throws IOException;

    /**
     * Returns when everything written so far has been delivered.
     *
     * @throws IOException if something can't be delivered
     */
    void flush() throws IOException;

    /** Delivers what is left, and ends. */
    @Override
    void close() throws IOException;
}
