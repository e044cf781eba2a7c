package io.shopwatch.job.funnel;

import io.shopwatch.domain.funnel.FunnelDefinition;
import io.shopwatch.domain.funnel.FunnelPlan;
import io.shopwatch.domain.window.SeriesKey;
import io.shopwatch.domain.window.SlidingSums;
import io.shopwatch.domain.window.Window;
import io.shopwatch.job.common.Assembler;
import io.shopwatch.wire.FunnelResult;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.util.Collector;

/** Writes the sums of a funnel as its result. */
record FunnelAssembler(FunnelPlan plan) implements Assembler<FunnelResult> {

    @Override
    public void assemble(
            long end, SlidingSums.View sums, List<SlidingSums.Changed> changed, Collector<FunnelResult> out) {
        for (SlidingSums.Changed change : changed) {
            SeriesKey key = change.key();
            for (int f = 0; f < plan.funnels().size(); f++) {
                if (plan.seriesName(f).equals(key.name())) {
                    emit(plan.funnels().get(f), change.window(), end, key, sums.sums(key, change.window()), out);
                }
            }
        }
    }

    private static void emit(
            FunnelDefinition funnel,
            Window window,
            long end,
            SeriesKey key,
            long[] visitors,
            Collector<FunnelResult> out) {
        List<FunnelResult.Step> steps = new ArrayList<>();
        for (int k = 0; k < funnel.steps().size(); k++) {
            steps.add(new FunnelResult.Step(funnel.steps().get(k).name(), visitors[k]));
        }
        // `end` as the watermark too: the figures are complete up to there, whatever watermark happened to complete
        // them, and the same input gives the same bytes.
        out.collect(new FunnelResult(
                funnel.name(), window.wireName(), end, key.segment().wireName(), key.value(), steps, end));
    }
}
