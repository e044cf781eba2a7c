package io.shopwatch.domain.window;

import io.shopwatch.domain.event.Segment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Adds up changes before they are sent on: a thousand visitors of a channel in one second are a handful of moves from
 * earlier seconds to this one. Not thread-safe.
 */
public final class SeriesChanges {
    private static final Scope[] SCOPES = Scope.values();
    private static final int SLOTS = 1024;

    /** Per pane and series its moves, by scope. */
    private final TreeMap<Long, Map<SeriesKey, Moves[]>> panes = new TreeMap<>();

    /** Where series were found last: a few hundred series have nearly all changes, and each is added to right away. */
    private final Slot[] slots = new Slot[SLOTS];

    /** Goes up when panes are handed over: slots of before are void. */
    private int epoch;

    private static final class Slot {
        private SeriesKey key;
        private long pane;
        private int epoch = -1;
        private Moves[] scopes;
    }

    /** Adds a change to the series of that name, segment, value and currency, as {@link SlidingSums#add} takes it. */
    public void add(
            String name,
            Segment segment,
            String value,
            String currency,
            int field,
            long at,
            long previous,
            long amount,
            Scope scope) {
        int hash = SeriesKey.hash(name, segment, value, currency);
        int index = (hash ^ (hash >>> 15)) & (SLOTS - 1);
        Slot slot = slots[index];
        if (slot == null) {
            slot = new Slot();
            slots[index] = slot;
        }
        if (slot.epoch != epoch || slot.pane != at || !slot.key.is(name, segment, value, currency)) {
            slot.key = new SeriesKey(name, segment, value, currency);
            slot.pane = at;
            slot.epoch = epoch;
            slot.scopes = panes.computeIfAbsent(at, pane -> new HashMap<>())
                    .computeIfAbsent(slot.key, key -> new Moves[SCOPES.length]);
        }
        Moves moves = slot.scopes[scope.ordinal()];
        if (moves == null) {
            moves = new Moves();
            slot.scopes[scope.ordinal()] = moves;
        }
        moves.add(field, previous, amount);
    }

    /** Hands over what was added for panes before {@code end}, and forgets it. */
    public void drain(long end, Consumer<SeriesChange> to) {
        while (!panes.isEmpty() && panes.firstKey() < end) {
            long at = panes.firstKey();
            panes.remove(at).forEach((key, scopes) -> {
                for (Scope scope : SCOPES) {
                    Moves moves = scopes[scope.ordinal()];
                    if (moves != null) {
                        to.accept(new SeriesChange(key, at, scope, moves.toArray()));
                    }
                }
            });
            epoch++;
        }
    }

    /** Amounts by field and previous pane: a hash table with open addressing, since there are many. */
    private static final class Moves {
        private static final int WIDTH = 3;

        private long[] table = new long[8 * WIDTH]; // field, previous, amount; free where the amount is 0
        private int used;

        void add(int field, long previous, long amount) {
            if (amount == 0) {
                return;
            }
            int slot = slotOf(table, field, previous);
            if (table[slot + 2] == 0) {
                used++;
                table[slot] = field;
                table[slot + 1] = previous;
            }
            table[slot + 2] += amount;
            if (table[slot + 2] == 0) {
                // A sum of 0 would look free and cut a chain of probes.
                rebuild(table.length);
            } else if (used * WIDTH * 2 > table.length) {
                rebuild(table.length * 2);
            }
        }

        private static int slotOf(long[] table, long field, long previous) {
            int slots = table.length / WIDTH;
            long mixed = (previous * 31 + field) * 0x9E3779B97F4A7C15L;
            int slot = (int) (mixed >>> 32) & (slots - 1);
            while (table[slot * WIDTH + 2] != 0
                    && (table[slot * WIDTH] != field || table[slot * WIDTH + 1] != previous)) {
                slot = (slot + 1) & (slots - 1);
            }
            return slot * WIDTH;
        }

        private void rebuild(int length) {
            long[] rebuilt = new long[length];
            used = 0;
            for (int i = 0; i < table.length; i += WIDTH) {
                if (table[i + 2] != 0) {
                    System.arraycopy(table, i, rebuilt, slotOf(rebuilt, table[i], table[i + 1]), WIDTH);
                    used++;
                }
            }
            table = rebuilt;
        }

        long[] toArray() {
            long[] moves = new long[used * WIDTH];
            int at = 0;
            for (int i = 0; i < table.length; i += WIDTH) {
                if (table[i + 2] != 0) {
                    System.arraycopy(table, i, moves, at, WIDTH);
                    at += WIDTH;
                }
            }
            return at == moves.length ? moves : Arrays.copyOf(moves, at);
        }
    }
}
