package io.shopwatch.peers.streams;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** By how much visitors at each step are more than in the window that ends one second before, added up over visitors. */
final class Changes {
    private final Map<Series, Map<Long, long[]>> bySeries = new HashMap<>();

    record Series(Window window, String channel) {}

    /** Takes one series of changes. */
    @FunctionalInterface
    interface Reader {
        void change(Series series, long end, long[] visitors);
    }

    void add(Window window, String channel, int step, long end, int visitors) {
        of(new Series(window, channel), end)[step] += visitors;
    }

    boolean isEmpty() {
        return bySeries.isEmpty();
    }

    private long[] of(Series series, long end) {
        return bySeries.computeIfAbsent(series, key -> new HashMap<>())
                .computeIfAbsent(end, key -> new long[Step.TYPES.size()]);
    }

    void forEach(Reader reader) {
        bySeries.forEach((series, ends) -> ends.forEach((end, visitors) -> reader.change(series, end, visitors)));
    }

    static Serde<Changes> serde() {
        return Serdes.serdeFrom((topic, changes) -> changes.write(), (topic, bytes) -> read(bytes));
    }

    private byte[] write() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (Map.Entry<Series, Map<Long, long[]>> ofSeries : bySeries.entrySet()) {
                out.writeByte(ofSeries.getKey().window.ordinal());
                out.writeUTF(ofSeries.getKey().channel);
                out.writeInt(ofSeries.getValue().size());
                for (Map.Entry<Long, long[]> change : ofSeries.getValue().entrySet()) {
                    out.writeLong(change.getKey());
                    for (long visitors : change.getValue()) {
                        out.writeInt(Math.toIntExact(visitors));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Changes read(byte[] bytes) {
        Changes changes = new Changes();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            while (in.available() > 0) {
                Window window = Window.values()[in.readByte()];
                Series series = new Series(window, in.readUTF());
                int ends = in.readInt();
                for (int i = 0; i < ends; i++) {
                    long[] visitors = changes.of(series, in.readLong());
                    for (int step = 0; step < visitors.length; step++) {
                        visitors[step] = in.readInt();
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return changes;
    }
}
