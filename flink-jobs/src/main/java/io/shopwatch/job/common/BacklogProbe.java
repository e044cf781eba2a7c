package io.shopwatch.job.common;

import io.shopwatch.domain.event.Backlog;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a {@link Backlog} now and then how far the inputs go. All times are epoch milliseconds. */
final class BacklogProbe implements AutoCloseable {
    /** Wall clock between two looks at what lies unread: a silent partition holds figures back for about this long. */
    private static final long PROBE_MILLIS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(BacklogProbe.class);

    private final Logs.Probe probe;
    private final Backlog backlog;
    private final Predicate<String> partitions;

    private CompletableFuture<Map<String, Backlog.Extent>> answer;
    private long askedAt = Backlog.UNKNOWN;
    private long eventTimeAsked;

    /**
     * @param probe looks at the inputs; closed with this one
     * @param partitions names of those that the backlog is told of
     */
    BacklogProbe(Logs.Probe probe, Backlog backlog, Predicate<String> partitions) {
        this.probe = probe;
        this.backlog = backlog;
        this.partitions = partitions;
    }

    /**
     * Takes in what the probe has answered, and asks it anew when it is time.
     *
     * @param eventTime where event time stands now
     */
    void look(long now, LongSupplier eventTime) {
        if (answer != null && answer.isDone()) {
            try {
                Map<String, Backlog.Extent> extents = answer.join();
                backlog.extents(only(extents), askedAt, eventTimeAsked, now);
            } catch (CompletionException e) {
                LOG.warn(
                        "What lies unread in the inputs is not known: {}",
                        e.getCause().toString());
            }
            answer = null;
        }
        if (answer == null && (askedAt == Backlog.UNKNOWN || now - askedAt >= PROBE_MILLIS)) {
            askedAt = now;
            eventTimeAsked = eventTime.getAsLong();
            answer = probe.extents().toCompletableFuture();
        }
    }

    private Map<String, Backlog.Extent> only(Map<String, Backlog.Extent> extents) {
        return extents.entrySet().stream()
                .filter(extent -> partitions.test(extent.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public void close() {
        probe.close();
    }
}
