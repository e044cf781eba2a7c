package io.shopwatch.serve;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjLongConsumer;

/**
 * The latest value of each key, at most a fixed number of keys: when that is reached, the key that changed least
 * recently makes room, so what is alive stays. Not safe for use by several threads.
 */
final class LatestValues<V> {

    /** What became of an offered value. */
    enum Outcome {
        ACCEPTED,
        /** Older than the value that is kept. */
        STALE,
        /** Accepted, and another key had to go. */
        OVER_LIMIT
    }

    private record Entry<V>(V value, long time, long changedAt) {}

    private final int limit;
    /** In the order of the last change, oldest first. */
    private final Map<String, Entry<V>> entries = new LinkedHashMap<>();

    LatestValues(int limit) {
        this.limit = limit;
    }

    /**
     * Keeps the value unless a newer one is known.
     *
     * @param time event time of the value; an older one never replaces a newer one
     * @param changedAt when the value arrived, from which its expiry counts; epoch milliseconds
     */
    Outcome offer(String key, V value, long time, long changedAt) {
        Entry<V> known = entries.get(key);
        if (known != null && known.time > time) {
            return Outcome.STALE;
        }
        entries.remove(key);
        entries.put(key, new Entry<>(value, time, changedAt));
        if (entries.size() <= limit) {
            return Outcome.ACCEPTED;
        }
        Iterator<String> oldest = entries.keySet().iterator();
        oldest.next();
        oldest.remove();
        return Outcome.OVER_LIMIT;
    }

    /** The value of the key, or null. */
    V get(String key) {
        Entry<V> entry = entries.get(key);
        return entry == null ? null : entry.value;
    }

    /** Forgets the key. */
    void remove(String key) {
        entries.remove(key);
    }

    int size() {
        return entries.size();
    }

    /** All values, those that changed least recently first. */
    List<V> all() {
        List<V> values = new ArrayList<>(entries.size());
        for (Entry<V> entry : entries.values()) {
            values.add(entry.value);
        }
        return values;
    }

    /** The values that changed at {@code since} or later. */
    List<V> changedSince(long since) {
        List<V> values = new ArrayList<>();
        for (Entry<V> entry : entries.values()) {
            if (entry.changedAt >= since) {
                values.add(entry.value);
            }
        }
        return values;
    }

    /** Hands over all values, each with the time of its last change, those that changed least recently first. */
    void forEach(ObjLongConsumer<V> consumer) {
        for (Entry<V> entry : entries.values()) {
            consumer.accept(entry.value, entry.changedAt);
        }
    }
}
