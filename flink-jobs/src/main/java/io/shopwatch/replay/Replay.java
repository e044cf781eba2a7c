package io.shopwatch.replay;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/**
 * Sends recorded events in order of their time, at their own pace, faster, or as fast as it goes.
 *
 * <p>Pauses of more than a day in the recording are not waited for: they come from single stray times, not from a shop
 * that was closed.
 */
public final class Replay {
    /** As fast as it goes. */
    public static final double MAX_SPEED = Double.POSITIVE_INFINITY;

    /** At full speed no stream may run ahead of another by more than this much wall time, milliseconds. */
    private static final long LEVEL_EVERY = 200;

    private static final int STRIDE = 64;
    private static final long LONGEST_WAIT = 1000;
    private static final long LONGEST_PAUSE = Duration.ofDays(1).toMillis();
    private static final long YEAR_2000 = Instant.parse("2000-01-01T00:00:00Z").toEpochMilli();

    /** Which times are sent. */
    public enum Times {
        /** The recorded ones. */
        KEEP,
        /** The first event is now, the others follow at the speed; at {@link #MAX_SPEED} each is now when it is sent. */
        SHIFT
    }

    private final RecordedEvents events;
    private final RecordSink sink;
    private final Pace pace;
    private final double speed;
    private final Times times;
    private final Tally sent = new Tally();
    private long raw;
    private boolean begun;
    private long start;
    private double elapsed;
    private long lastTime;

    /** @param speed how many times faster than recorded; {@link #MAX_SPEED} does not wait at all */
    public Replay(RecordedEvents events, RecordSink sink, Pace pace, double speed, Times times) {
        this.events = events;
        this.sink = sink;
        this.pace = pace;
        this.speed = speed;
        this.times = times;
    }

    /**
     * Sends until the end or until the pace is stopped, and delivers all that was sent.
     *
     * @param progress called now and then
     * @return what was sent
     * @throws IOException if something can't be read or delivered
     * @throws InterruptedException if the thread is interrupted
     */
    public Tally run(Runnable progress) throws IOException, InterruptedException {
        long levelled = pace.now();
        long count = 0;
        for (Recorded next = events.next(); next != null && !pace.isStopped(); next = events.next()) {
            long due = due(next.time());
            if (!awaitTime(due)) {
                break;
            }
            sink.write(next.stream(), next.key(), times == Times.KEEP ? next.value() : next.valueAt(due));
            sent.add(next.stream());
            if (next.event() == null) {
                raw++;
            }
            if (++count % STRIDE == 0) {
                progress.run();
                long now = pace.now();
                if (now - levelled >= LEVEL_EVERY) {
                    // Else a small stream, whose records never queue up, would overtake a large one.
                    sink.flush();
                    levelled = pace.now();
                }
            }
        }
        sink.flush();
        return sent;
    }

    /** Sent so far, by stream. */
    public Tally sent() {
        return sent;
    }

    /** How many of those were no events, and were sent for the jobs to reject. */
    public long sentRaw() {
        return raw;
    }

    /** The wall clock at which something recorded at that time is sent. */
    private long due(long time) {
        if (!begun) {
            start = pace.now();
        }
        if (speed == MAX_SPEED) {
            return pace.now();
        }
        if (time >= YEAR_2000) {
            long pause = begun ? time - lastTime : 0;
            elapsed += pause > LONGEST_PAUSE ? 0 : pause / speed;
            lastTime = time;
            begun = true;
        }
        return start + (long) elapsed;
    }

    private boolean awaitTime(long due) throws InterruptedException {
        while (!pace.isStopped()) {
            if (pace.await(due, LONGEST_WAIT)) {
                return true;
            }
        }
        return false;
    }
}
