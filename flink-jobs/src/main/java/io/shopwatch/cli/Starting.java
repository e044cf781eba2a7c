package io.shopwatch.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Something that starts on a thread of its own while the caller starts something else.
 *
 * @param <T> what it is when it has started
 */
final class Starting<T extends AutoCloseable> {
    private final FutureTask<T> task;

    private Starting(FutureTask<T> task) {
        this.task = task;
    }

    /**
     * Begins to start it.
     *
     * @param name what it is, for the thread's name
     * @param start starts it
     */
    static <T extends AutoCloseable> Starting<T> of(String name, Callable<T> start) {
        FutureTask<T> task = new FutureTask<>(start);
        Thread thread = new Thread(task, "shopwatch-starting-" + name);
        thread.setDaemon(true);
        thread.start();
        return new Starting<>(task);
    }

    /**
     * Waits until it has started.
     *
     * @throws Exception what kept it from starting
     */
    T get() throws Exception {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Closes it as soon as it has started; {@link #get} says why it did not, and then there is nothing to close. */
    void close() throws Exception {
        T started;
        try {
            started = task.get();
        } catch (ExecutionException e) {
            return;
        }
        started.close();
    }
}
