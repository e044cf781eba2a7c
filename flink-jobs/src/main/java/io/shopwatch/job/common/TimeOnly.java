package io.shopwatch.job.common;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** Streams without elements. */
public final class TimeOnly {
    private TimeOnly() {}

    /** A stream without elements that has the time of another one, and tells it without delay. */
    public static <T> SingleOutputStreamOperator<T> of(DataStream<?> stream, TypeInformation<T> type) {
        return stream.flatMap((element, out) -> {}, type)
                .setParallelism(stream.getParallelism())
                .setBufferTimeout(0);
    }
}
