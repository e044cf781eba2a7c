package io.shopwatch.peers.streams;

import java.time.Duration;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Keeps the hits of each visitor and tells, twice a second, what changes in the windows. What is added up in between is in
 * no store and is lost if the process dies; a product would have to send each change by itself, which is slower.
 */
final class FollowVisitors extends ContextualProcessor<String, Step, String, Changes> {
    static final String STORE = "visitors";
    static final Duration TOGETHER = Duration.ofMillis(500);

    private KeyValueStore<String, Hits> visitors;
    private Changes changes = new Changes();
    private long told;

    @Override
    public void init(ProcessorContext<String, Changes> context) {
        super.init(context);
        visitors = context.getStateStore(STORE);
        context.schedule(TOGETHER, PunctuationType.WALL_CLOCK_TIME, now -> tell());
        context.schedule(Duration.ofHours(1), PunctuationType.STREAM_TIME, this::forget);
    }

    @Override
    public void process(Record<String, Step> event) {
        Step step = event.value();
        Hits hits = visitors.get(event.key());
        if (hits == null) {
            hits = new Hits();
        }
        hits.add(Step.TYPES.indexOf(step.type()), step.channel(), Math.floorDiv(step.eventTime(), 1000L), changes);
        visitors.put(event.key(), hits);
    }

    private void tell() {
        long time = context().currentStreamTimeMs();
        if (time > told || !changes.isEmpty()) {
            context().forward(new Record<>("", changes, time));
            changes = new Changes();
            told = time;
        }
    }

    private void forget(long time) {
        try (KeyValueIterator<String, Hits> all = visitors.all()) {
            while (all.hasNext()) {
                KeyValue<String, Hits> visitor = all.next();
                if (visitor.value.areOver(time / 1000)) {
                    visitors.delete(visitor.key);
                }
            }
        }
    }
}
