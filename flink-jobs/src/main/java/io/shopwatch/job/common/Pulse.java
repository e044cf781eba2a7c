package io.shopwatch.job.common;

import io.shopwatch.domain.event.EventStream;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * How far a partition has been read.
 *
 * @param stream stream whose topic it is
 * @param partition its number, or {@link Ingested#NOWHERE}
 * @param next offset of the next record
 * @param newest newest event time so far in epoch milliseconds, or {@link Ingested#NO_TIME}
 */
public record Pulse(EventStream stream, int partition, long next, long newest) {
    static final TypeInformation<Pulse> TYPE = TypeInformation.of(Pulse.class);

    /** Name of the partition in all of the job's inputs. */
    String name() {
        return nameOf(stream.wireName(), partition);
    }

    static String nameOf(String topic, int partition) {
        return topic + "-" + partition;
    }
}
