package io.shopwatch.job.common;

import io.shopwatch.domain.event.CompactBytes;
import java.io.IOException;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;

/**
 * A few bytes per key, which say themselves where they end. Where the state backend keeps the very array that it hands
 * out, new bytes are written over the old ones if they fit: an array that grows old and is then replaced costs the garbage
 * collector more than an event costs otherwise.
 */
public final class KeyedBytes {
    /** Objects on the heap are as long as a multiple of this: bytes up to there cost nothing. */
    private static final int GRAIN = 8;

    /** Who has come to so many will come to more: a quarter of it is added, so that not each event needs a new array. */
    private static final int LARGE = 96;

    private final ValueState<byte[]> state;
    private final boolean inPlace;

    KeyedBytes(ValueState<byte[]> state, boolean inPlace) {
        this.state = state;
        this.inPlace = inPlace;
    }

    static ValueStateDescriptor<byte[]> descriptor(String name) {
        return new ValueStateDescriptor<>(name, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
    }

    /** Bytes of the current key, or null; good until they are written or cleared. There may be others behind the end. */
    public byte[] read() throws IOException {
        return state.value();
    }

    /**
     * Keeps what was written for the current key.
     *
     * @param stored what {@link #read} returned for the same key in the same call
     */
    public void write(CompactBytes written, byte[] stored) throws IOException {
        if (!inPlace) {
            state.update(written.toBytes());
        } else if (stored != null && stored.length >= written.length()) {
            written.copyTo(stored);
        } else {
            byte[] bytes = new byte[roomFor(written.length())];
            written.copyTo(bytes);
            state.update(bytes);
        }
    }

    private static int roomFor(int length) {
        int room = length < LARGE ? length : length + length / 4;
        return (room + GRAIN - 1) / GRAIN * GRAIN;
    }

    /** Forgets the current key. */
    public void clear() {
        state.clear();
    }
}
