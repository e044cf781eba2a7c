package io.shopwatch.notify;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of one receiver: takes the queue's steps when they are due. */
final class ReceiverLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReceiverLoop.class);
    private static final Duration LONGEST_PARK = Duration.ofMinutes(1);
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final ReceiverQueue queue;
    private final Clock clock;
    private final Thread thread;
    private volatile boolean open = true;

    ReceiverLoop(String name, ReceiverQueue queue, Clock clock) {
        this.queue = queue;
        this.clock = clock;
        this.thread = new Thread(this::run, "notify-" + name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Hands over an alert. */
    void offer(ReceiverQueue.Incoming incoming) {
        queue.offer(incoming);
    }

    /** To be called after {@link #offer}, once for many. */
    void wake() {
        LockSupport.unpark(thread);
    }

    private void run() {
        try {
            while (open) {
                sleepUntil(step());
            }
        } catch (InterruptedException e) {
            // close() had to interrupt a request; its message has no outcome and is sent again after the restart.
            Thread.currentThread().interrupt();
        }
    }

    private Instant step() throws InterruptedException {
        try {
            return queue.step();
        } catch (RuntimeException e) {
            LOG.error("{}: a delivery step failed and is taken again", thread.getName(), e);
            return clock.instant().plusSeconds(5);
        }
    }

    private void sleepUntil(Instant due) {
        Instant now = clock.instant();
        if (open && due.isAfter(now)) {
            Instant horizon = now.plus(LONGEST_PARK);
            // Woken by wake(): a wake-up between step and park is not lost, it makes the park return at once.
            LockSupport.parkNanos(
                    Duration.between(now, due.isBefore(horizon) ? due : horizon).toNanos());
        }
    }

    /** Ends after the request under way; interrupts it when that takes too long. */
    @Override
    public void close() {
        open = false;
        wake();
        join(thread, GRACE);
        if (thread.isAlive()) {
            thread.interrupt();
            join(thread, GRACE);
        }
    }

    /** Waits for a thread's end; an interrupted caller waits no longer and stays interrupted. */
    static void join(Thread thread, Duration patience) {
        try {
            thread.join(patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
