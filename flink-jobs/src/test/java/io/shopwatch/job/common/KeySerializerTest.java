package io.shopwatch.job.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySerializerTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "v", "visitor-10000001", "浙江 👟"})
    void readsWhatItWrote(String key) throws IOException {
        assertThat(written(key)).isEqualTo(key);
    }

    @Test
    void tellsShortFromLong() throws IOException {
        for (int length : new int[] {253, 254, 255, 256, 70_000}) {
            String key = "k".repeat(length);
            assertThat(written(key)).isEqualTo(key);
        }
    }

    private static String written(String key) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(16);
        KeySerializer.INSTANCE.serialize(key, out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        String read = KeySerializer.INSTANCE.deserialize(in);
        assertThat(in.available()).isZero();
        return read;
    }
}
