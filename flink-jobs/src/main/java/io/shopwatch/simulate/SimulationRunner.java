package io.shopwatch.simulate;

import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.replay.Pace;
import io.shopwatch.replay.RecordSink;
import io.shopwatch.replay.Tally;
import io.shopwatch.wire.EventEncoder;
import io.shopwatch.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.LongConsumer;

/**
 * Sends a simulation to a sink: either at the wall clock's pace, or as fast as it goes. Paced, what lies in the past is
 * sent at once, so a simulation that begins ten minutes ago catches up and then goes on live.
 */
public final class SimulationRunner {
    /** Events between two looks at the clock and the stop sign. */
    private static final int STRIDE = 64;

    /** Without pace, streams may run ahead of each other by this much wall time, milliseconds. */
    private static final long LEVEL_EVERY = 250;

    private static final long LONGEST_WAIT = 1000;

    private final Simulation simulation;
    private final RecordSink sink;
    private final Pace pace;
    private final boolean live;
    private final Path truthFile;
    private final Tally sent = new Tally();
    private long count;
    private int truthWritten = -1;

    /**
     * @param sink where events go; the caller closes it
     * @param pace the clock, and the way to stop {@link #run}
     * @param live whether to wait for the wall clock
     * @param truthFile where the incidents go, kept up to date during the run; null for nowhere
     */
    public SimulationRunner(Simulation simulation, RecordSink sink, Pace pace, boolean live, Path truthFile) {
        this.simulation = simulation;
        this.sink = sink;
        this.pace = pace;
        this.live = live;
        this.truthFile = truthFile;
    }

    /**
     * Runs until the simulation is over or the pace is stopped, and delivers all that was written.
     *
     * @param progress hears the time of the event just sent (epoch milliseconds), now and then
     * @return the events sent
     * @throws IOException if the sink or the truth file fails
     * @throws InterruptedException if the thread is interrupted
     */
    public Tally run(LongConsumer progress) throws IOException, InterruptedException {
        long levelled = pace.now();
        while (!pace.isStopped() && simulation.hasNext()) {
            ShopEvent event = simulation.next();
            if (live && !awaitTime(event.time())) {
                break;
            }
            sink.write(event.stream(), EventEncoder.recordKey(event), EventEncoder.encode(event));
            sent.add(event.stream());
            if (++count % STRIDE == 0) {
                progress.accept(event.time());
                long now = pace.now();
                if (now - levelled >= LEVEL_EVERY) {
                    if (event.time() < now - LONGEST_WAIT || !live) {
                        sink.flush();
                    }
                    levelled = now;
                    writeTruth(false);
                }
            }
        }
        sink.flush();
        writeTruth(true);
        return sent;
    }

    /** Events sent so far. */
    public long count() {
        return count;
    }

    private boolean awaitTime(long time) throws InterruptedException {
        while (!pace.isStopped()) {
            if (pace.await(time, LONGEST_WAIT)) {
                return true;
            }
        }
        return false;
    }

    /** Written anew when something has changed, so that it can be read at any moment. */
    private void writeTruth(boolean last) throws IOException {
        if (truthFile == null || (simulation.truthVersion() == truthWritten && !last)) {
            return;
        }
        truthWritten = simulation.truthVersion();
        StringBuilder lines = new StringBuilder();
        for (Incident incident : simulation.truth()) {
            lines.append(Json.text(incident)).append('\n');
        }
        Path next = truthFile.resolveSibling(truthFile.getFileName() + ".tmp");
        Files.writeString(next, lines);
        Files.move(next, truthFile, StandardCopyOption.REPLACE_EXISTING);
    }
}
