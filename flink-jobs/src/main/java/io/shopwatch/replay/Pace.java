package io.shopwatch.replay;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Waits for the wall clock, and stops waiting when it is told to. May be stopped from any thread. */
public final class Pace {
    private final LongSupplier clock;
    private final Waiting waiting;
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** How time passes. */
    @FunctionalInterface
    public interface Waiting {
        /**
         * Lets that many milliseconds pass, unless {@code stopped} is counted down.
         *
         * @return whether it was
         */
        boolean await(CountDownLatch stopped, long millis) throws InterruptedException;
    }

    /**
     * @param clock wall clock, epoch milliseconds
     * @param waiting how to wait by that clock
     */
    public Pace(LongSupplier clock, Waiting waiting) {
        this.clock = clock;
        this.waiting = waiting;
    }

    /** The system's clock. */
    public static Pace ofSystem() {
        return new Pace(System::currentTimeMillis, (stopped, millis) -> stopped.await(millis, TimeUnit.MILLISECONDS));
    }

    /** The wall clock, epoch milliseconds. */
    public long now() {
        return clock.getAsLong();
    }

    /** Ends all waiting, now and later. */
    public void stop() {
        stopped.countDown();
    }

    /** Whether {@link #stop()} was called. */
    public boolean isStopped() {
        return stopped.getCount() == 0;
    }

    /**
     * Waits until the wall clock shows {@code time}, but at most {@code longest} milliseconds.
     *
     * @return whether the time has come; false also when stopped
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean await(long time, long longest) throws InterruptedException {
        long wait = Math.min(time - now(), longest);
        if (wait > 0 && waiting.await(stopped, wait)) {
            return false;
        }
        return !isStopped() && now() >= time;
    }
}
