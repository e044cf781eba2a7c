package io.shopwatch.replay;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.wire.DeadLetterReason;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A line that is no event.
 *
 * @param file where it stands
 * @param line its number there; the first is 1
 * @param stream the stream it was meant for, or null where that can't be told
 * @param detail what is wrong with it, for a person
 * @param raw the line without its end
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
public record Reject(Path file, long line, EventStream stream, DeadLetterReason reason, String detail, byte[] raw) {

    /** Hears of rejected lines. */
    @FunctionalInterface
    public interface Handler {
        /** @throws IOException if the rejected line can't be noted */
        void rejected(Reject reject) throws IOException;
    }
}
