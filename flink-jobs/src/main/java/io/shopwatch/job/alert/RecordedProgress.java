package io.shopwatch.job.alert;

import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.job.common.StatusTypes;
import io.shopwatch.wire.JobStatus;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Progress of recorded events by their own time instead of the wall clock's, so that every backtest over the same
 * events sees the same reports: one for each second that the watermark passes, about the events before it.
 */
public final class RecordedProgress extends AbstractStreamOperator<JobStatus>
        implements OneInputStreamOperator<ShopEvent, JobStatus> {
    private static final long serialVersionUID = 1;
    private static final long EVERY = 1000;

    /** Events by stream in seconds that the watermark has not passed yet: count and newest time. */
    private transient TreeMap<Long, Map<String, long[]>> ahead;

    private transient Map<String, Long> counts;
    private transient Map<String, Long> newest;
    private transient long reported;

    private RecordedProgress() {}

    /** Attaches the operator, with parallelism 1; for bounded runs only: it keeps nothing over a failure. */
    public static SingleOutputStreamOperator<JobStatus> of(DataStream<ShopEvent> events) {
        // Behind a single reader it needs no way of its own to all events.
        DataStream<ShopEvent> all = events.getParallelism() == 1 ? events : events.global();
        return all.transform("Recorded progress", StatusTypes.JOB_STATUS, new RecordedProgress())
                .setParallelism(1)
                .setMaxParallelism(1)
                .name("Report the progress of recorded events")
                .uid("recorded-progress-v1");
    }

    @Override
    public void open() throws Exception {
        super.open();
        ahead = new TreeMap<>();
        counts = new TreeMap<>();
        newest = new TreeMap<>();
        reported = Long.MIN_VALUE;
    }

    @Override
    public void processElement(StreamRecord<ShopEvent> record) {
        ShopEvent event = record.getValue();
        long[] entry = ahead.computeIfAbsent(Math.floorDiv(event.time(), EVERY), second -> new TreeMap<>())
                .computeIfAbsent(event.stream().wireName(), stream -> new long[] {0, Long.MIN_VALUE});
        entry[0]++;
        entry[1] = Math.max(entry[1], event.time());
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        long watermark = mark.getTimestamp();
        while (!ahead.isEmpty() && (ahead.firstKey() + 1) * EVERY - 1 <= watermark) {
            long second = ahead.firstKey();
            ahead.pollFirstEntry().getValue().forEach((stream, entry) -> {
                counts.merge(stream, entry[0], Long::sum);
                newest.merge(stream, entry[1], Math::max);
            });
            reported = (second + 1) * EVERY - 1;
            Map<String, Map<String, Long>> events = new TreeMap<>();
            counts.forEach((stream, count) -> events.put(stream, Map.of("accepted", count)));
            output.collect(new StreamRecord<>(
                    new JobStatus("recorded", "recorded", reported, reported, events, new TreeMap<>(newest)),
                    reported));
        }
        super.processWatermark(mark);
    }
}
