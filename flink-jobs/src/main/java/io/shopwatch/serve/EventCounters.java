package io.shopwatch.serve;

import io.shopwatch.wire.JobStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Records read from the input topics, from what the jobs report. Several jobs read the same stream; each stream is taken
 * from one of them, so that nothing counts twice. After a failure a job goes back to its last checkpoint and counts the
 * same records again: within a run a figure never falls, so the counter stays exact. Not safe for use by several
 * threads.
 */
final class EventCounters {

    /** By stream, the jobs that read it, the one that sees most of it first. */
    private static final Map<String, List<String>> REPORTERS = Map.of(
            "clicks", List.of("sales", "funnel"),
            "carts", List.of("sales", "funnel"),
            "orders", List.of("sales", "inventory", "funnel"),
            "stock", List.of("inventory"));

    /** Not an input stream: what the alert job counts of the rules that it reads. */
    private static final String RULES = "rules";

    private static final class Run {
        final String id;
        final Map<String, Map<String, Long>> counts = new HashMap<>();

        Run(String id) {
            this.id = id;
        }
    }

    private final Map<String, Run> runs = new HashMap<>();

    void update(JobStatus status) {
        Run run = runs.get(status.job());
        if (run == null || !run.id.equals(status.runId())) {
            run = new Run(status.runId());
            runs.put(status.job(), run);
        }
        if (status.events() == null) {
            return;
        }
        for (Map.Entry<String, Map<String, Long>> stream : status.events().entrySet()) {
            Map<String, Long> counts = run.counts.computeIfAbsent(stream.getKey(), s -> new TreeMap<>());
            stream.getValue().forEach((outcome, count) -> counts.merge(outcome, count, Math::max));
        }
    }

    /** By stream and outcome, the number of records read; streams that nobody reports are absent. */
    Map<String, Map<String, Long>> totals() {
        Map<String, Map<String, Long>> totals = new TreeMap<>();
        REPORTERS.forEach((stream, jobs) -> jobs.stream()
                .map(runs::get)
                .filter(run -> run != null && run.counts.containsKey(stream))
                .findFirst()
                .ifPresent(run -> totals.put(stream, Map.copyOf(run.counts.get(stream)))));
        return totals;
    }

    /** Rule sets that the alert job refused. */
    long rulesRejected() {
        Run run = runs.get("alert");
        return run == null ? 0 : run.counts.getOrDefault(RULES, Map.of()).getOrDefault("dead_letter", 0L);
    }
}
