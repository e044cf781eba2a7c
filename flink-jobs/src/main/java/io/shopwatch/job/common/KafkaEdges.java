package io.shopwatch.job.common;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.DeadLetter;
import io.shopwatch.wire.JobStatus;
import io.shopwatch.wire.Json;
import io.shopwatch.wire.Topics;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sources and sinks of the jobs on Kafka. */
public final class KafkaEdges {

    /** A rejected record of a megabyte is a third larger in base64; the topic {@code dead-letters} takes that much. */
    private static final int MAX_REQUEST_BYTES = 16 * 1024 * 1024;

    private KafkaEdges() {}

    /** Reads and decodes input topics, from the beginning unless a checkpoint says otherwise. */
    public static DataStream<Ingested> read(
            StreamExecutionEnvironment env, Settings settings, String job, Collection<EventStream> streams) {
        return env.fromSource(
                        source(settings, job, streams).build(), Watermarks.live(settings.events()), "Read " + streams)
                .uid("source-v1");
    }

    /** The source behind {@link #read}, for who wants it bounded. */
    public static KafkaSourceBuilder<Ingested> source(Settings settings, String job, Collection<EventStream> streams) {
        return KafkaSource.<Ingested>builder()
                .setBootstrapServers(settings.kafka().bootstrapServers())
                .setTopics(streams.stream().map(EventStream::wireName).toList())
                .setGroupId("shopwatch-" + job)
                .setClientIdPrefix("shopwatch-" + job)
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(new IngestSchema(settings.events()))
                .setProperties(eventConsumerProperties(settings))
                // New partitions of a growing shop are found without a restart.
                .setProperty("partition.discovery.interval.ms", "30000")
                .setProperty("register.consumer.metrics", "false");
    }

    /** Where the events of some streams lie. */
    public static Logs logs(Settings settings, Set<EventStream> streams) {
        return new KafkaLogs(
                settings.kafka(), streams.stream().map(EventStream::wireName).toList());
    }

    /** Reads a result topic from the beginning, as records of the wire package; what cannot be read is left out. */
    public static <T> KafkaSource<T> results(Settings settings, String job, String topic, ResultSchema<T> schema) {
        return KafkaSource.<T>builder()
                .setBootstrapServers(settings.kafka().bootstrapServers())
                .setTopics(topic)
                .setGroupId("shopwatch-" + job)
                .setClientIdPrefix("shopwatch-" + job + "-" + topic)
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(schema)
                .setProperties(clientProperties(settings))
                .setProperty("register.consumer.metrics", "false")
                .build();
    }

    /** Writes results to a topic, at least once; keys and values are deterministic, so once more is harmless. */
    public static <T> DataStreamSink<T> write(
            DataStream<T> results, Settings settings, String topic, SerializableFunction<T, String> key) {
        KafkaSink<T> sink = KafkaSink.<T>builder()
                .setBootstrapServers(settings.kafka().bootstrapServers())
                .setKafkaProducerConfig(producerProperties(settings))
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setRecordSerializer(new ResultSerializer<>(topic, key))
                .build();
        return results.sinkTo(sink).name("Write " + topic).uid("sink-" + topic + "-v1");
    }

    /** Writes dead letters; they have no key. */
    public static void writeDeadLetters(DataStream<DeadLetter> deadLetters, Settings settings) {
        write(deadLetters, settings, Topics.DEAD_LETTERS, letter -> null);
    }

    /**
     * Writes the statuses of jobs whose results are written, and which run as one job of Flink if they are several. A status
     * has the time of the results: who reads of a time has them too, but for what is on its way through Kafka. Several
     * share a clock, and one that has nothing to do would say that it is somewhere where the others are not yet: so all
     * report the time that the last of them has reached.
     *
     * @param jobs what they hand back, by name
     */
    public static void writeStatuses(Map<String, ? extends JobResults<?>> jobs, Settings settings) {
        List<DataStream<Tally>> times = new ArrayList<>();
        jobs.forEach((name, job) ->
                times.add(TimeOnly.of(job.results(), job.tallies().getType())
                        .name("Time of " + name + ", for the report")
                        .uid("results-time-" + name + "-v1")));
        jobs.forEach((name, job) -> {
            DataStream<Tally> told = job.tallies();
            for (DataStream<Tally> time : times) {
                told = told.union(time);
            }
            writeStatus(told, settings, name);
        });
    }

    /** Sums the tallies of a job and writes its status; there may be several jobs in one of Flink's. */
    public static void writeStatus(DataStream<? extends Counted> tallies, Settings settings, String job) {
        write(StatusOperator.apply(tallies, job).uid("status-" + job + "-v1"), settings, Topics.STATUS, JobStatus::job)
                .uid("sink-status-" + job + "-v1");
    }

    /**
     * What the settings pass on to clients. Consumers of results need no more: those are written all together when a
     * second is complete, and read when they come.
     */
    public static Properties clientProperties(Settings settings) {
        Properties properties = new Properties();
        properties.putAll(settings.kafka().clientProperties());
        return properties;
    }

    /**
     * Events come all the time. A broker that answers each fetch with the first of them spends more on requests than on
     * records: it gathers for a moment instead, unless the settings say otherwise.
     */
    private static Properties eventConsumerProperties(Settings settings) {
        Properties properties = clientProperties(settings);
        properties.putIfAbsent(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, "65536");
        properties.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "50");
        return properties;
    }

    private static Properties producerProperties(Settings settings) {
        Properties properties = clientProperties(settings);
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, "20");
        properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(MAX_REQUEST_BYTES));
        return properties;
    }

    /** A function that travels with a job. */
    @FunctionalInterface
    public interface SerializableFunction<T, R> extends Function<T, R>, Serializable {}

    private record ResultSerializer<T>(String topic, SerializableFunction<T, String> key)
            implements KafkaRecordSerializationSchema<T> {
        @Override
        public ProducerRecord<byte[], byte[]> serialize(T element, KafkaSinkContext context, Long timestamp) {
            String name = key.apply(element);
            return new ProducerRecord<>(
                    topic, name == null ? null : name.getBytes(StandardCharsets.UTF_8), Json.bytes(element));
        }
    }
}
