package io.shopwatch.domain.event;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Where event time stands, from all streams together. Four rules:
 *
 * <ul>
 *   <li>it follows the newest event, out-of-orderness behind;
 *   <li>after a silence it goes on at the wall clock's pace from the newest event, so that windows empty and silence can
 *       be noticed, in whatever year the events are;
 *   <li>when event time runs faster than the wall clock (a replay, a backlog) it waits a moment on the wall clock, so
 *       that the first records of a stream that was silent are heard before time leaves them behind;
 *   <li>it never passes what may lie unread in the inputs ({@link Backlog}).
 * </ul>
 *
 * <p>All times are epoch milliseconds; the wall clock is a parameter. Not thread-safe.
 */
public final class EventTimeClock {

    /** Before the first event. */
    public static final long NONE = Long.MIN_VALUE;

    /** After a restart the sources need time to go on; the wall clock must not move event time meanwhile. */
    private static final Duration RESTART_GRACE = Duration.ofSeconds(10);

    private final long outOfOrderness;
    private final long silence;
    private final long hold;

    private final Backlog backlog;
    private final Deque<long[]> targets = new ArrayDeque<>(); // wall clock, target
    private long newest = NONE;
    private long silentFrom = NONE; // the wall clock takes over from here
    private long watermark = NONE;

    /**
     * @param outOfOrderness how late events may be without being late
     * @param silence how long nothing must arrive before the wall clock takes over
     * @param hold how long a jump of event time waits
     * @param backlog what is unread, kept up to date by the caller
     */
    public EventTimeClock(Duration outOfOrderness, Duration silence, Duration hold, Backlog backlog) {
        this.backlog = backlog;
        this.outOfOrderness = outOfOrderness.toMillis();
        this.silence = silence.toMillis();
        this.hold = hold.toMillis();
    }

    /** Goes on from a checkpoint that held {@code newest}. */
    public void restore(long newestEventTime, long now) {
        newest = newestEventTime;
        silentFrom = now + RESTART_GRACE.toMillis() + silence;
    }

    /** An event of that time was read. */
    public void heard(long eventTime, long now) {
        // Also when the watermark is already beyond it, after a stall: else event time and wall clock would both push.
        if (eventTime > newest || eventTime > watermark) {
            // A replay at full speed may stumble, and a second of it may be an hour of events.
            boolean racing = !targets.isEmpty() && eventTime - targets.peekFirst()[1] > 2 * hold;
            silentFrom = now + silence + (racing ? hold : 0);
        }
        newest = Math.max(newest, eventTime);
    }

    /** The newest event time heard, or {@link #NONE}. */
    public long newest() {
        return newest;
    }

    /**
     * Where event time stands as of {@code now}, without out-of-orderness and whatever holds it back; {@link #NONE}
     * before the first event.
     */
    public long eventTime(long now) {
        if (newest == NONE) {
            return NONE;
        }
        long probed = backlog.askedAt(now);
        // After a pause of this process, what was written meanwhile is still to come: a silence lasts to the last
        // probe.
        long silentUntil = probed == Backlog.UNKNOWN ? now : probed;
        return newest + Math.max(0, silentUntil - silentFrom);
    }

    /**
     * The watermark as of {@code now}: all events with this time or an earlier one are in, as far as can be known.
     * Never goes back; {@link #NONE} before the first event has been held.
     */
    public long watermark(long now) {
        if (newest == NONE) {
            return NONE;
        }
        long probed = backlog.askedAt(now);
        long target = eventTime(now);
        if (targets.isEmpty() || now - targets.peekLast()[0] >= Math.max(1, hold / 50)) {
            targets.addLast(new long[] {now, target});
        }
        // A jump is believed when it has been held, and when a probe has looked since for what is unread.
        long heldUntil = probed == Backlog.UNKNOWN ? now - hold : Math.min(now - hold, probed);
        // The first entry is the newest that is old enough.
        while (targets.size() > 1 && secondOldest()[0] <= heldUntil) {
            targets.removeFirst();
        }
        long[] before = targets.peekFirst();
        long bound = backlog.bound(now);
        if (before[0] > heldUntil || bound == Backlog.UNKNOWN) {
            return watermark; // nothing has been held long enough yet, or what is unread may be of any time
        }
        long reached = Math.min(bound, Math.min(target, before[1] + 2 * hold)) - outOfOrderness - 1;
        watermark = Math.max(watermark, reached);
        return watermark;
    }

    private long[] secondOldest() {
        var iterator = targets.iterator();
        iterator.next();
        return iterator.next();
    }
}
