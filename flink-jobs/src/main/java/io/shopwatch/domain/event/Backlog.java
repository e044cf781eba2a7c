package io.shopwatch.domain.event;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How far a job has read each partition of its inputs, beside how far there is something to read. A partition with unread
 * records holds event time at the newest event it has given so far: however starved, stalled or slow the reading is, what
 * lay in the log when the probe looked is read before time passes it.
 *
 * <p>Offsets as in Kafka: the offset of the next record. All times are epoch milliseconds. Not thread-safe.
 */
public final class Backlog {

    /** Nothing is unread. */
    public static final long NOTHING = Long.MAX_VALUE;

    /** Something is unread in a partition of which no event time is known yet. */
    public static final long UNKNOWN = Long.MIN_VALUE;

    /** A partition that does not give its records within this time is not waited for. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The marker that ends a transaction has an offset, but is never read as a record. */
    static final Duration MARKER_PATIENCE = Duration.ofSeconds(2);

    private final Map<String, Partition> partitions = new HashMap<>();
    private long askedAt = UNKNOWN;
    private long answeredAt = UNKNOWN;

    /**
     * What a log holds.
     *
     * @param begin offset of its first record
     * @param end offset after its last record
     */
    public record Extent(long begin, long end) {}

    private static final class Partition {
        private long next;
        private long end;
        private long newest = UNKNOWN;
        private long progress = UNKNOWN;
    }

    /**
     * Records of a partition were read.
     *
     * @param next offset of the next record
     * @param newest newest event time of the partition so far, or {@link #UNKNOWN}
     */
    public void read(String partition, long next, long newest, long now) {
        Partition known = partitions.computeIfAbsent(partition, name -> new Partition());
        if (next > known.next) {
            known.next = next;
            known.progress = now;
        }
        known.newest = Math.max(known.newest, newest);
    }

    /**
     * A probe has answered.
     *
     * @param extents of all partitions
     * @param asked when the probe began to look: what was written before is within the extents
     */
    public void extents(Map<String, Extent> extents, long asked, long now) {
        extents.forEach((name, extent) -> {
            Partition known = partitions.computeIfAbsent(name, unread -> new Partition());
            known.next = Math.max(known.next, extent.begin);
            known.end = extent.end;
            if (known.progress == UNKNOWN) {
                known.progress = now;
            }
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
     * The event time at which unread records hold time: the smallest of the newest event times of all partitions with
     * unread records; {@link #NOTHING} if there are none, {@link #UNKNOWN} if such a partition has given no event yet.
     */
    public long bound(long now) {
        long bound = NOTHING;
        for (Partition partition : partitions.values()) {
            long unread = partition.end - partition.next;
            Duration patience = unread == 1 ? MARKER_PATIENCE : PATIENCE;
            if (unread > 0 && now - partition.progress <= patience.toMillis()) {
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
