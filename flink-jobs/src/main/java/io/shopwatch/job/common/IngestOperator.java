package io.shopwatch.job.common;

import io.shopwatch.domain.event.Backlog;
import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.Outcome;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.DeadLetter;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.OutputTag;

/**
 * Parts events from rejected records, counts the latter, and tells the clock of event times. Chained to the source, so
 * nothing is serialised here.
 *
 * <p>Of live input it also makes the watermarks that travel with the events. The clock decides how far time goes; a
 * watermark from here follows the newest event of this subtask, whatever its partition, and only says that the events
 * before it have arrived where it has: under back pressure the clock may be far ahead of events that it has counted. So it
 * never passes what may lie unread in the partitions of this subtask, and where one partition is read long before another,
 * it follows the source, which waits for all that are not idle.
 */
final class IngestOperator extends AbstractStreamOperator<ShopEvent>
        implements OneInputStreamOperator<Ingested, ShopEvent> {

    /** Rejected records. */
    static final OutputTag<DeadLetter> DEAD_LETTERS =
            new OutputTag<>("dead-letters", TypeInformation.of(DeadLetter.class));

    /** How far the partitions have been read, now and then, for the {@link ClockOperator}. */
    static final OutputTag<Pulse> PULSES = new OutputTag<>("pulses", Pulse.TYPE);

    /** Wall clock between two pulses of a partition. */
    private static final long PULSE_MILLIS = 40;

    /** The source says what time it is once in a while. */
    private static final long SOURCE_MILLIS = 2 * JobEnvironment.WATERMARK_INTERVAL.toMillis();

    private static final long serialVersionUID = 1;

    private final Settings.Events settings;
    private final Logs logs;

    private transient TallyBook tallies;
    private transient Position[][] positions; // by stream, and by partition + 1
    private transient Set<String> partitions;
    private transient Backlog backlog;
    private transient BacklogProbe probe;
    private transient long newest;
    private transient long told;
    private transient long source;
    private transient boolean idle;

    private static final class Position {
        private long next;
        private long newest = Ingested.NO_TIME;
        private boolean changed;
    }

    private IngestOperator(Settings.Events settings, Logs logs) {
        this.settings = settings;
        this.logs = logs;
    }

    /**
     * For live input, with {@link Watermarks#live} of the same settings.
     *
     * @param logs where the inputs lie, or null where nothing can be known of that
     */
    static IngestOperator live(Settings.Events settings, Logs logs) {
        return new IngestOperator(settings, logs);
    }

    /** For input with watermarks of its own. */
    static IngestOperator recorded() {
        return new IngestOperator(null, null);
    }

    @Override
    public void open() throws Exception {
        super.open();
        newest = Ingested.NO_TIME;
        told = Long.MIN_VALUE;
        source = Long.MIN_VALUE;
        tallies = new TallyBook();
        positions = new Position[EventStream.values().length][0];
        long now = getProcessingTimeService().getCurrentProcessingTime();
        if (isLive()) {
            partitions = new HashSet<>();
            backlog = new Backlog(settings.outOfOrderness().dividedBy(2), settings.idleness());
            if (logs != null) {
                probe = new BacklogProbe(logs.open(), backlog, partitions::contains);
                backlog.begin(now);
            }
        }
        scheduleNext(now);
    }

    private boolean isLive() {
        return settings != null;
    }

    private void scheduleNext(long now) {
        var unused = getProcessingTimeService().registerTimer(now + PULSE_MILLIS, time -> {
            pulse();
            if (probe != null) {
                probe.look(getProcessingTimeService().getCurrentProcessingTime(), () -> newest);
            }
            if (isLive()) {
                tellTime();
            }
            scheduleNext(time);
        });
    }

    @Override
    public void processElement(StreamRecord<Ingested> record) {
        Ingested ingested = record.getValue();
        if (ingested.isEnd()) {
            return;
        }
        note(ingested);
        if (ingested.event() == null) {
            tallies.count(ingested.stream(), Outcome.DEAD_LETTER, 1, Ingested.NO_TIME);
            output.collect(DEAD_LETTERS, new StreamRecord<>(ingested.deadLetter()));
            tallies.flush(tally -> output.collect(OrderedOperator.TALLIES, new StreamRecord<>(tally)));
            return;
        }
        newest = Math.max(newest, ingested.time());
        output.collect(new StreamRecord<>(ingested.event(), ingested.time()));
    }

    private void tellTime() {
        if (idle || newest == Ingested.NO_TIME) {
            return;
        }
        long bound = backlog.bound(getProcessingTimeService().getCurrentProcessingTime());
        if (bound == Backlog.UNKNOWN) {
            return;
        }
        long following = Math.min(newest, bound) - settings.outOfOrderness().toMillis() - 1;
        // What is read as it is written is behind by no more than the source's last look.
        boolean together = following - SOURCE_MILLIS <= source;
        long watermark = Watermarks.onGrid(together ? following : source);
        if (watermark > told) {
            told = watermark;
            output.emitWatermark(new Watermark(watermark));
        }
    }

    private void note(Ingested ingested) {
        int stream = ingested.stream().ordinal();
        int partition = ingested.partition() + 1; // NOWHERE is the first
        if (partition >= positions[stream].length) {
            positions[stream] = Arrays.copyOf(positions[stream], partition + 1);
        }
        Position position = positions[stream][partition];
        if (position == null) {
            position = new Position();
            positions[stream][partition] = position;
        }
        position.next = ingested.offset() + 1;
        position.newest = Math.max(position.newest, ingested.time());
        position.changed = true;
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        // The clock's positions in a checkpoint are those of the source.
        pulse();
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        source = mark.getTimestamp();
        pulse();
        if (!isLive() || mark.getTimestamp() == Long.MAX_VALUE) {
            super.processWatermark(mark);
        }
    }

    @Override
    public void processWatermarkStatus(WatermarkStatus status) throws Exception {
        // What was read is told before a silence; in it, watermarks would not be heard.
        if (isLive() && status.isIdle()) {
            pulse();
            tellTime();
        }
        idle = status.isIdle();
        super.processWatermarkStatus(status);
    }

    private void pulse() {
        long now = getProcessingTimeService().getCurrentProcessingTime();
        for (EventStream stream : EventStream.values()) {
            Position[] ofStream = positions[stream.ordinal()];
            for (int i = 0; i < ofStream.length; i++) {
                Position position = ofStream[i];
                if (position != null && position.changed) {
                    position.changed = false;
                    Pulse pulse = new Pulse(stream, i - 1, position.next, position.newest);
                    if (isLive()) {
                        partitions.add(pulse.name());
                        backlog.read(pulse.name(), pulse.next(), pulse.newest(), now);
                    }
                    output.collect(PULSES, new StreamRecord<>(pulse));
                }
            }
        }
    }

    @Override
    public void close() throws Exception {
        if (probe != null) {
            probe.close();
        }
        super.close();
    }
}
