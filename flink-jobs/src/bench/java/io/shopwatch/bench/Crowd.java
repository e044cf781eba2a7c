package io.shopwatch.bench;

import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.job.common.Ingested;
import io.shopwatch.job.common.Watermarks;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource.NumberSequenceSplit;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiter;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;

/**
 * Any number of visitors, made within the job: no broker, nothing on disk, no decoding. An evening to warm up, and a night
 * in which its visitors are forgotten, are followed by the evening that is measured. Each begins when it is told to, and
 * ends with the job and its state standing still.
 */
final class Crowd {
    /** Events of each visitor, on average: a look at an item, and one more event of any kind. */
    static final int EVENTS_EACH = 2;

    /** Events that are let through at once. */
    private static final int BATCH = 1000;

    private static final List<CompletableFuture<Void>> STARTS =
            List.of(new CompletableFuture<>(), new CompletableFuture<>());

    private Crowd() {}

    /**
     * An evening.
     *
     * @param visitors visitors of it
     * @param events their events
     * @param start time of the first one, epoch milliseconds
     */
    private record Evening(int visitors, long events, long start) {
        /** Events of each of the parallel parts. */
        long eventsOf(int lanes) {
            return (events + lanes - 1) / lanes;
        }
    }

    /**
     * Who comes.
     *
     * @param visitors visitors of the evening that is measured, and at most of the one before
     * @param warmUp events of the one before
     * @param density events per second of event time
     * @param named segments that events name a value of
     */
    record Guests(int visitors, long warmUp, int density, Traffic.Named named) implements Serializable {
        private List<Evening> evenings() {
            long dayBefore = Traffic.START - Duration.ofDays(1).toMillis();
            return List.of(
                    new Evening((int) Math.min(visitors, warmUp / EVENTS_EACH), warmUp, dayBefore),
                    new Evening(visitors, (long) EVENTS_EACH * visitors, Traffic.START));
        }

        /** Events of an evening in that many parts. */
        long events(int evening, int lanes) {
            return evenings().get(evening).eventsOf(lanes) * lanes;
        }
    }

    /** Lets an evening begin. */
    static void begin(int evening) {
        STARTS.get(evening).complete(null);
    }

    /** The crowd as a stream, in as many parts as the environment has parallel tasks. */
    static DataStream<Ingested> gather(StreamExecutionEnvironment env, Guests guests) {
        DataGeneratorSource<Long> batches =
                new DataGeneratorSource<>(index -> index, Long.MAX_VALUE, lanes -> new Gate(guests, lanes), Types.LONG);
        return env.fromSource(batches, WatermarkStrategy.noWatermarks(), "Let in")
                .uid("source-v1")
                .flatMap(new MakeEvents(guests))
                .returns(Ingested.class)
                .name("Make events")
                .uid("events-v1")
                .assignTimestampsAndWatermarks(Watermarks.ofRecording())
                .name("Tell the time")
                .uid("time-v1");
    }

    /** Opens for one batch after the other, until the evening is over. */
    private static final class Gate implements RateLimiter<NumberSequenceSplit> {
        private final Guests guests;
        private final int lanes;
        private int evening = -1;
        private long batches;

        Gate(Guests guests, int lanes) {
            this.guests = guests;
            this.lanes = lanes;
        }

        @Override
        public CompletionStage<Void> acquire(int requests) {
            if (batches == 0) {
                evening++;
                if (evening == STARTS.size()) {
                    return new CompletableFuture<>(); // never again
                }
                long events = guests.evenings().get(evening).eventsOf(lanes);
                batches = (events + BATCH - 1) / BATCH;
            }
            batches--;
            return STARTS.get(evening);
        }
    }

    private static final class MakeEvents extends RichFlatMapFunction<Long, Ingested> {
        private static final long serialVersionUID = 1;

        /** Time goes on by so much after the last evening: enough for the last events of all parts. */
        private static final long AFTERWARDS = 1000;

        private final Guests guests;
        private transient List<Traffic> traffic;
        private transient int lanes;
        private transient int evening;
        private transient long left;

        MakeEvents(Guests guests) {
            this.guests = guests;
        }

        @Override
        public void open(OpenContext context) {
            var task = getRuntimeContext().getTaskInfo();
            lanes = task.getNumberOfParallelSubtasks();
            Traffic.Lane lane = new Traffic.Lane(task.getIndexOfThisSubtask(), lanes);
            traffic = guests.evenings().stream()
                    .map(one -> Traffic.ofEverybody(one.visitors(), guests.density, one.start(), lane, guests.named))
                    .toList();
            left = guests.evenings().get(0).eventsOf(lanes);
        }

        @Override
        public void flatMap(Long batch, Collector<Ingested> out) {
            if (evening == traffic.size() - 1) {
                Gauge.read();
            }
            ShopEvent event = null;
            for (int i = 0; i < BATCH && left > 0; i++) {
                event = traffic.get(evening).next();
                left--;
                out.collect(Ingested.of(event));
            }
            if (left == 0 && event != null) {
                goOn(event.time(), out);
            }
        }

        private void goOn(long last, Collector<Ingested> out) {
            evening++;
            if (evening == traffic.size()) {
                out.collect(Ingested.end(last + AFTERWARDS));
                return;
            }
            Evening next = guests.evenings().get(evening);
            left = next.eventsOf(lanes);
            out.collect(Ingested.end(next.start() - 1));
        }
    }
}
