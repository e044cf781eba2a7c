package io.shopwatch.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.replay.JsonlSink;
import io.shopwatch.replay.Pace;
import io.shopwatch.replay.RecordSink;
import io.shopwatch.replay.RecordedEvents;
import io.shopwatch.replay.Tally;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulationRunnerTest {
    private static final Instant FROM = Instant.parse("2026-11-11T12:00:00Z");
    private static final SimulationConfig MINUTE =
            SimulationConfig.of(FROM, Scenario.DOUBLE11).atRate(50).lasting(Duration.ofMinutes(1));

    @TempDir
    private Path folder;

    /** Moves only by waiting. */
    private final AtomicLong clock = new AtomicLong(FROM.toEpochMilli());

    @Test
    void whatIsWrittenToFilesIsReadBackEventByEvent() throws Exception {
        List<ShopEvent> simulated = new ArrayList<>();
        new Simulation(MINUTE).forEachRemaining(simulated::add);
        Tally tally;
        try (RecordSink sink = JsonlSink.open(folder)) {
            tally = new SimulationRunner(new Simulation(MINUTE), sink, Pace.ofSystem(), false, null).run(time -> {});
        }

        assertThat(tally.total()).isEqualTo(simulated.size());
        try (RecordedEvents read =
                RecordedEvents.open(List.of(folder), RecordedEvents.Options.onlyEvents(reject -> assertThat(reject)
                        .isNull()))) {
            assertThat(read.lines()).isEqualTo(simulated.size());
            long last = 0;
            for (ShopEvent event = read.nextEvent(); event != null; event = read.nextEvent()) {
                assertThat(event.time()).isGreaterThanOrEqualTo(last);
                last = event.time();
            }
        }
    }

    @Test
    void liveEventsAreSentWhenTheirTimeHasCome() throws Exception {
        CountingSink sink = new CountingSink();
        Pace pace = new Pace(clock::get, (stopped, millis) -> {
            clock.addAndGet(millis);
            return stopped.getCount() == 0;
        });

        new SimulationRunner(new Simulation(MINUTE), sink, pace, true, null).run(time -> {});

        // The clock moved only as far as the last event.
        assertThat(clock.get() - FROM.toEpochMilli()).isBetween(59_000L, 60_000L);
        assertThat(sink.flushed).isEqualTo(sink.written).isPositive();
    }

    @Test
    void aStopEndsAnEndlessRunAndDeliversWhatWasSent() throws Exception {
        CountingSink sink = new CountingSink();
        Pace pace = new Pace(clock::get, (stopped, millis) -> {
            if (clock.addAndGet(millis) > FROM.toEpochMilli() + 5_000) {
                stopped.countDown();
            }
            return stopped.getCount() == 0;
        });

        SimulationRunner runner = new SimulationRunner(new Simulation(MINUTE.lasting(null)), sink, pace, true, null);
        runner.run(time -> {});

        assertThat(sink.flushed).isEqualTo(sink.written).isEqualTo(runner.count());
        assertThat(clock.get() - FROM.toEpochMilli()).isLessThan(7_000);
    }

    @Test
    void theTruthFileHoldsALinePerIncident() throws Exception {
        Path truth = folder.resolve("truth.jsonl");
        Simulation simulation = new Simulation(MINUTE);
        new SimulationRunner(simulation, new CountingSink(), Pace.ofSystem(), false, truth).run(time -> {});

        List<String> lines = Files.readAllLines(truth);
        assertThat(lines).hasSameSizeAs(simulation.truth());
        assertThat(lines).anySatisfy(line -> assertThat(line)
                .startsWith("{\"kind\":\"conversion_drop\",\"segment\":\"all\",\"value\":\"all\",\"start\":17")
                .contains("\"funnel\":\"purchase\",\"transition\":\"order>pay\""));
        assertThat(lines).anySatisfy(line -> assertThat(line)
                .isEqualTo("{\"kind\":\"no_data\",\"segment\":\"stream\",\"value\":\"clicks\",\"start\":"
                        + (FROM.toEpochMilli() + 46_800) + ",\"end\":" + (FROM.toEpochMilli() + 49_200)
                        + ",\"detail\":\"clicks stop, orders go on\"}"));
    }

    private static final class CountingSink implements RecordSink {
        private long written;
        private long flushed;

        @Override
        public void write(EventStream stream, String key, byte[] value) {
            written++;
        }

        @Override
        public void flush() {
            flushed = written;
        }

        @Override
        public void close() {
            flush();
        }
    }
}
