package io.shopwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ShutdownTest {
    private final List<String> closed = Collections.synchronizedList(new ArrayList<>());

    @Test
    void closesTheLastFirstAndEverythingOnce() {
        Shutdown shutdown = new Shutdown(Duration.ofSeconds(20));
        shutdown.register("broker", () -> closed.add("broker"));
        shutdown.register("server", () -> closed.add("server"));

        shutdown.close();
        shutdown.close();

        assertThat(closed).containsExactly("server", "broker");
        assertThat(shutdown.unfinished()).isEmpty();
    }

    @Test
    void goesOnWhenACloserFails() {
        Shutdown shutdown = new Shutdown(Duration.ofSeconds(20));
        shutdown.register("broker", () -> closed.add("broker"));
        shutdown.register("server", () -> {
            throw new IOException("stuck");
        });

        shutdown.close();

        assertThat(closed).containsExactly("broker");
        assertThat(shutdown.unfinished()).containsExactly("server");
    }

    @Test
    void givesUpOnACloserThatHangs() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        Shutdown shutdown = new Shutdown(Duration.ofMillis(50));
        shutdown.register("broker", () -> closed.add("broker"));
        shutdown.register("hanging", never::await);

        long begun = System.nanoTime();
        shutdown.close();

        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(Duration.ofMillis(50), Duration.ofSeconds(10));
        assertThat(shutdown.unfinished()).containsExactly("hanging");
        assertThat(closed).isEmpty();
        never.countDown();
    }

    @Test
    void closesAtOnceWhatComesTooLate() {
        Shutdown shutdown = new Shutdown(Duration.ofSeconds(20));
        shutdown.close();

        shutdown.register("late", () -> closed.add("late"));

        assertThat(closed).containsExactly("late");
    }

    @Test
    void wakesTheOneWhoWaits() throws InterruptedException {
        Shutdown shutdown = Shutdown.onSignals(Duration.ofSeconds(20));
        CountDownLatch awake = new CountDownLatch(1);
        Thread waiting = new Thread(() -> {
            try {
                shutdown.await();
                awake.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        waiting.start();
        assertThat(shutdown.await(Duration.ofMillis(1))).isFalse();
        assertThat(shutdown.isRequested()).isFalse();

        shutdown.request();

        assertThat(awake.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(shutdown.await(Duration.ofSeconds(20))).isTrue();
        assertThat(shutdown.isRequested()).isTrue();
        shutdown.close();
    }
}
