package io.shopwatch.job.common;

import io.shopwatch.domain.event.CompactBytes;
import java.io.IOException;

/** A few bytes per key, which say themselves where they end. */
public abstract class KeyedBytes {

    /**
     * Looks for the bytes of the current key.
     *
     * @return whether there are any; then {@link #array} and {@link #offset} say where, until they are written or cleared
     */
    public abstract boolean find() throws IOException;

    /** What holds the bytes that were found; there may be others behind their end. */
    public abstract byte[] array();

    /** Where the bytes that were found begin. */
    public abstract int offset();

    /** Keeps what was written for the current key, which must have been looked for since it became that. */
    public abstract void write(CompactBytes written) throws IOException;

    /** Forgets the current key, which must have been looked for since it became that. */
    public abstract void clear() throws IOException;
}
