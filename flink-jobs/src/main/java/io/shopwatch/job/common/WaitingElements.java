package io.shopwatch.job.common;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Elements that wait for their time, as bytes in pages. They wait for a second or two, which is long enough to be copied
 * by the garbage collector again and again and then to grow old; pages hold no references, so it has nothing to look at in
 * them, and they are used again.
 *
 * <p>Not thread-safe.
 *
 * @param <I> elements
 */
final class WaitingElements<I> {
    /** Steps of time that elements are kept by: a divisor of those that watermarks come in. */
    static final long STEP_MILLIS = 20;

    private static final int PAGE_BYTES = 1 << 16;
    private static final int FIRST_BYTES = 1 << 9;

    /** More than that in a step go to a page that is there: new ones would be garbage a second later, and old by then. */
    private static final int SMALL_BYTES = 1 << 12;

    private static final int GROWTH = 2;

    /** Pages that are kept for reuse: of a second of a hundred thousand events. */
    private static final int SPARE_PAGES = 256;

    private static final int LENGTH_BYTES = Integer.BYTES;

    private final TypeSerializer<I> serializer;
    private final ToLongFunction<I> timeOf;
    private final TreeMap<Long, Step> steps = new TreeMap<>();
    private final ArrayDeque<byte[]> spares = new ArrayDeque<>();
    private final DataOutputSerializer out = new DataOutputSerializer(256);
    private final DataInputDeserializer in = new DataInputDeserializer();

    /** The step that the last element belongs to, or null: neighbours in time arrive together. */
    private Step last;

    private long lastIs;
    private int size;

    /** Elements of one step, each behind its length; none lies in two pages. */
    private static final class Step {
        private final List<byte[]> full = new ArrayList<>(2);
        private final List<Integer> ends = new ArrayList<>(2);
        private byte[] page = new byte[FIRST_BYTES];
        private int end;
    }

    /** Is shown what waits. */
    @FunctionalInterface
    interface Visitor<I> {
        /**
         * @param element the element
         * @param bytes where it lies in the form of its serializer
         */
        void visit(I element, byte[] bytes, int offset, int length) throws Exception;
    }

    /** @param timeOf event time of an element, epoch milliseconds */
    WaitingElements(TypeSerializer<I> serializer, ToLongFunction<I> timeOf) {
        this.serializer = serializer;
        this.timeOf = timeOf;
    }

    /** Number of elements that wait. */
    int size() {
        return size;
    }

    /** Lets an element of that time wait. */
    void add(I element, long time) throws IOException {
        out.clear();
        out.skipBytesToWrite(LENGTH_BYTES);
        serializer.serialize(element, out);
        out.writeIntUnsafe(out.length() - LENGTH_BYTES, 0);
        byte[] page = room(time, out.length());
        System.arraycopy(out.getSharedBuffer(), 0, page, last.end, out.length());
        last.end += out.length();
        size++;
    }

    /** The page of the step of that time, with so many bytes free behind its end. */
    private byte[] room(long time, int needed) {
        long step = Math.floorDiv(time, STEP_MILLIS);
        if (last == null || step != lastIs) {
            last = steps.computeIfAbsent(step, s -> new Step());
            lastIs = step;
        }
        if (last.end + needed > last.page.length) {
            if (last.page.length < PAGE_BYTES && last.end + needed <= PAGE_BYTES) {
                // A quiet shop has a few elements in a step, and in a race there are many steps.
                byte[] spare = last.end < SMALL_BYTES ? null : spares.poll();
                byte[] longer =
                        spare == null ? new byte[Math.max(GROWTH * last.page.length, last.end + needed)] : spare;
                System.arraycopy(last.page, 0, longer, 0, last.end);
                last.page = longer;
            } else {
                last.full.add(last.page);
                last.ends.add(last.end);
                byte[] spare = needed > PAGE_BYTES ? null : spares.poll();
                last.page = spare == null ? new byte[Math.max(PAGE_BYTES, needed)] : spare;
                last.end = 0;
            }
        }
        return last.page;
    }

    /**
     * Takes those that are due next: the earliest, and those that follow them within a while.
     *
     * @param reached event time up to which they are due, epoch milliseconds
     * @param together multiple of {@link #STEP_MILLIS}; those before the next multiple of it are taken together
     * @return none when none is due
     */
    List<I> take(long reached, long together) throws Exception {
        List<I> due = new ArrayList<>();
        long end = steps.isEmpty() ? 0 : (Math.floorDiv(steps.firstKey() * STEP_MILLIS, together) + 1) * together;
        while (!steps.isEmpty()) {
            long start = steps.firstKey() * STEP_MILLIS;
            if (start > reached || start >= end) {
                break;
            }
            Step step = steps.pollFirstEntry().getValue();
            last = null;
            List<I> rest = new ArrayList<>();
            boolean whole = reached - start >= STEP_MILLIS - 1;
            visit(
                    step,
                    (element, bytes, offset, length) ->
                            (whole || timeOf.applyAsLong(element) <= reached ? due : rest).add(element));
            free(step);
            size -= rest.size();
            for (I element : rest) {
                add(element, timeOf.applyAsLong(element));
            }
            if (!whole) {
                break;
            }
        }
        size -= due.size();
        return due;
    }

    /** Shows all that wait, and leaves them where they are. */
    void forEach(Visitor<I> visitor) throws Exception {
        for (Step step : steps.values()) {
            visit(step, visitor);
        }
    }

    private void visit(Step step, Visitor<I> visitor) throws Exception {
        for (int i = 0; i < step.full.size(); i++) {
            visit(step.full.get(i), step.ends.get(i), visitor);
        }
        visit(step.page, step.end, visitor);
    }

    private void visit(byte[] page, int end, Visitor<I> visitor) throws Exception {
        int at = 0;
        while (at < end) {
            in.setBuffer(page, at, end - at);
            int length = in.readInt();
            at += LENGTH_BYTES;
            visitor.visit(serializer.deserialize(in), page, at, length);
            at += length;
        }
    }

    private void free(Step step) {
        step.full.add(step.page);
        for (byte[] page : step.full) {
            if (page.length == PAGE_BYTES && spares.size() < SPARE_PAGES) {
                spares.add(page);
            }
        }
    }
}
