package io.shopwatch.peers.streams;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Adds the changes up to figures and writes them, second by second. Kafka Streams knows how far its own task has come, but
 * not the tasks before it, so a figure is what is known when it is written, and is written again when more becomes known,
 * up to six hours of event time later: tasks that catch up on a backlog are far apart.
 */
final class SumWindows extends ContextualProcessor<String, Changes, String, String> {
    static final String STORE = "sums";
    static final long REVISED_SECONDS = 6 * 3600;

    private final Map<Changes.Series, NavigableMap<Long, long[]>> sums = new HashMap<>();
    private KeyValueStore<String, long[]> stored;
    private long written; // end of the newest windows that were written
    private long revised = Long.MAX_VALUE; // end of the oldest windows that changed since

    @Override
    public void init(ProcessorContext<String, String> context) {
        super.init(context);
        stored = context.getStateStore(STORE);
        try (KeyValueIterator<String, long[]> all = stored.all()) {
            while (all.hasNext()) {
                KeyValue<String, long[]> change = all.next();
                String[] key = change.key.split("\\|", 3);
                add(new Changes.Series(Window.valueOf(key[0]), key[2]), Long.parseLong(key[1]), change.value);
            }
        }
        context.schedule(FollowVisitors.TOGETHER, PunctuationType.WALL_CLOCK_TIME, now -> write());
    }

    @Override
    public void process(Record<String, Changes> changes) {
        changes.value().forEach((series, end, visitors) -> {
            if (Arrays.stream(visitors).anyMatch(change -> change != 0)) {
                stored.put(key(series, end), add(series, end, visitors));
            }
        });
    }

    private static String key(Changes.Series series, long end) {
        return series.window() + "|" + end + "|" + series.channel();
    }

    private long[] add(Changes.Series series, long end, long[] visitors) {
        long[] sum = sums.computeIfAbsent(series, key -> new TreeMap<>())
                .computeIfAbsent(end, key -> new long[visitors.length]);
        for (int step = 0; step < sum.length; step++) {
            sum[step] += visitors[step];
        }
        revised = Math.min(revised, end);
        return sum;
    }

    private void write() {
        long now = Math.floorDiv(context().currentStreamTimeMs(), 1000L);
        if (now < written || (now == written && revised > now)) {
            return;
        }
        long from = written == 0 ? revised : Math.max(Math.min(revised, written + 1), written - REVISED_SECONDS + 1);
        sums.forEach((series, changes) -> {
            long[] visitors = new long[Step.TYPES.size()];
            changes.headMap(from).values().forEach(change -> sum(visitors, change));
            for (long end = from; end <= now; end++) {
                sum(visitors, changes.get(end));
                context().forward(new Record<>(series.channel(), row(series, end, visitors), end * 1000));
            }
            forget(series, changes, now - REVISED_SECONDS);
        });
        written = now;
        revised = Long.MAX_VALUE;
    }

    /** What can no longer be revised becomes one sum. */
    private void forget(Changes.Series series, NavigableMap<Long, long[]> changes, long until) {
        NavigableMap<Long, long[]> old = changes.headMap(until, true);
        if (old.size() > 1) {
            long last = old.lastKey();
            long[] sum = new long[Step.TYPES.size()];
            old.forEach((end, change) -> {
                sum(sum, change);
                stored.delete(key(series, end));
            });
            old.clear();
            changes.put(last, sum);
            stored.put(key(series, last), sum);
        }
    }

    private static void sum(long[] visitors, long[] change) {
        for (int step = 0; change != null && step < visitors.length; step++) {
            visitors[step] += change[step];
        }
    }

    private static String row(Changes.Series series, long end, long[] visitors) {
        return "{\"window\":\"" + series.window().label() + "\",\"channel\":\"" + series.channel() + "\",\"end\":"
                + end * 1000 + ",\"view\":" + visitors[0] + ",\"cart\":" + visitors[1] + ",\"order\":" + visitors[2]
                + ",\"pay\":" + visitors[3] + "}";
    }
}
