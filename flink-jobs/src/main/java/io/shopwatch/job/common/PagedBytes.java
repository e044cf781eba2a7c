package io.shopwatch.job.common;

import io.shopwatch.domain.event.CompactBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.internal.InternalValueState;
import org.apache.kafka.common.utils.Utils;

/**
 * Bytes of many keys together in {@link RecordPage}s, for a state backend that keeps the very array that it hands out. The
 * state has a page for some two dozen keys, under a key that stands for their key group and with the page's number as
 * namespace; so Flink copies a page that changes while a checkpoint is written, and moves it with its key group when the
 * parallelism changes.
 *
 * <p>Which page a key is in is a matter of linear hashing (Litwin, 1980): with {@code n} pages in a key group, it is the
 * lowest bits of the key's hash, as many as are needed for {@code n}, or one less where that page does not exist yet. When
 * pages have become too full, the next in turn gives up half of its keys to a new one, and when they are half empty, the last
 * one is joined with the one it came from.
 */
final class PagedBytes extends KeyedBytes {
    /** Bytes of records in a page, on average over those of a key group, above which there are too few pages. */
    private static final int PAGE_BYTES = 2048;

    /** Smaller than that by this factor, there are too many. */
    private static final int HYSTERESIS = 2;

    /** Above so many bytes a value will grow on, so that it gets a part more than it needs. */
    private static final int GROWING = 64;

    private final InternalValueState<String, Integer, byte[]> state;
    private final CurrentKey current;
    private final int firstGroup;

    /** By key group: number of pages. Of more than one the last is always in the state, so that they can be counted. */
    private final int[] pages;

    /** By key group: bytes of records in all its pages. */
    private final long[] used;

    /**
     * By key group and number: pages that were taken from the state since the last checkpoint began. Those may be changed
     * without asking the state again, which would be three more places in memory to wait for.
     */
    private final byte[][][] own;

    /** The current key where it was looked for last, or null if what was found then is no longer true. */
    private byte[] key;

    private int hash;
    private int group;
    private int number;
    private byte[] page;
    private int slot;

    /**
     * The key that functions work on. The state's own is the one that stands for its key group meanwhile, which the operator
     * sees to.
     */
    interface CurrentKey {
        String key();

        int keyGroup();
    }

    /**
     * Takes up what the state has.
     *
     * @param groups key groups of the backend
     * @param keys keys that stand for them
     */
    PagedBytes(String name, KeyedStateBackend<String> backend, KeyGroupRange groups, GroupKeys keys, CurrentKey current)
            throws Exception {
        this.current = current;
        firstGroup = groups.getStartKeyGroup();
        pages = new int[groups.getNumberOfKeyGroups()];
        Arrays.fill(pages, 1);
        used = new long[pages.length];
        own = new byte[pages.length][1][];
        state = state(name, backend);
        // First all of them: looking at one may move others within the state's table.
        List<Tuple2<String, Integer>> there;
        try (Stream<Tuple2<String, Integer>> stream = backend.getKeysAndNamespaces(name)) {
            there = stream.toList();
        }
        for (Tuple2<String, Integer> one : there) {
            backend.setCurrentKey(one.f0);
            int of = keys.groupOf(one.f0) - firstGroup;
            pages[of] = Math.max(pages[of], one.f1 + 1);
            state.setCurrentNamespace(one.f1);
            used[of] += RecordPage.used(state.value());
        }
    }

    // Only by this interface a state can be told its namespace without being looked up by its name.
    @SuppressWarnings("unchecked")
    private static InternalValueState<String, Integer, byte[]> state(String name, KeyedStateBackend<String> backend)
            throws Exception {
        ValueState<byte[]> state = backend.getOrCreateKeyedState(
                IntSerializer.INSTANCE, new ValueStateDescriptor<>(name, new RecordPage.Serializer()));
        return (InternalValueState<String, Integer, byte[]>) state;
    }

    /** A checkpoint begins: the state copies a page before it hands it out again, while it is written. */
    void onCheckpoint() {
        for (byte[][] ofGroup : own) {
            Arrays.fill(ofGroup, null);
        }
    }

