package io.shopwatch.domain.event;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * How far a job has read each partition of its inputs, beside how far there is something to read.
 *
 * <p>Probes look at the ends of the logs. Once a partition has been read to the end that a probe saw, all that was in it
 * when the probe looked is in; it then holds time no further back than where event time stood at that look, or than its
 * own newest event. So however starved, stalled or slow the reading is, what lay in a log is read before time passes it;
 * and a partition with few events, or none, holds nothing back for longer than from one probe to the next.
 *
 * <p>A partition that is behind the others holds time at its newest event for as long as it keeps giving events: a topic
 * may be written later than the rest, or a replay may read one partition after another.
 *
 * <p>Offsets as in Kafka: the offset of the next record. All times are epoch milliseconds. Not thread-safe.
 */
public final class Backlog {

    /** Nothing holds time. */
    public static final long NOTHING = Long.MAX_VALUE;

    /** Something is unread in a partition of which no event time is known yet. */
    public static final long UNKNOWN = Long.MIN_VALUE;

    /** A partition that does not give its records within this time is not waited for. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The marker that ends a transaction has an offset, but is never read as a record. */
    static final Duration MARKER_PATIENCE = Duration.ofSeconds(2);

    /** Looks that wait until a partition has been read that far: in a long backlog the first ones, and the last. */
    private static final int MAX_LOOKS = 16;

    private final long tolerance;
    private final long idleness;
    private final Map<String, Partition> partitions = new HashMap<>();
    private long newest = UNKNOWN;
    private long askedAt = UNKNOWN;
    private long answeredAt = UNKNOWN;

    /**
     * What a log holds.
     *
     * @param begin offset of its first record
     * @param end offset after its last record
     */
    public record Extent(long begin, long end) {}

    /** The end that a probe saw, when that was known, and where event time stood when the probe looked. */
    private record Look(long end, long answeredAt, long eventTime) {}

    private static final class Partition {
        private long next;
        private long newest = UNKNOWN;
        private long progress = UNKNOWN;
        private boolean behind;
        private boolean probed;
        private long cleared = UNKNOWN;
        private final Deque<Look> looks = new ArrayDeque<>();

        private void clear() {
            while (!looks.isEmpty() && next >= looks.peekFirst().end) {
                cleared = Math.max(cleared, looks.removeFirst().eventTime);
            }
        }

        /** Whether what is unread has been waited for long enough. */
        private boolean standsStill(long now) {
            if (looks.isEmpty()) {
                return false;
            }
            Duration patience = looks.peekLast().end - next == 1 ? MARKER_PATIENCE : PATIENCE;
            return now - Math.max(progress, looks.peekFirst().answeredAt) > patience.toMillis();
        }
    }

    /**
     * @param tolerance how far a partition may be behind the newest event of all without being waited for
     * @param idleness how long a partition that is behind is waited for after its last event
     */
    public Backlog(Duration tolerance, Duration idleness) {
        this.tolerance = tolerance.toMillis();
        this.idleness = idleness.toMillis();
    }

    /**
     * Records of a partition were read.
     *
     * @param next offset of the next record
     * @param newestOfIt newest event time of the partition so far, or {@link #UNKNOWN}
     */
    public void read(String partition, long next, long newestOfIt, long now) {
        Partition known = partitions.computeIfAbsent(partition, name -> new Partition());
        if (next > known.next) {
            known.next = next;
            known.progress = now;
        }
        known.newest = Math.max(known.newest, newestOfIt);
        newest = Math.max(newest, known.newest);
        known.behind = known.newest != UNKNOWN && newest - known.newest > tolerance;
        known.clear();
    }

    /**
     * A probe has answered.
     *
     * @param extents of all partitions
     * @param asked when the probe began to look: what was written before is within the extents
     * @param eventTime where event time stood then, or {@link #UNKNOWN}
     */
    public void extents(Map<String, Extent> extents, long asked, long eventTime, long now) {
        extents.forEach((name, extent) -> {
            Partition known = partitions.computeIfAbsent(name, unread -> new Partition());
            known.next = Math.max(known.next, extent.begin);
            known.probed = true;
            if (known.looks.size() == MAX_LOOKS) {
                known.looks.removeLast();
            }
            known.looks.addLast(new Look(extent.end, now, eventTime));
            known.clear();
        });
        askedAt = asked;
        answeredAt = now;
    }

    /** There will be probes from now on; the first answer is waited for as any other. */
    public void begin(long now) {
        askedAt = 0; // no answer says anything of now
        answeredAt = now;
    }

    /** When the newest answered probe began to look, or {@link #UNKNOWN} where there was none within the patience. */
    public long askedAt(long now) {
        return answeredAt == UNKNOWN || now - answeredAt > PATIENCE.toMillis() ? UNKNOWN : askedAt;
    }

    /**
     * The event time at which partitions hold time, before out-of-orderness; {@link #NOTHING} if none does,
     * {@link #UNKNOWN} if records of any time may be unread.
     */
    public long bound(long now) {
        boolean probing = askedAt(now) != UNKNOWN;
        long bound = NOTHING;
        for (Partition partition : partitions.values()) {
            boolean active = partition.newest != UNKNOWN && now - partition.progress <= idleness;
            if (probing && partition.probed) {
                if (active && partition.behind) {
                    bound = Math.min(bound, partition.newest);
                } else if (!partition.standsStill(now)) {
                    bound = Math.min(bound, Math.max(partition.newest, partition.cleared));
                }
            } else if (active) {
                bound = Math.min(bound, partition.newest);
            }
        }
        return bound;
    }

    /** Where a partition has been read to, for a checkpoint: by name the next offset and the newest event time. */
    public Map<String, long[]> positions() {
        Map<String, long[]> positions = new HashMap<>();
        partitions.forEach((name, partition) -> positions.put(name, new long[] {partition.next, partition.newest}));
        return positions;
    }
}
