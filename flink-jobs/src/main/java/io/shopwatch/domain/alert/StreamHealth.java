package io.shopwatch.domain.alert;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the progress reports of the jobs say about the input streams: which fell silent, and whether figures can be
 * trusted.
 *
 * <p>A stream is silent when events are missing that its own recent rate would have brought: after {@code n} events are
 * missing, a Poisson stream is alive with probability e<sup>−n</sup>. A quiet night therefore needs long to look like
 * an outage, and a busy evening only seconds.
 *
 * <p>Fields are public because this is also what a checkpoint holds.
 */
public class StreamHealth {
    private static final double HALF_LIFE_MILLIS = 600_000;

    /** Missing events that make a stream suspicious: e⁻¹². */
    private static final double SUSPICIOUS = 12;

    /** Lag beyond which live figures are doubtful, and beyond which event time is not meant to be now at all. */
    private static final long LAG_MILLIS = 30_000;

    private static final long RECORDED_MILLIS = 86_400_000;

    private static final double BAD_SHARE = 0.05;

    public Map<String, Progress> streams = new HashMap<>();
    public long now = Long.MIN_VALUE;
    public long lag;

    /** Decaying counts of what was read, and of what of it was late or rejected. */
    public double read;

    public double bad;

    /**
     * What is known of one stream.
     *
     * <p>Fields are public because this is also what a checkpoint holds.
     */
    public static class Progress {
        public long newest = Long.MIN_VALUE;
        public long count;
        public long badCount;
        public long countedAt = Long.MIN_VALUE;
        public String countedBy = "";
        public double events;
        public double millis;

        /** Time since the last report that brought events. */
        public double waited;

        double perMilli() {
            return millis <= 0 ? 0 : events / millis;
        }
    }

    /**
     * Takes in the report of a job.
     *
     * @param job the job; each stream's counts are taken from the job that first reported it
     * @param watermark event time it has reached, epoch milliseconds
     * @param wallClock time of the report
     * @param counts by stream and outcome
     * @param newest by stream the newest event time
     */
    public void note(
            String job,
            long watermark,
            long wallClock,
            Map<String, Map<String, Long>> counts,
            Map<String, Long> newest) {
        now = Math.max(now, watermark);
        lag = wallClock - watermark;
        newest.forEach((stream, time) -> {
            Progress progress = streams.computeIfAbsent(stream, s -> new Progress());
            progress.newest = Math.max(progress.newest, time);
        });
        counts.forEach((stream, outcomes) -> {
            Progress progress = streams.get(stream);
            if (progress == null) {
                return;
            }
            if (progress.countedBy.isEmpty()) {
                progress.countedBy = job;
            }
            if (progress.countedBy.equals(job)) {
                count(progress, watermark, outcomes);
            }
        });
    }

    private void count(Progress progress, long watermark, Map<String, Long> outcomes) {
        long accepted = outcomes.getOrDefault("accepted", 0L) + outcomes.getOrDefault("duplicate", 0L);
        long badNow = outcomes.getOrDefault("late", 0L) + outcomes.getOrDefault("dead_letter", 0L);
        long all = accepted + badNow;
        if (progress.countedAt == Long.MIN_VALUE) {
            progress.countedAt = watermark;
            progress.count = all;
            progress.badCount = badNow;
            return;
        }
        double elapsed = (double) watermark - (double) progress.countedAt;
        if (elapsed <= 0) {
            return;
        }
        // After a failure counts go back to the last checkpoint and the same events are counted again.
        double added = Math.max(0, all - progress.count);
        double addedBad = Math.max(0, badNow - progress.badCount);
        noteQuality(added, addedBad, elapsed);
        progress.countedAt = watermark;
        progress.count = all;
        progress.badCount = badNow;
        // The present silence counts once it is over: it must not talk down the rate that it is held against.
        progress.waited += elapsed;
        if (added > 0) {
            double keep = Math.pow(0.5, progress.waited / HALF_LIFE_MILLIS);
            progress.events = progress.events * keep + added;
            progress.millis = progress.millis * keep + progress.waited;
            progress.waited = 0;
        }
    }

    private void noteQuality(double readRecords, double badRecords, double elapsedMillis) {
        // Each stream reports on its own: each lets a part of the time pass.
        double keep = Math.pow(0.5, elapsedMillis / HALF_LIFE_MILLIS / Math.max(1, streams.size()));
        read = read * keep + readRecords;
        bad = bad * keep + badRecords;
    }

    /** Whether events are missing that should have come, so that figures made of that stream say nothing. */
    public boolean suspicious(String stream) {
        return missing(stream, now) >= SUSPICIOUS;
    }

    /** Events that a stream's own rate would have brought since its newest one. */
    public double missing(String stream, long at) {
        Progress progress = streams.get(stream);
        return progress == null || progress.newest == Long.MIN_VALUE
                ? 0
                : Math.max(0, at - progress.newest) * progress.perMilli();
    }

    /** Event time since the newest event of a stream, 0 where there was none yet. */
    public long silentMillis(String stream, long at) {
        Progress progress = streams.get(stream);
        return progress == null || progress.newest == Long.MIN_VALUE ? 0 : Math.max(0, at - progress.newest);
    }

    /** Event time of the newest event, {@link Long#MIN_VALUE} where there was none yet. */
    public long newest(String stream) {
        Progress progress = streams.get(stream);
        return progress == null ? Long.MIN_VALUE : progress.newest;
    }

    /** Why figures are doubtful, for a person; empty where they can be trusted. */
    public String doubts() {
        return doubts(streams.keySet());
    }

    /**
     * Why figures made of some of the streams are doubtful, for a person; empty where they can be trusted.
     *
     * @param of the streams whose silence matters
     */
    public String doubts(Set<String> of) {
        TreeSet<String> doubts = new TreeSet<>();
        for (String stream : of) {
            if (suspicious(stream)) {
                doubts.add("no " + stream + " for " + Texts.duration(silentMillis(stream, now)));
            }
        }
        if (lag > LAG_MILLIS && lag < RECORDED_MILLIS) {
            doubts.add("event time is " + Texts.duration(lag) + " behind");
        }
        if (read >= 100 && bad / read > BAD_SHARE) {
            doubts.add(Texts.percent(bad / read) + " of the records are late or rejected");
        }
        return String.join(", ", doubts);
    }
}
