package io.shopwatch.job.common;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.KeyGroupRange;

/**
 * Timers that keys share: of all keys of a key group that are to be woken at the same time, one timer, and a list of the
 * keys beside it. A timer of Flink costs an object, two entries of tables and a line in each checkpoint; here a key costs
 * its own bytes.
 *
 * <p>Keys are listed under a key that stands for its key group, and under the time as namespace. They are gathered before
 * they are added to the state; {@link #store} before each checkpoint.
 */
final class SharedTimers {
    /** Bytes of keys that are gathered before they go to the state. */
    private static final int BATCH_BYTES = 8192;

    private final Operator operator;
    private final int firstGroup;
    private final int numberOfGroups;
    private final GroupKeys groupKeys;

    /** Keys that wait for the state: by time, and by key group. */
    private final TreeMap<Long, DataOutputSerializer[]> gathered = new TreeMap<>();

    private DataOutputSerializer[] last;
    private long lastTime;

    /** What the timers need of their operator; keys are those of its state. */
    interface Operator {
        void setCurrentKey(String key) throws Exception;

        /** Registers a timer of the current key. */
        void register(long time);

        /** The list of the current key and that time. */
        ListState<byte[]> keysAt(long time) throws Exception;

        /** Wakes the current key. */
        void wake(long time) throws Exception;
    }

    SharedTimers(Operator operator, KeyGroupRange groups, GroupKeys groupKeys) {
        this.operator = operator;
        this.firstGroup = groups.getStartKeyGroup();
        this.numberOfGroups = groups.getNumberOfKeyGroups();
        this.groupKeys = groupKeys;
    }

    /** Wakes the key, which is the current one, at that time. */
    void add(String key, long time) throws Exception {
        if (last == null || time != lastTime) {
            last = gathered.computeIfAbsent(time, t -> new DataOutputSerializer[numberOfGroups]);
            lastTime = time;
        }
        int group = groupKeys.groupOf(key) - firstGroup;
        DataOutputSerializer keys = last[group];
        if (keys == null) {
            keys = new DataOutputSerializer(64);
            last[group] = keys;
            operator.setCurrentKey(groupKeys.of(firstGroup + group));
            operator.register(time);
            operator.setCurrentKey(key);
        }
        KeySerializer.INSTANCE.serialize(key, keys);
        if (keys.length() >= BATCH_BYTES) {
            store(group, time, keys);
            operator.setCurrentKey(key);
        }
    }

    /** The timer of a key group, which is the current key, is due. */
    void due(String groupKey, long time) throws Exception {
        List<byte[]> lists = new ArrayList<>();
        ListState<byte[]> stored = operator.keysAt(time);
        Iterable<byte[]> found = stored.get();
        if (found != null) {
            found.forEach(lists::add);
            stored.clear();
        }
        DataOutputSerializer[] waiting = gathered.get(time);
        int group = groupKeys.groupOf(groupKey) - firstGroup;
        if (waiting != null && waiting[group] != null) {
            lists.add(waiting[group].getCopyOfBuffer());
            waiting[group] = null;
        }
        for (byte[] keys : lists) {
            DataInputDeserializer in = new DataInputDeserializer(keys);
            while (in.available() > 0) {
                operator.setCurrentKey(KeySerializer.INSTANCE.deserialize(in));
                operator.wake(time);
            }
        }
    }

    /** All timers up to that time have been woken. */
    void reached(long time) {
        gathered.headMap(time, true).clear();
        last = null;
    }

    /**
     * Adds all that was gathered to the state, and begins to gather anew: who is woken in a month must not keep a buffer for
     * each of its minutes until then.
     */
    void store() throws Exception {
        for (var entry : gathered.entrySet()) {
            DataOutputSerializer[] groups = entry.getValue();
            for (int group = 0; group < groups.length; group++) {
                if (groups[group] != null && groups[group].length() > 0) {
                    store(group, entry.getKey(), groups[group]);
                }
            }
        }
        gathered.clear();
        last = null;
    }

    private void store(int group, long time, DataOutputSerializer keys) throws Exception {
        operator.setCurrentKey(groupKeys.of(firstGroup + group));
        operator.keysAt(time).add(keys.getCopyOfBuffer());
        keys.clear();
    }
}
