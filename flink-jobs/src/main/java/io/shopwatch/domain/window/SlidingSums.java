package io.shopwatch.domain.window;

import io.shopwatch.domain.event.CompactBytes;
import io.shopwatch.domain.event.Segment;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Sums over all {@link Window}s at once, sliding by one second, exact and in constant time per change.
 *
 * <p>Time is cut into panes of one second. A series holds, for each field, what was added per pane; the sum of a window
 * is kept up to date by adding what comes in and taking away the pane that leaves. Distinct visitors are sums too: let
 * n[p] be the number of visitors whose last hit is in pane p; then the visitors of [end − W, end) are Σ n[p] over its
 * panes, for every W, and a new hit only moves one visitor from the pane of the last hit to the new one. So no set of
 * visitors is kept per window, and one change serves all windows.
 *
 * <p>Changes may be added ahead of time, in any order; {@link #advanceTo} applies them when their pane is over. Not
 * thread-safe.
 */
public final class SlidingSums {

    /** No pane. */
    public static final long NONE = Long.MIN_VALUE;

    private static final Window[] WINDOWS = Window.values();
    private static final int SLIDING = WINDOWS.length - 1;
    private static final int TODAY = Window.TODAY.ordinal();
    private static final byte FORMAT = 3;

    private final int fields;
    private final ZoneId zone;
    private final Map<SeriesKey, Series> series = new HashMap<>();
    private final Map<SegmentValue, Set<SeriesKey>> keysBySegmentValue = new HashMap<>();
    private final TreeMap<Long, List<SeriesChange>> pending = new TreeMap<>();
    private final List<Series> touched = new ArrayList<>();

    /** All panes before this one are applied; the end of the newest complete windows, in seconds. */
    private long end = NONE;

    private long dayStart = NONE;
    private long nextDay = NONE;

    private record SegmentValue(Segment segment, String value) {}

    /** A series and window whose sums differ from those last reported. */
    public record Changed(SeriesKey key, Window window) {}

    /** Read access while figures are reported. */
    public interface View {
        /** Sums of the series over the window; all 0 for a series that does not exist. Do not modify. */
        long[] sums(SeriesKey key, Window window);

        /** The same sums as of the last report. Do not modify. */
        long[] previous(SeriesKey key, Window window);

        /** Keys of all series of that segment value, among them those that are all 0 now and reported a last time. */
        Collection<SeriesKey> keysOf(Segment segment, String value);
    }

    /** Is told of every second in which figures changed. */
    @FunctionalInterface
    public interface Listener {
        /**
         * @param end exclusive end of the windows, epoch milliseconds
         * @param sums all sums as of {@code end}
         * @param changed what differs from the last report, each once
         */
        void changed(long end, View sums, List<Changed> changed);
    }

    /**
     * @param fields number of fields of every series
     * @param zone where {@link Window#TODAY} begins
     */
    public SlidingSums(int fields, ZoneId zone) {
        this.fields = fields;
        this.zone = zone;
    }

    /**
     * Adds {@code amount} to a field in pane {@code at}, and takes it away from pane {@code previous} where that is not
     * {@link #NONE}. A change for a pane that is over already shows in the next report.
     */
    public void add(SeriesKey key, int field, long at, long previous, long amount, Scope scope) {
        add(new SeriesChange(key, at, scope, field, previous, amount));
    }

    /** Adds changes that were added up before. */
    public void add(SeriesChange change) {
        if (end != NONE && change.at < end) {
            apply(change);
            return;
        }
        pending.computeIfAbsent(change.at, pane -> new ArrayList<>()).add(change);
    }

    /**
     * Completes all windows that end at or before {@code newEnd}, one second after the other.
     *
     * @param newEnd in epoch milliseconds; rounded down to a multiple of the slide
     */
    public void advanceTo(long newEnd, Listener listener) {
        long target = Math.floorDiv(newEnd, Window.SLIDE_MILLIS);
        if (end == NONE) {
            end = pending.isEmpty() ? target : Math.min(target, pending.firstKey());
        }
        while (end < target) {
            if (series.isEmpty() && touched.isEmpty() && !pending.containsKey(end)) {
                // Nothing can change before the next pane with a change: an outlier years ahead costs nothing.
                end = pending.isEmpty() ? target : Math.min(target, pending.firstKey());
                if (end == target) {
                    break;
                }
            }
            step();
            report(listener);
        }
    }

    /** Exclusive end of the newest complete windows in epoch milliseconds, or {@link #NONE} before the first. */
    public long end() {
        return end == NONE ? NONE : end * Window.SLIDE_MILLIS;
    }

    /** Number of series kept; 0 when all windows are empty. */
    public int size() {
        return series.size();
    }

    private void step() {
        long pane = end;
        end = pane + 1;
        if (nextDay == NONE || pane >= nextDay || pane < dayStart) {
            startDay(pane);
        }
        for (Series one : series.values()) {
            if (one.slide(end)) {
                touch(one);
            }
        }
        List<SeriesChange> changes = pending.remove(pane);
        if (changes != null) {
            changes.forEach(this::apply);
        }
    }

    private void startDay(long pane) {
        var day = Instant.ofEpochSecond(pane).atZone(zone).toLocalDate();
        dayStart = day.atStartOfDay(zone).toEpochSecond();
        nextDay = day.plusDays(1).atStartOfDay(zone).toEpochSecond();
        for (Series one : series.values()) {
            Arrays.fill(one.sums[TODAY], 0);
            touch(one);
        }
    }

    private void touch(Series one) {
        if (!one.isTouched) {
            one.isTouched = true;
            touched.add(one);
        }
    }

    private void apply(SeriesChange change) {
        if (change.scope == Scope.TODAY && change.at < dayStart) {
            return; // the day of that late event is over and reported
        }
        SeriesKey key = change.key;
        Series one = series.get(key);
        if (one == null) {
            one = new Series(key, fields);
            series.put(key, one);
            keysBySegmentValue
                    .computeIfAbsent(new SegmentValue(key.segment(), key.value()), k -> new LinkedHashSet<>())
                    .add(key);
        }
        touch(one);
        long[] moves = change.moves;
        for (int i = 0; i < moves.length; i += 3) {
            int field = (int) moves[i];
            one.add(field, change.at, moves[i + 2], change.scope, end, dayStart);
            if (moves[i + 1] != NONE) {
                one.add(field, moves[i + 1], -moves[i + 2], change.scope, end, dayStart);
            }
        }
    }

    private void report(Listener listener) {
        if (touched.isEmpty()) {
            return;
        }
        List<Changed> changed = new ArrayList<>();
        for (Series one : touched) {
            for (Window window : WINDOWS) {
                int w = window.ordinal();
                if (!Arrays.equals(one.sums[w], one.reported[w])) {
                    changed.add(new Changed(one.key, window));
                }
            }
        }
        if (!changed.isEmpty()) {
            listener.changed(end * Window.SLIDE_MILLIS, new Sums(), changed);
        }
        for (Series one : touched) {
            one.isTouched = false;
            for (int w = 0; w < WINDOWS.length; w++) {
                System.arraycopy(one.sums[w], 0, one.reported[w], 0, fields);
            }
            if (one.isOver()) {
                remove(one.key);
            }
        }
        touched.clear();
    }

    private void remove(SeriesKey key) {
        series.remove(key);
        SegmentValue segmentValue = new SegmentValue(key.segment(), key.value());
        Set<SeriesKey> keys = keysBySegmentValue.get(segmentValue);
        keys.remove(key);
        if (keys.isEmpty()) {
            keysBySegmentValue.remove(segmentValue);
        }
    }

    private final class Sums implements View {
        private final long[] zeros = new long[fields];

        @Override
        public long[] sums(SeriesKey key, Window window) {
            Series one = series.get(key);
            return one == null ? zeros : one.sums[window.ordinal()];
        }

        @Override
        public long[] previous(SeriesKey key, Window window) {
            Series one = series.get(key);
            return one == null ? zeros : one.reported[window.ordinal()];
        }

        @Override
        public Collection<SeriesKey> keysOf(Segment segment, String value) {
            return keysBySegmentValue.getOrDefault(new SegmentValue(segment, value), Set.of());
        }
    }

    /**
     * Everything, so that {@link #read} goes on exactly here. In few bytes: a busy shop has amounts of some hundred series
     * in each of 3,600 panes, most of them small, and all of it is written while figures wait.
     */
    public CompactBytes write() {
        CompactBytes out = new CompactBytes();
        out.write();
        out.writeNumber(FORMAT);
        out.writeNumber(fields);
        out.writeSigned(end);
        out.writeNumber(pending.size());
        for (Map.Entry<Long, List<SeriesChange>> pane : pending.entrySet()) {
            out.writeSigned(pane.getKey());
            out.writeNumber(pane.getValue().size());
            for (SeriesChange change : pane.getValue()) {
                writeKey(change.key, out);
                out.writeNumber(change.scope.ordinal());
                out.writeNumber(change.moves.length);
                for (long number : change.moves) {
                    out.writeSigned(number);
                }
            }
        }
        out.writeNumber(series.size());
        for (Series one : series.values()) {
            writeKey(one.key, out);
            one.write(out);
        }
        return out;
    }

    /**
     * Reads what {@link #write} wrote. Where the number of fields has grown since, the new fields start at 0.
     *
     * @throws IOException if the bytes are not in that format
     */
    public static SlidingSums read(byte[] bytes, int fields, ZoneId zone) throws IOException {
        CompactBytes in = new CompactBytes();
        in.read(bytes, 0);
        long format = in.readNumber();
        if (format != FORMAT) {
            throw new IOException("sliding sums in format " + format + ", expected " + FORMAT);
        }
        int written = (int) in.readNumber();
        if (written > fields) {
            throw new IOException("sliding sums of " + written + " fields do not fit into " + fields);
        }
        SlidingSums sums = new SlidingSums(fields, zone);
        sums.end = in.readSigned();
        for (long panes = in.readNumber(); panes > 0; panes--) {
            long pane = in.readSigned();
            List<SeriesChange> changes = new ArrayList<>();
            sums.pending.put(pane, changes);
            for (long n = in.readNumber(); n > 0; n--) {
                SeriesKey key = readKey(in);
                Scope scope = Scope.values()[(int) in.readNumber()];
                long[] moves = new long[(int) in.readNumber()];
                for (int i = 0; i < moves.length; i++) {
                    moves[i] = in.readSigned();
                }
                changes.add(new SeriesChange(key, pane, scope, moves));
            }
        }
        for (long n = in.readNumber(); n > 0; n--) {
            SeriesKey key = readKey(in);
            Series one = new Series(key, fields);
            one.read(in, written);
            sums.series.put(key, one);
            sums.keysBySegmentValue
                    .computeIfAbsent(new SegmentValue(key.segment(), key.value()), k -> new LinkedHashSet<>())
                    .add(key);
        }
        if (sums.end != NONE) {
            // The day is derived, not stored; sums of today stay as they were read.
            var day = Instant.ofEpochSecond(sums.end - 1).atZone(zone).toLocalDate();
            sums.dayStart = day.atStartOfDay(zone).toEpochSecond();
            sums.nextDay = day.plusDays(1).atStartOfDay(zone).toEpochSecond();
        }
        return sums;
    }

    private static void writeKey(SeriesKey key, CompactBytes out) {
        out.writeText(key.name());
        out.writeNumber(key.segment().ordinal());
        out.writeText(key.value());
        out.writeOptional(key.currency());
    }

    private static SeriesKey readKey(CompactBytes in) {
        return new SeriesKey(in.readText(), Segment.values()[(int) in.readNumber()], in.readText(), in.readOptional());
    }

    /** Per-pane amounts of one series, oldest first, and its sums. */
    private static final class Series {
        private final SeriesKey key;
        private final int fields;
        private final long[][] sums;
        private final long[][] reported;

        /** Panes with amounts and, at the same index, the amounts: the first {@link #size} of each. */
        private long[] panes = new long[16];

        private long[][] amounts = new long[16][];
        private int size;

        /** Per sliding window the index of its first pane. */
        private final int[] first = new int[SLIDING];

        /** Whether it is among those that the next report looks at. */
        private boolean isTouched;

        Series(SeriesKey key, int fields) {
            this.key = key;
            this.fields = fields;
            this.sums = new long[WINDOWS.length][fields];
            this.reported = new long[WINDOWS.length][fields];
        }

        /** Takes away the panes that leave when windows end at {@code end}; true if any did. */
        boolean slide(long end) {
            boolean left = false;
            for (int w = 0; w < SLIDING; w++) {
                long start = end - WINDOWS[w].panes();
                while (first[w] < size && panes[first[w]] < start) {
                    long[] leaving = amounts[first[w]++];
                    for (int f = 0; f < fields; f++) {
                        sums[w][f] -= leaving[f];
                    }
                    left = true;
                }
            }
            int over = first[SLIDING - 1];
            if (over > 0 && (over == size || (over > 64 && over > size / 2))) {
                panes = Arrays.copyOfRange(panes, over, over + Math.max(16, size - over));
                amounts = Arrays.copyOfRange(amounts, over, over + Math.max(16, size - over));
                size -= over;
                for (int w = 0; w < SLIDING; w++) {
                    first[w] -= over;
                }
            }
            return left;
        }

        void add(int field, long pane, long amount, Scope scope, long end, long dayStart) {
            if (scope != Scope.SLIDING && pane >= dayStart) {
                sums[TODAY][field] += amount;
            }
            if (scope == Scope.TODAY || pane < end - Window.LONGEST_PANES) {
                return;
            }
            for (int w = 0; w < SLIDING; w++) {
                if (pane >= end - WINDOWS[w].panes()) {
                    sums[w][field] += amount;
                }
            }
            int index = indexOf(pane, end); // may put another array in place of the amounts
            amounts[index][field] += amount;
        }

        private int indexOf(long pane, long end) {
            int last = size - 1;
            if (last >= 0 && panes[last] == pane) {
                return last;
            }
            int found = last < 0 || panes[last] < pane ? -(size + 1) : search(pane, last);
            if (found >= 0) {
                return found;
            }
            int insertAt = -(found + 1);
            insert(insertAt, pane);
            for (int w = 0; w < SLIDING; w++) {
                if (insertAt < first[w] || (insertAt == first[w] && pane < end - WINDOWS[w].panes())) {
                    first[w]++;
                }
            }
            return insertAt;
        }

        private int search(long pane, int last) {
            // Panes differ by one at least, so this is the lowest index it may have, and of a busy series nearly the
            // very one: looked for from there, in steps that double.
            int low = (int) Math.max(0, last - (panes[last] - pane));
            int high = low;
            for (int step = 1; panes[high] < pane; step *= 2) {
                low = high + 1;
                high = Math.min(last, high + step);
            }
            return Arrays.binarySearch(panes, low, high + 1, pane);
        }

        private void insert(int at, long pane) {
            if (size == panes.length) {
                panes = Arrays.copyOf(panes, size * 2);
                amounts = Arrays.copyOf(amounts, size * 2);
            }
            System.arraycopy(panes, at, panes, at + 1, size - at);
            System.arraycopy(amounts, at, amounts, at + 1, size - at);
            panes[at] = pane;
            amounts[at] = new long[fields];
            size++;
        }

        boolean isOver() {
            if (first[SLIDING - 1] < size) {
                return false;
            }
            for (long[] sum : sums) {
                for (long value : sum) {
                    if (value != 0) {
                        return false;
                    }
                }
            }
            return true;
        }

        void write(CompactBytes out) {
            for (int w = 0; w < WINDOWS.length; w++) {
                for (int f = 0; f < fields; f++) {
                    out.writeSigned(sums[w][f]);
                    out.writeSigned(reported[w][f]);
                }
            }
            for (int w = 0; w < SLIDING; w++) {
                out.writeNumber(first[w]);
            }
            out.writeNumber(size);
            long before = 0;
            for (int i = 0; i < size; i++) {
                out.writeSigned(panes[i] - before);
                before = panes[i];
                for (long amount : amounts[i]) {
                    out.writeSigned(amount);
                }
            }
        }

        void read(CompactBytes in, int written) {
            for (int w = 0; w < WINDOWS.length; w++) {
                for (int f = 0; f < written; f++) {
                    sums[w][f] = in.readSigned();
                    reported[w][f] = in.readSigned();
                }
            }
            for (int w = 0; w < SLIDING; w++) {
                first[w] = (int) in.readNumber();
            }
            long pane = 0;
            for (long n = in.readNumber(); n > 0; n--) {
                pane += in.readSigned();
                insert(size, pane);
                for (int f = 0; f < written; f++) {
                    amounts[size - 1][f] = in.readSigned();
                }
            }
        }
    }
}
