package io.shopwatch.job.common;

import io.shopwatch.wire.JobStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Sums the tallies of a job in checkpointed state and reports them with the job's watermark: at once when a second is
 * complete, for alerts go by it; five times a second while event time goes on; and else once a second.
 */
public final class StatusOperator<T extends Counted> extends AbstractStreamOperator<JobStatus>
        implements OneInputStreamOperator<T, JobStatus> {

    private static final long serialVersionUID = 1;
    private static final long REPORT_MILLIS = 1000;
    private static final long PROGRESS_MILLIS = 200;
    /** A job that catches up completes a thousand seconds in one. */
    private static final long LEAST_MILLIS = 50;

    private static final long SECOND_MILLIS = 1000;

    /** Everything that outlives a failure. */
    public record Totals(String runId, Map<String, Long> counts, Map<String, Long> newest) {}

    private final String job;

    private transient ListState<Totals> state;
    private transient String runId;
    private transient Map<String, Long> counts; // "stream/outcome" → records
    private transient Map<String, Long> newest;
    private transient long watermark;
    private transient long reported;
    private transient long reportedAt;
    private transient boolean done;

    StatusOperator(String job) {
        this.job = job;
    }

    /** Attaches the operator, with parallelism 1; give it a uid. */
    public static <T extends Counted> SingleOutputStreamOperator<JobStatus> apply(DataStream<T> tallies, String job) {
        return tallies.global()
                .transform("Status", StatusTypes.JOB_STATUS, new StatusOperator<>(job))
                .setParallelism(1)
                .setMaxParallelism(1)
                .name("Sum counts and report progress");
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        state = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("totals", TypeInformation.of(Totals.class)));
        counts = new TreeMap<>();
        newest = new TreeMap<>();
        runId = null;
        for (Totals totals : state.get()) {
            runId = totals.runId;
            counts.putAll(totals.counts);
            newest.putAll(totals.newest);
        }
        if (runId == null) {
            runId = UUID.randomUUID().toString();
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        watermark = Long.MIN_VALUE;
        report(getProcessingTimeService().getCurrentProcessingTime());
        tick(reportedAt);
    }

    private void tick(long now) {
        if (!done) {
            boolean progress = watermark > reported && now - reportedAt >= PROGRESS_MILLIS;
            if (now - reportedAt >= REPORT_MILLIS || progress || completed(watermark) > completed(reported)) {
                report(now);
            }
            var unused = getProcessingTimeService().registerTimer(now + PROGRESS_MILLIS / 2, this::tick);
        }
    }

    /** The last second that is complete at a watermark. */
    private static long completed(long watermark) {
        return watermark == Long.MIN_VALUE ? watermark : Math.floorDiv(watermark + 1, SECOND_MILLIS);
    }

    private void report(long now) {
        reportedAt = now;
        reported = watermark;
        Map<String, Map<String, Long>> events = new LinkedHashMap<>();
        counts.forEach((key, count) -> {
            int slash = key.indexOf('/');
            events.computeIfAbsent(key.substring(0, slash), stream -> new LinkedHashMap<>())
                    .put(key.substring(slash + 1), count);
        });
        boolean known = watermark != Long.MIN_VALUE && watermark != Long.MAX_VALUE;
        JobStatus status =
                new JobStatus(job, runId, now, known ? watermark : null, events, new LinkedHashMap<>(newest));
        output.collect(new StreamRecord<>(status));
    }

    @Override
    public void processElement(StreamRecord<T> record) {
        T tally = record.getValue();
        String stream = tally.name();
        counts.merge(stream + "/" + tally.outcome().wireName(), tally.count(), Long::sum);
        if (tally.newest() != Long.MIN_VALUE) {
            newest.merge(stream, tally.newest(), Math::max);
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        if (mark.getTimestamp() != Long.MAX_VALUE) {
            watermark = mark.getTimestamp();
            long now = getProcessingTimeService().getCurrentProcessingTime();
            if (completed(watermark) > completed(reported) && now - reportedAt >= LEAST_MILLIS) {
                report(now);
            }
        }
        super.processWatermark(mark);
    }

    @Override
    public void finish() throws Exception {
        done = true;
        report(getProcessingTimeService().getCurrentProcessingTime());
        super.finish();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        state.update(List.of(new Totals(runId, new TreeMap<>(counts), new TreeMap<>(newest))));
    }
}
