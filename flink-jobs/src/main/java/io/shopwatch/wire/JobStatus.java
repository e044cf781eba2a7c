package io.shopwatch.wire;

import java.util.Map;

/**
 * Progress of a job; value of the topic {@code status}, keyed by job. Counts come from checkpointed state: they are
 * exact, and go back to the last checkpoint after a failure, from where the same events are counted again.
 *
 * @param job {@code funnel}, {@code sales}, {@code inventory} or {@code alert}
 * @param runId id of the run; it outlives restarts from a checkpoint and changes when counting starts anew
 * @param time wall clock of the report, epoch milliseconds
 * @param watermark event time that the job has reached, epoch milliseconds; null before the first event
 * @param events by stream and outcome ({@code accepted}, {@code late}, {@code duplicate}, {@code dead_letter}) the
 *     number of records read
 * @param newest by stream the newest event time accepted, epoch milliseconds
 */
public record JobStatus(
        String job,
        String runId,
        long time,
        Long watermark,
        Map<String, Map<String, Long>> events,
        Map<String, Long> newest) {}
