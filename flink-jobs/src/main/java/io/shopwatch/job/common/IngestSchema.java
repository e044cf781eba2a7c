package io.shopwatch.job.common;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.DeadLetter;
import io.shopwatch.wire.Decoded;
import io.shopwatch.wire.EventDecoder;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Decodes records of the input topics; what cannot be decoded goes on as a dead letter. */
final class IngestSchema implements KafkaRecordDeserializationSchema<Ingested> {
    private static final long serialVersionUID = 1;

    private static final EventStream[] STREAMS = EventStream.values();

    private final Map<EventStream, EventDecoder> decoders = new EnumMap<>(EventStream.class);

    IngestSchema(Settings.Events settings) {
        for (EventStream stream : EventStream.values()) {
            decoders.put(stream, new EventDecoder(stream, settings.maxAhead()));
        }
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Ingested> out) {
        EventStream stream = streamOf(record.topic());
        Decoded decoded = decoders.get(stream).decode(record.value(), System.currentTimeMillis());
        out.collect(
                decoded.isAccepted()
                        ? Ingested.of(decoded.event(), record.partition(), record.offset())
                        : Ingested.rejected(stream, rejected(record, decoded)));
    }

    private static EventStream streamOf(String topic) {
        for (EventStream stream : STREAMS) {
            if (stream.wireName().equals(topic)) {
                return stream;
            }
        }
        throw new IllegalStateException("no stream is read from topic " + topic);
    }

    private static DeadLetter rejected(ConsumerRecord<byte[], byte[]> record, Decoded decoded) {
        byte[] raw = record.value() == null ? new byte[0] : record.value();
        // The record's own time, not now: the same record gives the same dead letter when it is read again.
        return new DeadLetter(
                decoded.reason().wireName(),
                decoded.detail(),
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                Base64.getEncoder().encodeToString(raw));
    }

    @Override
    public TypeInformation<Ingested> getProducedType() {
        return TypeInformation.of(Ingested.class);
    }
}
