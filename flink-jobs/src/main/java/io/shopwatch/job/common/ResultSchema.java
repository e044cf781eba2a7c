package io.shopwatch.job.common;

import io.shopwatch.wire.Json;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads records of a result topic. Tombstones and what is not such a record are left out: result topics are written by
 * Shopwatch alone, so anything else there is a stranger's and must not stop a job.
 *
 * @param type record of the wire package
 * @param <T> the same
 */
public record ResultSchema<T>(Class<T> type) implements KafkaRecordDeserializationSchema<T> {
    private static final Logger LOG = LoggerFactory.getLogger(ResultSchema.class);

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<T> out) {
        if (record.value() == null) {
            return;
        }
        try {
            out.collect(Json.read(record.value(), type));
        } catch (IOException e) {
            LOG.warn(
                    "Left out a record of topic {} (partition {}, offset {}) that is no {}: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    type.getSimpleName(),
                    e.getMessage());
        }
    }

    @Override
    public TypeInformation<T> getProducedType() {
        return ResultTypes.of(type);
    }
}
