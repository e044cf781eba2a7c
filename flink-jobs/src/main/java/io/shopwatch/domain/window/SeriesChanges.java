package io.shopwatch.domain.window;

import io.shopwatch.domain.event.Segment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Adds up changes before they are sent on: a thousand visitors of a channel in one second are a handful of moves from
 * earlier seconds to this one. Not thread-safe.
 */
public final class SeriesChanges {
    private static final Scope[] SCOPES = Scope.values();
    private static final int SLOTS = 1024;

    /** Slots that a series may be in, one after the other: two that share one would take it from each other all the time. */
    private static final int WAYS = 4;

    /** Per pane and series its moves, by scope. */
    private final TreeMap<Long, Map<SeriesKey, Moves[]>> panes = new TreeMap<>();

    /** Those that were added to last: a few hundred series have nearly all changes, and each is added to right away. */
    private final Moves[] slots = new Moves[SLOTS];

    private int next;

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
        int hash = SeriesKey.hash(name, segment, value, currency) * SCOPES.length + scope.ordinal();
        int first = hash ^ (hash >>> 15);
        int free = first + (next++ & (WAYS - 1));
        for (int way = 0; way < WAYS; way++) {
            Moves known = slots[(first + way) & (SLOTS - 1)];
            if (known == null || known.drained) {
                free = first + way;
            } else if (known.isOf(name, segment, value, currency, at, scope)) {
                known.add(field, previous, amount);
                return;
            }
        }
        Moves moves = movesOf(new SeriesKey(name, segment, value, currency), at, scope);
        slots[free & (SLOTS - 1)] = moves;
        moves.add(field, previous, amount);
    }

    private Moves movesOf(SeriesKey key, long at, Scope scope) {
        Moves[] scopes =
                panes.computeIfAbsent(at, pane -> new HashMap<>()).computeIfAbsent(key, k -> new Moves[SCOPES.length]);
        if (scopes[scope.ordinal()] == null) {
            scopes[scope.ordinal()] = new Moves(key, at, scope);
        }
        return scopes[scope.ordinal()];
    }

    /** Hands over what was added for panes before {@code end}, and forgets it. */
    public void drain(long end, Consumer<SeriesChange> to) {
        while (!panes.isEmpty() && panes.firstKey() < end) {
            long at = panes.firstKey();
            panes.remove(at).forEach((key, scopes) -> {
                for (Scope scope : SCOPES) {
                    Moves moves = scopes[scope.ordinal()];
                    if (moves != null) {
                        moves.drained = true;
                        to.accept(new SeriesChange(key, at, scope, moves.toArray()));
                    }
                }
            });
        }
    }

    /**
     * Amounts of one series, pane and scope by field and previous pane: a hash table with open addressing, since there are
     * many.
     */
    private static final class Moves {
        private static final int WIDTH = 3;

        // Of the key, and not the key itself: one object less to fetch.
        private final String name;
        private final Segment segment;
        private final String value;
        private final String currency;
        private final long pane;
        private final Scope scope;
        private boolean drained;
        private long[] table = new long[8 * WIDTH]; // field, previous, amount; free where the amount is 0
        private int used;

        Moves(SeriesKey key, long pane, Scope scope) {
            name = key.name();
            segment = key.segment();
            value = key.value();
            currency = key.currency();
            this.pane = pane;
            this.scope = scope;
        }

        boolean isOf(
                String itsName, Segment itsSegment, String itsValue, String itsCurrency, long itsPane, Scope itsScope) {
            return pane == itsPane
                    && scope == itsScope
                    && segment == itsSegment
                    && value.equals(itsValue)
                    && name.equals(itsName)
                    && Objects.equals(currency, itsCurrency);
        }

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
