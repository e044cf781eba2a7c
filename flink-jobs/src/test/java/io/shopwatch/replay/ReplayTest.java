package io.shopwatch.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.replay.Replay.Times;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
    private static final Pattern TIME = Pattern.compile("\"eventTime\":(-?\\d+)");

    @TempDir
    private Path folder;

    private final MemorySink sink = new MemorySink();

    /** Moves only by waiting. */
    private final AtomicLong clock = new AtomicLong(1_000_000);

    @Test
    void atFullSpeedRecordedTimesAreKeptAndPurchasesPlacedBeforePaid() throws Exception {
        Path file = Files.writeString(
                folder.resolve("t.csv"),
                """
                1,10,20,buy,1511544070
                2,11,20,pv,1511544000
                """);

        Tally tally = replay(file, Replay.MAX_SPEED, Times.KEEP, Pace.ofSystem());

        assertThat(tally).hasToString("clicks 1, carts 0, orders 2, stock 0");
        assertThat(tally.total()).isEqualTo(3);
        assertThat(sink.sent)
                .extracting(MemorySink.Sent::stream)
                .containsExactly(EventStream.CLICKS, EventStream.ORDERS, EventStream.ORDERS);
        assertThat(sink.sent.get(0).key()).isEqualTo("2");
        assertThat(sink.sent.get(1).value()).contains("\"placed\"");
        assertThat(sink.sent.get(2).value()).contains("\"paid\"");
        assertThat(sink.sent.get(2).key()).isEqualTo(sink.sent.get(1).key());
        assertThat(times()).containsExactly(1_511_544_000_000L, 1_511_544_070_000L, 1_511_544_070_000L);
        assertThat(sink.flushed).isEqualTo(3);
    }

    @Test
    void shiftedTimesBeginNowAndAreSqueezedByTheSpeed() throws Exception {
        Path file = Files.writeString(
                folder.resolve("t.csv"),
                """
                1,10,20,pv,1511544000
                1,11,20,pv,1511544600
                1,12,20,pv,1511547600
                """);

        replay(file, 60, Times.SHIFT, pace());

        // 600 s / 60 = 10 s, 3600 s / 60 = 60 s after the first
        List<Long> times = times();
        assertThat(times.get(1) - times.get(0)).isEqualTo(10_000);
        assertThat(times.get(2) - times.get(0)).isEqualTo(60_000);
        assertThat(times.get(0)).isEqualTo(1_000_000);
    }

    @Test
    void strayTimesAreNotWaitedFor() throws Exception {
        Path file = Files.writeString(
                folder.resolve("t.csv"),
                """
                1,10,20,pv,-2134949234
                1,11,20,pv,1490000000
                1,12,20,pv,1511544000
                1,13,20,pv,1511544001
                1,14,20,pv,2122867355
                """);

        replay(file, 1, Times.KEEP, pace());

        assertThat(sink.sent).hasSize(5);
        // Only the second between the third and the fourth was waited for.
        assertThat(clock.get()).isEqualTo(1_000_000 + 1_000);
    }

    @Test
    void stopsInTheMiddleAndHasDeliveredWhatItSent() throws Exception {
        Path file = Files.writeString(
                folder.resolve("t.csv"),
                """
                1,10,20,pv,1511544000
                1,11,20,pv,1511544001
                1,12,20,pv,1511584000
                """);
        Pace pace = new Pace(clock::get, (stopped, millis) -> {
            clock.addAndGet(millis);
            if (sink.sent.size() == 2) {
                stopped.countDown();
            }
            return stopped.getCount() == 0;
        });

        replay(file, 1, Times.KEEP, pace);

        assertThat(sink.sent).hasSize(2);
        assertThat(sink.flushed).isEqualTo(2);
    }

    @Test
    void linesThatAreNoEventsGoAlongWithoutAKeyAndAreCounted() throws Exception {
        Path file = Files.writeString(folder.resolve("orders.jsonl"), "{broken\n");
        try (RecordedEvents events =
                RecordedEvents.open(List.of(file), RecordedEvents.Options.passingOn(reject -> {}))) {
            Replay replay = new Replay(events, sink, Pace.ofSystem(), Replay.MAX_SPEED, Times.SHIFT);
            replay.run(() -> {});

            assertThat(replay.sentRaw()).isEqualTo(1);
        }
        assertThat(sink.sent).containsExactly(new MemorySink.Sent(EventStream.ORDERS, null, "{broken"));
    }

    private Pace pace() {
        return new Pace(clock::get, (stopped, millis) -> {
            clock.addAndGet(millis);
            return stopped.getCount() == 0;
        });
    }

    private Tally replay(Path file, double speed, Times times, Pace pace) throws IOException, InterruptedException {
        try (RecordedEvents events =
                RecordedEvents.open(List.of(file), RecordedEvents.Options.passingOn(reject -> {}))) {
            return new Replay(events, sink, pace, speed, times).run(() -> {});
        }
    }

    private List<Long> times() {
        return sink.sent.stream()
                .map(sent -> {
                    Matcher matcher = TIME.matcher(sent.value());
                    assertThat(matcher.find()).isTrue();
                    return Long.parseLong(matcher.group(1));
                })
                .toList();
    }
}
