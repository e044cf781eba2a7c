package io.shopwatch.job.common;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes those that write a checkpoint take turns. Each subtask writes its state in a thread of its own, and a dozen of them at
 * once take the processors away from those who follow events, so that figures stand still until all is written. In turns
 * and with pauses it takes longer, and nobody notices.
 *
 * <p>One belongs to one thread; all of a process wait for one another.
 */
public final class WritingTurns {
    /** What all write together: ten million visitors in twenty seconds. */
    private static final long BYTES_PER_SECOND = 100_000_000;

    private static final int TURN_BYTES = 64 * 1024;
    private static final long TURN_NANOS = TimeUnit.SECONDS.toNanos(TURN_BYTES) / BYTES_PER_SECOND;

    private static final long BEGINNING = System.nanoTime();

    /** When the next turn begins, nanoseconds since the beginning. */
    private static final AtomicLong NEXT = new AtomicLong();

    /** How many want everything written as fast as it can be. */
    private static final AtomicInteger HURRIED = new AtomicInteger();

    /** The first is free: what is small never waits. */
    private long left = TURN_BYTES;

    WritingTurns() {}

    /** Nobody in this process waits for turns from now on: a process that ends writes its last checkpoint at once. */
    public static void hurry() {
        HURRIED.incrementAndGet();
    }

    /** The contrary of {@link #hurry}. */
    public static void takeTurnsAgain() {
        HURRIED.decrementAndGet();
    }

    /** Waits for a turn if the last one has been used up. */
    void await(int bytes) {
        left -= bytes;
        if (HURRIED.get() > 0) {
            left = Math.max(left, 0);
        }
        while (left < 0) {
            left += TURN_BYTES;
            long now = System.nanoTime() - BEGINNING;
            long wait = NEXT.getAndUpdate(next -> Math.max(next, now) + TURN_NANOS) - now;
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            }
        }
    }
}
