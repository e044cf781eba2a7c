package io.shopwatch.job.common;

import io.shopwatch.domain.event.CompactBytes;
import java.io.IOException;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;

/** Bytes that a state backend keeps as the value of their key. */
final class StoredBytes extends KeyedBytes {
    private final ValueState<byte[]> state;
    private byte[] found;

    StoredBytes(ValueState<byte[]> state) {
        this.state = state;
    }

    static ValueStateDescriptor<byte[]> descriptor(String name) {
        return new ValueStateDescriptor<>(name, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
    }

    @Override
    public boolean find() throws IOException {
        found = state.value();
        return found != null;
    }

    @Override
    public byte[] array() {
        return found;
    }

    @Override
    public int offset() {
        return 0;
    }

    @Override
    public void write(CompactBytes written) throws IOException {
        state.update(written.toBytes());
    }

    @Override
    public void clear() {
        state.clear();
    }
}
