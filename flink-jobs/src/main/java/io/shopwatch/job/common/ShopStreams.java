package io.shopwatch.job.common;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.DeadLetter;
import java.util.EnumSet;
import java.util.Set;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * What jobs read: events of all the job's inputs with event time, and what was rejected.
 *
 * <pre>
 *   records ──► ingest ──► events ──► eventsOf(…) ──┐
 *                 │ ├────► dead letters             ├──► events with time
 *                 │ └────► pulses ──► clock ────────┘
 *                 └──────► tallies of rejected records
 * </pre>
 *
 * @param events events with timestamps and watermarks
 * @param clock a stream without events whose watermarks are the job's clock, or null where the events' own are enough
 * @param deadLetters rejected records
 * @param tallies how many were rejected
 */
public record ShopStreams(
        DataStream<ShopEvent> events,
        DataStream<ShopEvent> clock,
        DataStream<DeadLetter> deadLetters,
        DataStream<Tally> tallies) {

    /** Few and small records that everything waits for. */
    private static final long AT_ONCE = 0;

    /**
     * Live input: partitions that fall silent and replays that race are taken care of by the job's clock.
     *
     * @param logs where the records lie, so that time never passes what is unread; or null
     */
    public static ShopStreams live(DataStream<Ingested> records, Settings.Events settings, Logs logs) {
        SingleOutputStreamOperator<ShopEvent> ingested = ingest(records, IngestOperator.live(settings, logs));
        DataStream<ShopEvent> clock = ingested.getSideOutput(IngestOperator.PULSES)
                .global()
                .transform("Event-time clock", EventTypes.SHOP_EVENT, new ClockOperator(settings, logs))
                .setParallelism(1)
                .setMaxParallelism(1)
                .setBufferTimeout(AT_ONCE)
                .name("Event-time clock")
                .uid("clock-v1");
        return of(ingested, clock);
    }

    /** Recorded input, sorted by time and with its own watermarks: nothing to wait for. */
    public static ShopStreams recorded(DataStream<Ingested> records) {
        return of(ingest(records, IngestOperator.recorded()), null);
    }

    private static ShopStreams of(SingleOutputStreamOperator<ShopEvent> ingested, DataStream<ShopEvent> clock) {
        return new ShopStreams(
                ingested,
                clock,
                ingested.getSideOutput(IngestOperator.DEAD_LETTERS),
                ingested.getSideOutput(OrderedOperator.TALLIES));
    }

    private static SingleOutputStreamOperator<ShopEvent> ingest(DataStream<Ingested> records, IngestOperator ingest) {
        return records.transform("Ingest", EventTypes.SHOP_EVENT, ingest)
                // A recording has one reader: what belongs to its chain must not be more.
                .setParallelism(records.getParallelism())
                .name("Part events from rejected records")
                .uid("ingest-v1")
                // Of pulses, tallies and rejected records; events leave by the filters behind.
                .setBufferTimeout(AT_ONCE);
    }

    /**
     * The events of some of the streams, with the job's time. Key them at once: anything else would cut the chain from
     * source to exchange.
     *
     * @param uid of the filter
     */
    public DataStream<ShopEvent> eventsOf(Set<EventStream> streams, String uid) {
        EnumSet<EventStream> kept = EnumSet.copyOf(streams);
        DataStream<ShopEvent> events = this.events
                .filter(event -> kept.contains(event.stream()))
                .setParallelism(this.events.getParallelism())
                .name("Keep " + kept)
                .uid(uid);
        return clock == null ? events : events.union(clock);
    }

    /**
     * The same for one of several jobs that read together: it is told only of what was rejected in the streams that are its
     * own.
     *
     * @param job the job's name, for uids
     */
    public ShopStreams rejectedOnlyOf(Set<EventStream> streams, String job) {
        EnumSet<EventStream> kept = EnumSet.copyOf(streams);
        return new ShopStreams(
                events,
                clock,
                deadLetters,
                tallies.filter(tally -> kept.contains(tally.stream()))
                        .name("Rejected ones of " + job)
                        .uid("rejected-" + job + "-v1"));
    }
}
