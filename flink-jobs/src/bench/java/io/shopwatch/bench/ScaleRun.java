package io.shopwatch.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.shopwatch.embedded.EmbeddedFlink;
import io.shopwatch.job.common.JobResults;
import io.shopwatch.job.common.ShopStreams;
import io.shopwatch.job.funnel.FunnelJob;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.Json;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** The funnel job over a {@link Crowd}, and what is left of it in state; in a process of its own. */
public final class ScaleRun {
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration CHECKPOINT_LIMIT = Duration.ofMinutes(10);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private ScaleRun() {}

    /**
     * What a run is asked to do.
     *
     * @param guests who comes
     * @param backend {@code hashmap} or {@code rocksdb}
     * @param rocksdbMemory memory for RocksDB
     * @param folder folder of its own for checkpoints and temporary files
     */
    record Task(Crowd.Guests guests, String backend, String rocksdbMemory, String folder) {}

    /**
     * What came out.
     *
     * @param events events of the evening
     * @param seconds from the first to the last of them
     * @param cpuSeconds processor time in between, of all threads of the job's process
     * @param heapBytes how much more lives on the heap after the evening than before it
     * @param checkpointBytes size of a checkpoint of everything
     * @param checkpointMillis time that it took
     */
    record Outcome(
            long events,
            double seconds,
            double cpuSeconds,
            long heapBytes,
            long checkpointBytes,
            long checkpointMillis) {}

    /** Runs the task in the file that is the first argument, and writes the outcome to that of the second. */
    public static void main(String[] arguments) throws Exception {
        Task task = Json.read(Files.readAllBytes(Path.of(arguments[0])), Task.class);
        Files.write(Path.of(arguments[1]), Json.bytes(run(task)));
        // Flink's threads must not keep a finished run alive.
        System.exit(0);
    }

    private static Outcome run(Task task) throws Exception {
        // Checkpoints are asked for, when nothing else happens.
        Settings settings = Run.settingsWith(List.of(
                "flink.state-backend=" + task.backend(),
                "flink.rocksdb-memory=" + task.rocksdbMemory(),
                "flink.checkpoint-interval=1d"));
        Path folder = Files.createDirectories(Path.of(task.folder()));
        StreamExecutionEnvironment env = Run.environment(settings, folder);
        connect(env, task, settings);
        long warmUp = task.guests().events(0, env.getParallelism());
        long events = task.guests().events(1, env.getParallelism());
        Gauge.expect(warmUp + events);
        try (EmbeddedFlink flink = Run.cluster(settings, folder)) {
            JobID job = flink.submit(env, "bench-scale");
            CompletableFuture<JobResult> end = flink.result(job);
            Crowd.begin(0);
            await(end, () -> Gauge.counted() == warmUp);
            // Behind the night in every task: the visitors of the first evening are forgotten.
            flink.checkpoint(CHECKPOINT_LIMIT);
            long before = liveHeap();
            Crowd.begin(1);
            await(end, Gauge::isComplete);
            checkCounts();
            long after = liveHeap();
            long asked = System.currentTimeMillis();
            flink.checkpoint(CHECKPOINT_LIMIT);
            URI statistics = flink.url().resolve("/jobs/" + job + "/checkpoints");
            await(end, () -> newest(statistics).path("trigger_timestamp").longValue() >= asked);
            JsonNode checkpoint = newest(statistics);
            return new Outcome(
                    events,
                    Gauge.seconds(),
                    Gauge.cpuSeconds(),
                    after - before,
                    checkpoint.get("state_size").longValue(),
                    checkpoint.get("end_to_end_duration").longValue());
        }
    }

    private static void connect(StreamExecutionEnvironment env, Task task, Settings settings) {
        JobResults<FunnelResult> job =
                FunnelJob.build(ShopStreams.recorded(Crowd.gather(env, task.guests())), settings);
        job.results()
                .sinkTo(new DiscardingSink<>())
                .setParallelism(1)
                .name("Discard figures")
                .uid("discard-figures-v1");
        MeasuredJob.gauge(job.tallies());
    }

    private static void checkCounts() {
        Gauge.counts().forEach((outcome, count) -> {
            if (!outcome.endsWith("/accepted")) {
                throw new IllegalStateException(count + " events were " + outcome + "; the run did too little");
            }
        });
    }

    /** What is reachable, when nothing moves. */
    private static long liveHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** The newest complete checkpoint by Flink's own account, which comes a little after the checkpoint. */
    private static JsonNode newest(URI statistics) throws IOException, InterruptedException {
        byte[] answer = CLIENT.send(HttpRequest.newBuilder(statistics).build(), BodyHandlers.ofByteArray())
                .body();
        return Json.mapper().readTree(answer).path("latest").path("completed");
    }

    private static void await(CompletableFuture<JobResult> end, Callable<Boolean> condition) throws Exception {
        while (!condition.call()) {
            try {
                end.get(LOOK.toMillis(), TimeUnit.MILLISECONDS).toJobExecutionResult(ScaleRun.class.getClassLoader());
                throw new IllegalStateException("the job ended after " + Gauge.counted() + " events");
            } catch (TimeoutException e) {
                // It runs, as it should.
            }
        }
    }
}
