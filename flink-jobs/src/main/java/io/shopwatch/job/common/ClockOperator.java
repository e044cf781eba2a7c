package io.shopwatch.job.common;

import io.shopwatch.domain.event.Backlog;
import io.shopwatch.domain.event.EventTimeClock;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.settings.Settings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Emits no events, only watermarks: the {@link EventTimeClock} of a job, in one subtask. Joined to the events, it decides
 * how far time goes; the watermarks that travel with the events only say which of them have arrived.
 */
final class ClockOperator extends AbstractStreamOperator<ShopEvent>
        implements OneInputStreamOperator<Pulse, ShopEvent> {

    private static final long serialVersionUID = 1;
    private static final long TICK_MILLIS = 40;

    /**
     * A watermark goes out this much after it was found: the events behind the pulses that it is made of may still lie
     * in a buffer of another channel, to be flushed within {@link JobEnvironment#BUFFER_TIMEOUT}.
     */
    private static final long OVERTAKE_MILLIS = JobEnvironment.BUFFER_TIMEOUT.toMillis() + 10;

    private final Settings.Events settings;
    private final Logs logs;

    private transient EventTimeClock clock;
    private transient Backlog backlog;
    private transient BacklogProbe probe;
    private transient Deque<long[]> found; // wall clock, watermark
    private transient ListState<Long> newest;
    private transient ListState<Position> positions;
    private transient long emitted;
    private transient boolean done;

    /**
     * How far a partition had been read.
     *
     * @param partition its name
     * @param next offset of the next record
     * @param newest newest event time, epoch milliseconds
     */
    public record Position(String partition, long next, long newest) {}

    /** @param logs where the inputs lie, or null where nothing can be known of that */
    ClockOperator(Settings.Events settings, Logs logs) {
        this.settings = settings;
        this.logs = logs;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        newest = context.getOperatorStateStore().getListState(new ListStateDescriptor<>("newest", Types.LONG));
        positions = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("positions", TypeInformation.of(Position.class)));
        backlog = new Backlog(settings.outOfOrderness().dividedBy(2), settings.idleness());
        clock = new EventTimeClock(settings.outOfOrderness(), settings.idleness(), settings.catchUpHold(), backlog);
        long now = getProcessingTimeService().getCurrentProcessingTime();
        for (Long time : newest.get()) {
            clock.restore(time, now);
        }
        for (Position position : positions.get()) {
            backlog.read(position.partition, position.next, position.newest, now);
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        emitted = EventTimeClock.NONE;
        found = new ArrayDeque<>();
        long now = getProcessingTimeService().getCurrentProcessingTime();
        if (logs != null) {
            probe = new BacklogProbe(logs.open(), backlog, partition -> true);
            backlog.begin(now);
        }
        tick(now);
    }

    private void tick(long now) {
        if (probe != null && !done) {
            probe.look(now, () -> clock.eventTime(now));
        }
        advance(now);
        if (!done) {
            var unused = getProcessingTimeService().registerTimer(now + TICK_MILLIS, this::tick);
        }
    }

    private void advance(long now) {
        long watermark = Watermarks.onGrid(clock.watermark(now));
        if (watermark > (found.isEmpty() ? emitted : found.peekLast()[1])) {
            found.addLast(new long[] {now, watermark});
        }
        while (!done && !found.isEmpty() && found.peekFirst()[0] <= now - OVERTAKE_MILLIS) {
            emitted = found.removeFirst()[1];
            output.emitWatermark(new Watermark(emitted));
        }
    }

    @Override
    public void processElement(StreamRecord<Pulse> element) {
        long now = getProcessingTimeService().getCurrentProcessingTime();
        Pulse pulse = element.getValue();
        backlog.read(pulse.name(), pulse.next(), pulse.newest(), now);
        if (pulse.newest() != Ingested.NO_TIME) {
            clock.heard(pulse.newest(), now);
        }
        advance(now);
    }

    @Override
    public void processWatermark(Watermark mark) {
        // The watermarks of the inputs reach the jobs with the events; only the end of all input is passed on from
        // here.
        if (mark.getTimestamp() == Long.MAX_VALUE) {
            done = true;
            output.emitWatermark(mark);
        }
    }

    @Override
    public void processWatermarkStatus(WatermarkStatus status) {
        // Never idle: this is what moves time on when everything else is.
    }

    @Override
    public void finish() throws Exception {
        done = true;
        super.finish();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        newest.update(clock.newest() == EventTimeClock.NONE ? List.of() : List.of(clock.newest()));
        List<Position> read = new ArrayList<>();
        backlog.positions().forEach((partition, at) -> read.add(new Position(partition, at[0], at[1])));
        positions.update(read);
    }

    @Override
    public void close() throws Exception {
        if (probe != null) {
            probe.close();
        }
        super.close();
    }
}
