package io.shopwatch.job.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WritingTurnsTest {
    private static final int PIECE = 64 * 1024;

    @Test
    void threadsShareOnePace() {
        long began = System.nanoTime();
        CompletableFuture<Void> one = CompletableFuture.runAsync(() -> write(160));
        write(160);
        one.join();

        // 20 MB less what is free, at 100 MB a second; a busy machine only makes it longer.
        assertThat(System.nanoTime() - began).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(190));
    }

    @Test
    void littleWaitsForNobody() {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (int i = 0; i < 1_000_000; i++) {
                write(1);
            }
        });
    }

    @Test
    void nobodyWaitsInAHurryAndAllDoAfterIt() {
        WritingTurns turns = new WritingTurns();
        WritingTurns.hurry();
        try {
            // 100 GB, which would take a quarter of an hour.
            assertTimeoutPreemptively(Duration.ofSeconds(60), () -> write(1_600_000));
            turns.await(Integer.MAX_VALUE);
        } finally {
            WritingTurns.takeTurnsAgain();
        }
        long began = System.nanoTime();
        turns.await(100 * PIECE);

        assertThat(System.nanoTime() - began).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(50));
    }

    private static void write(int pieces) {
        WritingTurns turns = new WritingTurns();
        for (int i = 0; i < pieces; i++) {
            turns.await(PIECE);
        }
    }
}
