package io.shopwatch.job.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class RecordPageTest {
    private static final RecordPage.Serializer SERIALIZER = new RecordPage.Serializer();

    /** Values by key, as they should be. */
    private final Map<String, byte[]> expected = new HashMap<>();

    private final Random random = new Random(3);
    private byte[] page = RecordPage.empty(0);

    private static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    /** Many keys have the same. */
    private static int hash(String key) {
        return key.hashCode() % 16;
    }

    private static int find(byte[] page, String key) {
        return RecordPage.find(page, hash(key), bytes(key));
    }

    private String anyKey() {
        int n = random.nextInt(40);
        return "k".repeat(n % 7 == 0 ? 130 : n % 5) + n;
    }

    private void put(String key, byte[] value) {
        int slot = find(page, key);
        if (slot == RecordPage.NOWHERE || RecordPage.room(page, slot) < value.length) {
            page = RecordPage.reserve(page, slot, hash(key), bytes(key), value.length + random.nextInt(3));
            slot = slot == RecordPage.NOWHERE ? RecordPage.count(page) - 1 : slot;
        }
        System.arraycopy(value, 0, page, RecordPage.valueAt(page, slot), value.length);
        expected.put(key, value);
    }

    private void remove(String key) {
        int slot = find(page, key);
        if (slot != RecordPage.NOWHERE) {
            page = RecordPage.remove(page, slot);
        }
        expected.remove(key);
    }

    private static void assertHolds(byte[] page, Map<String, byte[]> values) {
        assertThat(RecordPage.count(page)).isEqualTo(values.size());
        values.forEach((key, value) -> {
            int slot = find(page, key);
            assertThat(slot).as(key).isNotEqualTo(RecordPage.NOWHERE);
            assertThat(RecordPage.room(page, slot)).isGreaterThanOrEqualTo(value.length);
            int at = RecordPage.valueAt(page, slot);
            assertThat(Arrays.copyOfRange(page, at, at + value.length)).as(key).isEqualTo(value);
        });
        assertThat(find(page, "nobody")).isEqualTo(RecordPage.NOWHERE);
    }

    private byte[] anyValue() {
        byte[] value = new byte[random.nextInt(10) == 0 ? random.nextInt(5000) : random.nextInt(60)];
        random.nextBytes(value);
        return value;
    }

    @Test
    void holdsWhatWasPutLast() {
        for (int step = 0; step < 20_000; step++) {
            // Sometimes more come, sometimes more go.
            if (random.nextInt(100) < (step / 1000 % 2 == 0 ? 90 : 30)) {
                put(anyKey(), anyValue());
            } else {
                remove(anyKey());
            }
            if (step % 10 == 0) {
                assertHolds(page, expected);
            }
        }
    }

    @Test
    void takesLittleMoreThanItHolds() {
        for (int step = 0; step < 20_000; step++) {
            put(anyKey(), anyValue());
            if (step % 3 == 0) {
                remove(anyKey());
            }
        }
        // Each value may have had to make room for one that was a little longer.
        assertThat(page.length).isLessThan(2 * RecordPage.used(page));
        List.copyOf(expected.keySet()).forEach(this::remove);
        assertThat(RecordPage.used(page)).isZero();
        assertThat(page.length).isLessThan(100);
    }

    @Test
    void isDividedByHashAndJoinedAgain() {
        for (int step = 0; step < 500; step++) {
            put(anyKey(), anyValue());
            remove(anyKey());
        }
        byte[] before = page.clone();
        List<byte[]> parts = new ArrayList<>();
        for (int value = 0; value < 4; value++) {
            Map<String, byte[]> own = new HashMap<>(expected);
            int bits = value;
            own.keySet().removeIf(key -> (hash(key) & 3) != bits);
            byte[] part = RecordPage.select(page, 3, value);
            assertHolds(part, own);
            parts.add(part);
        }
        assertThat(page).isEqualTo(before);
        assertThat(parts.stream().mapToInt(RecordPage::used).sum()).isEqualTo(RecordPage.used(page));
        page = parts.stream().reduce(RecordPage::join).orElseThrow();
        assertHolds(page, expected);
        put("another", anyValue());
        assertHolds(page, expected);
    }

    @Test
    void isReadAsItWasWritten() throws IOException {
        for (int step = 0; step < 500; step++) {
            put(anyKey(), anyValue());
            remove(anyKey());
            DataOutputSerializer out = new DataOutputSerializer(64);
            SERIALIZER.serialize(page, out);
            DataInputDeserializer in = new DataInputDeserializer(out.getSharedBuffer(), 0, out.length());
            page = SERIALIZER.deserialize(in);
            assertThat(in.available()).isZero();
            assertHolds(page, expected);
        }
    }

    @Test
    void aCopyDoesNotChangeWithIt() {
        put("one", new byte[] {1, 2, 3});
        byte[] copy = SERIALIZER.copy(page);
        Map<String, byte[]> then = new HashMap<>(expected);
        put("one", new byte[] {4, 5});
        put("two", new byte[] {6});
        assertHolds(copy, then);
    }
}
