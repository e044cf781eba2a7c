package io.shopwatch.job.common;

import io.shopwatch.domain.window.SlidingSums;
import java.io.Serializable;
import java.util.List;
import org.apache.flink.util.Collector;

/**
 * Makes results of sums that changed.
 *
 * @param <R> results
 */
@FunctionalInterface
public interface Assembler<R> extends Serializable {
    /**
     * Is called for every second in which figures changed, in ascending order.
     *
     * @param end exclusive end of the windows, epoch milliseconds
     * @param sums all sums as of {@code end}
     * @param changed what differs from the last call
     * @param out takes the results
     */
    void assemble(long end, SlidingSums.View sums, List<SlidingSums.Changed> changed, Collector<R> out);
}
