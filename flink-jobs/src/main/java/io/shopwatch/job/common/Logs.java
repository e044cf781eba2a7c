package io.shopwatch.job.common;

import io.shopwatch.domain.event.Backlog;
import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Where the inputs of a job lie; travels with the job. */
@FunctionalInterface
public interface Logs extends Serializable {

    /** Begins to look at them. */
    Probe open();

    /** Tells what the inputs hold. */
    interface Probe extends AutoCloseable {

        /** Extents of all partitions, by {@code topic-partition}, as they are now or later. */
        CompletionStage<Map<String, Backlog.Extent>> extents();

        @Override
        void close();
    }
}
