package io.shopwatch.peers.streams;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** The seconds in which a visitor reached steps, of as long as they matter to figures that can still be revised. */
final class Hits {
    private static final long KEEP_SECONDS = SumWindows.REVISED_SECONDS + 3600;
    private static final long NEVER = Long.MIN_VALUE / 2;
    private static final long OPEN = Long.MAX_VALUE / 2;

    private final List<Hit> list = new ArrayList<>();

    private record Hit(int step, String channel, long second) {}

    /**
     * Adds a hit, whatever the order of arrival: in each window the visitor's figure changes between the hit before and the
     * hit after.
     */
    void add(int step, String channel, long second, Changes changes) {
        boolean known = count(step, null, second, changes);
        boolean knownInChannel = count(step, channel, second, changes);
        if (!known || !knownInChannel) {
            list.removeIf(hit -> hit.second < second - KEEP_SECONDS);
            list.add(new Hit(step, channel, second));
        }
    }

    /** Whether there is nothing left at that time. */
    boolean areOver(long second) {
        return list.stream().allMatch(hit -> hit.second < second - KEEP_SECONDS);
    }

    private boolean count(int step, String channel, long second, Changes changes) {
        long before = NEVER;
        long after = OPEN;
        for (Hit hit : list) {
            if (hit.step == step && (channel == null || channel.equals(hit.channel))) {
                if (hit.second == second) {
                    return true;
                }
                if (hit.second < second) {
                    before = Math.max(before, hit.second);
                } else {
                    after = Math.min(after, hit.second);
                }
            }
        }
        String series = channel == null ? Window.ALL : channel;
        for (Window window : Window.values()) {
            // In the windows that end between a hit and the next one, or until it has left, the visitor is there by
            // that
            // hit.
            changes.add(window, series, step, second + 1, 1);
            changes.add(window, series, step, Math.min(second + window.seconds(), after) + 1, -1);
            if (before != NEVER) {
                changes.add(window, series, step, Math.min(before + window.seconds(), after) + 1, 1);
                changes.add(window, series, step, Math.min(before + window.seconds(), second) + 1, -1);
            }
        }
        return false;
    }

    static Serde<Hits> serde() {
        return Serdes.serdeFrom((topic, hits) -> hits.write(), (topic, bytes) -> read(bytes));
    }

    private byte[] write() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (Hit hit : list) {
                out.writeByte(hit.step);
                out.writeLong(hit.second);
                out.writeUTF(hit.channel);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Hits read(byte[] bytes) {
        if (bytes == null) {
            return null;
        }
        Hits hits = new Hits();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            while (in.available() > 0) {
                int step = in.readByte();
                long second = in.readLong();
                hits.list.add(new Hit(step, in.readUTF(), second));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return hits;
    }
}
