package io.shopwatch.job.common;

import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * What a job hands back to be written somewhere.
 *
 * @param results the job's results
 * @param tallies counts of what the job read, to be summed by {@link StatusOperator}
 * @param <R> results
 */
public record JobResults<R>(DataStream<R> results, DataStream<Tally> tallies) {}