    private byte[] read(int page) throws IOException {
        byte[][] ofGroup = own[group];
        byte[] records = page < ofGroup.length ? ofGroup[page] : null;
        if (records == null) {
            state.setCurrentNamespace(page);
            records = state.value();
            own(page, records);
        }
        return records;
    }

    private void update(int page, byte[] records) throws IOException {
        state.setCurrentNamespace(page);
        state.update(records);
        own(page, records);
    }

    private void delete(int page) {
        state.setCurrentNamespace(page);
        state.clear();
        own(page, null);
    }

    private void own(int page, byte[] records) {
        if (page >= own[group].length) {
            own[group] = Arrays.copyOf(own[group], page + page / 2 + 1);
        }
        own[group][page] = records;
    }

    /** The page of a hash where there are so many. */
    private static int pageOf(int hash, int pages) {
        int highest = Integer.highestOneBit(pages);
        int longer = hash & (2 * highest - 1);
        return longer < pages ? longer : hash & (highest - 1);
    }

    /** The page that gave half of its keys to that one. */
    private static int originOf(int page) {
        return page - Integer.highestOneBit(page);
    }

    @Override
    public boolean find() throws IOException {
        key = current.key().getBytes(StandardCharsets.UTF_8);
        hash = Utils.murmur2(key);
        group = current.keyGroup() - firstGroup;
        number = pageOf(hash, pages[group]);
        page = read(number);
        slot = page == null ? RecordPage.NOWHERE : RecordPage.find(page, hash, key);
        return slot != RecordPage.NOWHERE;
    }

    @Override
    public byte[] array() {
        return page;
    }

    @Override
    public int offset() {
        return RecordPage.valueAt(page, slot);
    }

    @Override
    public void write(CompactBytes written) throws IOException {
        requireFound();
        int length = written.length();
        if (slot != RecordPage.NOWHERE && fits(length, RecordPage.room(page, slot))) {
            written.copyTo(page, RecordPage.valueAt(page, slot));
            return;
        }
        int before = page == null ? 0 : RecordPage.used(page);
        int room = length < GROWING ? length : length + length / 8;
        byte[] changed = RecordPage.reserve(page == null ? RecordPage.empty(room) : page, slot, hash, key, room);
        int at = slot == RecordPage.NOWHERE ? RecordPage.count(changed) - 1 : slot;
        written.copyTo(changed, RecordPage.valueAt(changed, at));
        changed(changed, before);
        balance();
    }

    /** Not too little room, nor so much that what has become short for good would keep it. */
    private static boolean fits(int length, int room) {
        return length <= room && room <= 2 * length + GROWING;
    }

    @Override
    public void clear() throws IOException {
        requireFound();
        if (slot == RecordPage.NOWHERE) {
            return;
        }
        int before = RecordPage.used(page);
        changed(RecordPage.remove(page, slot), before);
        balance();
        if (used[group] == 0) {
            delete(0);
        }
    }

    private void changed(byte[] changed, int before) throws IOException {
        used[group] += RecordPage.used(changed) - before;
        if (changed != page) {
            update(number, changed);
        }
        key = null;
    }

    private void requireFound() {
        if (key == null) {
            throw new IllegalStateException("a key must be looked for each time before it is written or cleared");
        }
    }

    private void balance() throws IOException {
        while (used[group] > (long) pages[group] * PAGE_BYTES) {
            split();
        }
        while (pages[group] > 1 && used[group] < (long) pages[group] * PAGE_BYTES / HYSTERESIS) {
            join();
        }
    }

    private void split() throws IOException {
        int added = pages[group]++;
        int origin = originOf(added);
        int mask = 2 * Integer.highestOneBit(added) - 1;
        byte[] both = read(origin);
        if (both == null) {
            both = RecordPage.empty(0);
        }
        update(origin, RecordPage.select(both, mask, origin));
        update(added, RecordPage.select(both, mask, added));
    }

    private void join() throws IOException {
        int last = --pages[group];
        byte[] records = read(last);
        delete(last);
        byte[] origin = read(originOf(last));
        update(originOf(last), origin == null ? records : RecordPage.join(origin, records));
        if (pages[group] > 1) {
            // The last must be in the state, even without records.
            int now = pages[group] - 1;
            if (read(now) == null) {
                update(now, RecordPage.empty(0));
            }
        }
    }
}
