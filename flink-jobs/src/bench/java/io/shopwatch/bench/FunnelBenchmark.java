package io.shopwatch.bench;

import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.event.Vocabulary;
import io.shopwatch.domain.funnel.FunnelCodec;
import io.shopwatch.domain.funnel.FunnelDefinition;
import io.shopwatch.domain.funnel.FunnelPlan;
import io.shopwatch.domain.funnel.FunnelState;
import io.shopwatch.domain.funnel.VisitorFunnels;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Following visitors through the default funnels. */
@State(Scope.Thread)
public class FunnelBenchmark {
    private static final int EVENTS = 100_000;

    private final FunnelPlan plan = new FunnelPlan(FunnelDefinition.DEFAULTS);
    private final FunnelCodec codec = new FunnelCodec(plan);
    private final Vocabulary words = new Vocabulary();
    private final VisitorFunnels funnels = new VisitorFunnels(plan, ZoneOffset.UTC);
    private final Map<String, byte[]> visitors = new HashMap<>();
    private final ShopEvent[] events = new ShopEvent[EVENTS];
    private int next;
    private long lap;

    /** Makes the events. */
    @Setup
    public void prepare() {
        Traffic traffic = new Traffic(20_000, 10_000);
        for (int i = 0; i < EVENTS; i++) {
            events[i] = traffic.next();
        }
    }

    /** One event of one visitor, with reading and writing the visitor, as the job hands it over. */
    @Benchmark
    public void follow(Blackhole changes) {
        ShopEvent event = events[next];
        if (++next == EVENTS) {
            next = 0;
            lap++;
        }
        if (plan.uses(event.type())) {
            ShopEvent now = lap == 0 ? event : event.withTime(event.time() + lap * EVENTS / 10);
            byte[] stored = visitors.get(event.visitorId());
            FunnelState visitor = stored == null ? funnels.newState() : codec.read(stored, 0, words);
            funnels.onInstant(
                    visitor,
                    List.of(now),
                    (funnel, step, segment, value, pane, previous) -> changes.consume(pane - previous));
            visitors.put(
                    event.visitorId(), codec.write(visitor, words, now.time()).toBytes());
        }
    }
}
