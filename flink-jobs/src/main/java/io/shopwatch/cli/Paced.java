package io.shopwatch.cli;

import io.shopwatch.replay.Pace;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Runs the sending of events so that SIGTERM and Ctrl-C end it only after everything sent has been delivered. */
final class Paced {
    private static final Duration LIMIT = Duration.ofSeconds(8);

    /** What is run. */
    @FunctionalInterface
    interface Body {
        void run() throws IOException, InterruptedException;
    }

    private Paced() {}

    /**
     * Runs the body, which ends soon after the pace is stopped.
     *
     * @throws FailureException if it can't read or deliver
     */
    static void run(Pace pace, Body body) throws IOException, InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        try (Shutdown shutdown = Shutdown.onSignals(LIMIT)) {
            shutdown.register("events on their way", () -> {
                pace.stop();
                done.await();
            });
            try {
                body.run();
            } finally {
                done.countDown();
            }
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            // Says in full which file or which Kafka it was.
            throw new FailureException(e.getMessage(), e);
        }
    }
}
