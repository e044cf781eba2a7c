package io.shopwatch.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.shopwatch.job.common.JobEnvironment;
import io.shopwatch.settings.SettingsLoader;
import io.shopwatch.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.state.rocksdb.RocksDBNativeMetricOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedFlinkTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SLOTS = 4;
    private static final MemorySize MEMORY = MemorySize.ofMebiBytes(96);

    @TempDir
    Path folder;

    @Test
    void rocksDbTakesItsMemoryForAllSlotsTogether() throws Exception {
        EmbeddedFlink.Shape shape =
                new EmbeddedFlink.Shape("127.0.0.1", 0, EmbeddedFlink.NO_METRICS, SLOTS, MEMORY, folder);
        try (EmbeddedFlink flink = EmbeddedFlink.start(shape)) {
            JobID job = flink.submit(counting(), "count");
            await().atMost(PATIENCE).until(() -> flink.status(job) == JobStatus.RUNNING);
            URI jobs = flink.url().resolve("/jobs/" + job);

            await().atMost(PATIENCE).untilAsserted(() -> {
                double cache = cacheOf(jobs);
                // Flink sets a part of it aside for what RocksDB allocates beyond its bounds.
                assertThat(cache).isBetween(MEMORY.getBytes() * 0.7, (double) MEMORY.getBytes());
            });
        }
    }

    /** Counts numbers by their remainder, with state in RocksDB, for long. */
    private static StreamExecutionEnvironment counting() {
        Configuration configuration = JobEnvironment.of(
                SettingsLoader.load(null, Map.of(), List.of("flink.state-backend=rocksdb"))
                        .flink(),
                null,
                null);
        configuration.set(RocksDBNativeMetricOptions.BLOCK_CACHE_CAPACITY, true);
        StreamExecutionEnvironment env = new StreamExecutionEnvironment(configuration);
        env.setParallelism(SLOTS);
        env.fromSequence(0, Long.MAX_VALUE)
                .uid("source-v1")
                .keyBy(number -> number % 100)
                .map(new Count())
                .name("Count")
                .uid("count-v1")
                .sinkTo(new DiscardingSink<>())
                .name("Discard")
                .uid("discard-v1");
        return env;
    }

    /** Capacity of the cache that the first subtask of the counting task has, in bytes. */
    private static double cacheOf(URI job) throws IOException {
        JsonNode vertices = read(job.toString()).get("vertices");
        String counting = StreamSupport.stream(vertices.spliterator(), false)
                .filter(vertex -> vertex.get("name").textValue().contains("Count"))
                .findFirst()
                .orElseThrow()
                .get("id")
                .textValue();
        String metrics = job + "/vertices/" + counting + "/subtasks/0/metrics";
        String capacity = StreamSupport.stream(read(metrics).spliterator(), false)
                .map(metric -> metric.get("id").textValue())
                .filter(id -> id.endsWith("block-cache-capacity"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no such metric yet"));
        return read(metrics + "?get=" + capacity).get(0).get("value").asDouble();
    }

    private static JsonNode read(String url) throws IOException {
        try (InputStream answer = URI.create(url).toURL().openStream()) {
            return Json.mapper().readTree(answer);
        }
    }

    private static final class Count extends RichMapFunction<Long, Long> {
        private static final long serialVersionUID = 1;
        private transient ValueState<Long> count;

        @Override
        public void open(OpenContext context) {
            count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Types.LONG));
        }

        @Override
        public Long map(Long number) throws Exception {
            Long before = count.value();
            count.update(before == null ? 1 : before + 1);
            return number;
        }
    }
}
