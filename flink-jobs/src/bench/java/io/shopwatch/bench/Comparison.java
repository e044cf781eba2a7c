package io.shopwatch.bench;

import java.io.IOException;
import java.util.Locale;

/** Holds the figures of runs over the same backlog against one another; a run with different ones ends the benchmark. */
final class Comparison {
    private final String bootstrapServers;
    private final LastFigures last;
    private Figures ours;

    Comparison(String bootstrapServers, LastFigures last) {
        this.bootstrapServers = bootstrapServers;
        this.last = last;
    }

    /** Compares what the contender has just written, where it can be; tells what was compared. */
    String after(Contender contender, Contender.Course course) throws IOException {
        // The first run's are kept: the topic is compacted one day.
        if (contender == MeasuredJob.OPEN_FUNNEL && ours == null) {
            ours = Figures.ofFunnelJob(bootstrapServers);
        }
        if (contender instanceof Peer peer) {
            Figures theirs = Figures.ofPeer(bootstrapServers, peer.topic(course));
            long windows = theirs.compare(peer.title(), ours, MeasuredJob.OPEN_FUNNEL.title(), last.end());
            return String.format(Locale.ROOT, "; %,d windows as ours", windows);
        }
        return "";
    }
}
