package io.shopwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class StartingTest {
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    private Starting<AutoCloseable> starting() {
        return Starting.of("it", () -> {
            started.await();
            return closed::countDown;
        });
    }

    @Test
    void startsWhileTheCallerDoesSomethingElse() throws Exception {
        Starting<AutoCloseable> it = starting();
        started.countDown();

        it.get().close();

        assertThat(closed.getCount()).isZero();
    }

    @Test
    void isClosedWhenItHasStartedAndNotBefore() throws Exception {
        Starting<AutoCloseable> it = starting();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> {
            try {
                it.close();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        assertThat(closed.await(50, TimeUnit.MILLISECONDS)).isFalse();

        started.countDown();
        closing.join();

        assertThat(closed.getCount()).isZero();
    }

    @Test
    void saysWhatKeptItFromStartingAndHasNothingToClose() throws Exception {
        IOException taken = new IOException("port taken");
        Starting<AutoCloseable> it = Starting.of("it", () -> {
            throw taken;
        });

        assertThatThrownBy(it::get).isSameAs(taken);
        it.close();
    }
}
