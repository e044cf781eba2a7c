package io.shopwatch.peers.streams;

import io.shopwatch.peers.Clock;
import io.shopwatch.peers.Task;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The open funnel view → cart → order → pay on Kafka Streams: distinct visitors of each step, in all and by channel, in
 * windows of five minutes and an hour that slide by a second.
 *
 * <pre>
 *   clicks, carts ────────────────────┐
 *                                     ├─► follow visitors ──(one partition)─► sum windows ──► figures
 *   orders ─(repartition by visitor)──┘
 * </pre>
 *
 * <p>The DSL's hopping windows would say the same in five lines, but put each event into 300 and 3,600 windows, twice, and
 * each window would hold a set of visitors: some 8,000 updates of state per event. Its sliding windows end at events, not at
 * seconds. So this is what somebody who needs the figures would write: processors with state per visitor, which send only
 * what changes. It counts right whatever the order of arrival, but does less than a job on Flink's event time: nothing is
 * ever final, see {@link SumWindows}, and nothing moves while nothing arrives.
 */
public final class FunnelStreams {

    private FunnelStreams() {}

    /** Runs the task in the file that is the argument. */
    public static void main(String[] arguments) throws Exception {
        Task task = Task.read(Path.of(arguments[0]));
        KafkaStreams streams = new KafkaStreams(topology(task).build(), properties(task));
        streams.setUncaughtExceptionHandler(failure -> {
            failure.printStackTrace();
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.start();
        task.finish(() -> !streams.state().hasCompletedShutdown());
    }

    private static StreamsBuilder topology(Task task) {
        StreamsBuilder builder = new StreamsBuilder();
        Consumed<String, Step> events = Consumed.with(Serdes.String(), Step.serde())
                .withTimestampExtractor((message, before) -> ((Step) message.value()).eventTime());
        KStream<String, Step> visits =
                builder.stream(List.of("clicks", "carts"), events).filter((key, step) -> step.counts());
        KStream<String, Step> orders = builder.stream("orders", events)
                .filter((key, step) -> step.counts())
                .selectKey((key, step) -> step.visitorId())
                .repartition(Repartitioned.with(Serdes.String(), Step.serde()).withName("orders-by-visitor"));
        builder.addStateStore(store(task, FollowVisitors.STORE, Hits.serde()));
        builder.addStateStore(store(task, SumWindows.STORE, sumSerde()));
        visits.merge(orders)
                .process(FollowVisitors::new, FollowVisitors.STORE)
                .repartition(Repartitioned.with(Serdes.String(), Changes.serde())
                        .withName("changes")
                        .withNumberOfPartitions(1))
                .process(SumWindows::new, SumWindows.STORE)
                .to(task.topic(), Produced.with(Serdes.String(), Serdes.String()));
        return builder;
    }

    /** With changelogs, as is usual; the cache makes what they are sent less. */
    private static <V> StoreBuilder<KeyValueStore<String, V>> store(Task task, String name, Serde<V> values) {
        return Stores.keyValueStoreBuilder(
                        task.state().equals("rocksdb")
                                ? Stores.persistentKeyValueStore(name)
                                : Stores.inMemoryKeyValueStore(name),
                        Serdes.String(),
                        values)
                .withCachingEnabled();
    }

    private static Serde<long[]> sumSerde() {
        return Serdes.serdeFrom(
                (topic, sum) -> {
                    if (sum == null) {
                        return null;
                    }
                    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * sum.length);
                    bytes.asLongBuffer().put(sum);
                    return bytes.array();
                },
                (topic, bytes) -> {
                    if (bytes == null) {
                        return null;
                    }
                    long[] sum = new long[bytes.length / Long.BYTES];
                    ByteBuffer.wrap(bytes).asLongBuffer().get(sum);
                    return sum;
                });
    }

    private static Properties properties(Task task) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, task.topic());
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, task.bootstrapServers());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, task.folder().toString());
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, task.parallelism());
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 10_000);
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 64 * 1024 * 1024);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        properties.put(
                StreamsConfig.producerPrefix(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG), Clock.Writing.class.getName());
        properties.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG),
                Clock.Reading.class.getName());
        return properties;
    }
}
