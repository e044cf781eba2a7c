package io.shopwatch.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops a running command cleanly, whether it ends by itself, by SIGTERM or by Ctrl-C: what was registered is closed
 * once, last first, within a bounded time, and one closer that fails or hangs does not keep the others open.
 *
 * <pre>{@code
 * try (Shutdown shutdown = Shutdown.onSignals(Duration.ofSeconds(8))) {
 *     shutdown.register("broker", Broker.start());
 *     shutdown.register("server", Server.start());
 *     shutdown.await();
 * }
 * }</pre>
 */
public final class Shutdown implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    private record Closer(String name, AutoCloseable closeable) {}

    private final Duration limit;
    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final Deque<Closer> closers = new ArrayDeque<>();
    private final List<String> unfinished = new ArrayList<>();
    private boolean closing;
    private boolean reported;
    private Thread hook;

    /** @param limit time for all closers together */
    public Shutdown(Duration limit) {
        this.limit = limit;
    }

    /** A shutdown that SIGTERM and Ctrl-C request and carry out. */
    public static Shutdown onSignals(Duration limit) {
        Shutdown shutdown = new Shutdown(limit);
        shutdown.hook = new Thread(
                () -> {
                    shutdown.request();
                    shutdown.closeAll();
                },
                "shopwatch-shutdown");
        Runtime.getRuntime().addShutdownHook(shutdown.hook);
        return shutdown;
    }

    /**
     * Closes {@code closeable} at the end, before everything that was registered earlier; at once if the end has come
     * already.
     *
     * @param name what it is, for messages
     * @return {@code closeable}
     */
    public <T extends AutoCloseable> T register(String name, T closeable) {
        boolean late;
        synchronized (this) {
            late = closing;
            if (!late) {
                closers.push(new Closer(name, closeable));
            }
        }
        if (late) {
            close(new Closer(name, closeable));
        }
        return closeable;
    }

    /** Asks the command to end. */
    public void request() {
        requested.countDown();
    }

    /** Whether the command was asked to end; long loops look here. */
    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** Waits until the command is asked to end. */
    public void await() throws InterruptedException {
        requested.await();
    }

    /** Waits until the command is asked to end, but not longer than this; whether it was asked. */
    public boolean await(Duration atMost) throws InterruptedException {
        return requested.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Closes everything, unless it is closed already; returns when that is done or the time is over. */
    @Override
    public void close() {
        request();
        closeAll();
        if (hook != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                LOG.debug("The JVM is going down already", e);
            }
        }
    }

    /** Names of what did not close in time or failed to. */
    public synchronized List<String> unfinished() {
        return List.copyOf(unfinished);
    }

    private void closeAll() {
        boolean first;
        synchronized (this) {
            first = !closing;
            closing = true;
        }
        if (first) {
            // On a thread of its own: a closer that hangs must not keep the process.
            Thread worker = new Thread(this::closeInOrder, "shopwatch-closing");
            worker.setDaemon(true);
            worker.start();
        }
        try {
            if (!done.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                reportUnclosed();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeInOrder() {
        for (Closer closer = next(); closer != null; closer = next()) {
            close(closer);
        }
        done.countDown();
    }

    private synchronized Closer next() {
        Closer closer = closers.poll();
        if (closer != null) {
            unfinished.add(closer.name);
        }
        return closer;
    }

    private void close(Closer closer) {
        try {
            closer.closeable.close();
            synchronized (this) {
                unfinished.remove(closer.name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("Closing {} failed", closer.name, e);
        }
    }

    /** Under the lock: the shutdown hook must not return, and the JVM end, while the other thread is still writing. */
    private synchronized void reportUnclosed() {
        if (reported) {
            return;
        }
        reported = true;
        List<String> pending = new ArrayList<>(unfinished);
        closers.forEach(closer -> pending.add(closer.name));
        LOG.warn("Not closed within {} ms: {}", limit.toMillis(), pending);
    }
}
