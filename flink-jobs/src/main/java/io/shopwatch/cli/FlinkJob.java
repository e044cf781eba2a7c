package io.shopwatch.cli;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.job.alert.AlertTopics;
import io.shopwatch.job.common.JobEnvironment;
import io.shopwatch.job.common.JobResults;
import io.shopwatch.job.common.KafkaEdges;
import io.shopwatch.job.common.ShopStreams;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.DeadLetter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * What runs as one job of Flink, put together with Kafka as its source and sink: one of the {@link ShopJob}s, or all of
 * those that read events, so that each event is read and decoded once for all of them.
 *
 * @param name name of the job for Flink and its consumers, and of the folder of its checkpoints
 * @param parts what it consists of
 */
record FlinkJob(String name, List<ShopJob> parts) {
    private static final String TOGETHER = "shop";

    /** Distributes jobs over jobs of Flink. */
    static List<FlinkJob> of(List<ShopJob> jobs) {
        List<ShopJob> readers =
                jobs.stream().filter(job -> !job.streams().isEmpty()).toList();
        List<FlinkJob> all = new ArrayList<>();
        if (readers.size() > 1) {
            all.add(new FlinkJob(TOGETHER, readers));
        } else {
            readers.forEach(job -> all.add(alone(job)));
        }
        jobs.stream().filter(job -> job.streams().isEmpty()).forEach(job -> all.add(alone(job)));
        return all;
    }

    private static FlinkJob alone(ShopJob job) {
        return new FlinkJob(job.wireName(), List.of(job));
    }

    /** Name that Flink shows. */
    String flinkName() {
        return "shopwatch-" + name;
    }

    /** What its parts are called. */
    String title() {
        return parts.stream().map(ShopJob::wireName).collect(Collectors.joining(", "));
    }

    /** Builds the job between its input topics and its result topics. */
    private void connect(StreamExecutionEnvironment env, Settings settings) {
        EnumSet<EventStream> streams = EnumSet.noneOf(EventStream.class);
        EnumSet<EventStream> rejected = EnumSet.noneOf(EventStream.class);
        for (ShopJob part : parts) {
            streams.addAll(part.streams());
            rejected.addAll(part.rejected());
        }
        if (streams.isEmpty()) {
            AlertTopics.connect(env, settings);
            return;
        }
        ShopStreams shop = ShopStreams.live(
                KafkaEdges.read(env, settings, name, streams), settings.events(), KafkaEdges.logs(settings, streams));
        Map<String, JobResults<?>> results = new LinkedHashMap<>();
        for (ShopJob part : parts) {
            boolean readsAll = part.streams().equals(streams);
            ShopStreams own = readsAll ? shop : shop.rejectedOnlyOf(part.streams(), part.wireName());
            results.put(part.wireName(), part.connect(own, settings));
        }
        KafkaEdges.writeStatuses(results, settings);
        if (!rejected.isEmpty()) {
            KafkaEdges.writeDeadLetters(
                    rejected.equals(streams) ? shop.deadLetters() : only(rejected, shop.deadLetters()), settings);
        }
    }

    private static DataStream<DeadLetter> only(Set<EventStream> streams, DataStream<DeadLetter> letters) {
        List<String> topics = streams.stream().map(EventStream::wireName).toList();
        return letters.filter(letter -> topics.contains(letter.topic()))
                .name("Keep those of " + topics)
                .uid("dead-letters-kept-v1");
    }

    /**
     * Builds the whole job for the Flink cluster that started this process. Below {@code flink.checkpoint-dir}, if that
     * is set, each job has a folder of its own.
     *
     * @param fresh whether to begin anew instead of from the newest checkpoint in that folder
     */
    void define(StreamExecutionEnvironment env, Settings settings, boolean fresh) throws IOException {
        String base = settings.flink().checkpointDir();
        String own = base == null ? null : base + "/" + name;
        // Without high availability a restarted job manager knows nothing of the jobs that it ran.
        Optional<Path> newest = own == null || fresh ? Optional.empty() : DataFolder.newestCheckpoint(own);
        env.configure(JobEnvironment.of(settings.flink(), own, newest.orElse(null)));
        env.setParallelism(settings.flink().parallelism());
        connect(env, settings);
    }

    /**
     * Builds the whole job for a cluster in this process.
     *
     * @param checkpoints folder of this job's checkpoints
     * @param restoreFrom checkpoint to go on from, or null
     */
    StreamExecutionEnvironment local(Settings settings, Path checkpoints, Path restoreFrom) {
        StreamExecutionEnvironment env = new StreamExecutionEnvironment(JobEnvironment.of(
                settings.flink(), checkpoints.toAbsolutePath().toUri().toString(), restoreFrom));
        env.setParallelism(settings.flink().parallelism());
        connect(env, settings);
        return env;
    }
}
