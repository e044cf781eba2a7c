package io.shopwatch.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The clock of a run, in the process of the job: starts when it is told that the first record is read, or once so many events are
 * accounted for, and stops with the last event that is, or with the last figures. Starting a job and taking it down are not
 * measured.
 */
final class Gauge {
    private static final AtomicLong STARTED = new AtomicLong();
    private static final AtomicLong COUNTED = new AtomicLong();
    private static final Map<String, Long> COUNTS = new ConcurrentHashMap<>();
    private static final CountDownLatch COMPLETE = new CountDownLatch(1);
    private static volatile boolean started;
    private static volatile long expected;
    private static volatile long warmUp;
    private static volatile long countedBefore;
    private static volatile long lastEnd;
    private static volatile long stopped;
    private static volatile long cpuStarted;
    private static volatile long cpuStopped;

    private Gauge() {}

    /** Says how many events will be counted. */
    static void expect(long events) {
        expect(events, 0);
    }

    /** … and how many of them, about, only warm up. */
    static void expect(long events, long notMeasured) {
        expected = events;
        warmUp = notMeasured;
    }

    /** Says which windows come last, instead: the clock stops at the first figure of later ones. */
    static void expectWindows(long end, long notMeasured) {
        expect(Long.MAX_VALUE, notMeasured);
        lastEnd = end;
    }

    /** A record was read. */
    static void read() {
        if (!started && warmUp == 0) {
            start();
        }
    }

    private static void start() {
        started = true;
        if (STARTED.compareAndSet(0, System.nanoTime())) {
            countedBefore = COUNTED.get();
            cpuStarted = cpuNanos();
        }
    }

    /** Events were accounted for, under that stream and outcome. */
    static void count(String outcome, long events) {
        COUNTS.merge(outcome, events, Long::sum);
        long counted = COUNTED.addAndGet(events);
        if (!started && warmUp > 0 && counted >= warmUp) {
            start();
        }
        if (counted >= expected) {
            stop();
        }
    }

    /** The figure of a window was computed; they come in order of time. */
    static void figure(long end) {
        if (end > lastEnd && !isComplete()) {
            stop();
        }
    }

    private static void stop() {
        stopped = System.nanoTime();
        cpuStopped = cpuNanos();
        COMPLETE.countDown();
    }

    /** Events accounted for so far. */
    static long counted() {
        return COUNTED.get();
    }

    /** The same by stream and outcome. */
    static Map<String, Long> counts() {
        return COUNTS;
    }

    /** Whether all are. */
    static boolean isComplete() {
        return COMPLETE.getCount() == 0;
    }

    /** Waits until all are; false where that takes longer. */
    static boolean await(Duration patience) throws InterruptedException {
        return COMPLETE.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Events that were accounted for while the clock ran. */
    static long measured() {
        return COUNTED.get() - countedBefore;
    }

    /** Seconds that the clock ran. */
    static double seconds() {
        return (stopped - STARTED.get()) / 1e9;
    }

    /** Seconds of processor time in between, of all threads of this process. */
    static double cpuSeconds() {
        return (cpuStopped - cpuStarted) / 1e9;
    }

    /** Processor time of all threads of this process until now, nanoseconds. */
    static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
