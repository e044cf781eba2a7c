package io.shopwatch.bench;

import io.shopwatch.embedded.EmbeddedFlink;
import io.shopwatch.job.common.JobEnvironment;
import io.shopwatch.settings.Settings;
import io.shopwatch.settings.SettingsLoader;
import io.shopwatch.wire.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * One measured run of one job over the backlog, in a process of its own: what ran before leaves neither garbage nor
 * compiled code behind.
 */
public final class Run {
    /** Between two looks at the job itself: each copies all that is known of it, on this process' account. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final Duration LAST_CHECKPOINT = Duration.ofMinutes(1);

    private Run() {}

    /**
     * What a run is asked to do.
     *
     * @param job job to run
     * @param backend {@code hashmap} or {@code rocksdb}
     * @param bootstrapServers broker with the backlog
     * @param events events of the backlog
     * @param lastEnd end of the last windows that are due, epoch milliseconds
     * @param folder folder of its own for checkpoints and temporary files
     */
    record Task(MeasuredJob job, String backend, String bootstrapServers, long events, long lastEnd, String folder) {}

    /**
     * What came out.
     *
     * @param events events that were accounted for while the clock ran
     * @param seconds that it ran
     * @param cpuSeconds processor time in between, of all threads of the job's process; the broker's is not in it
     * @param counts all events by stream and outcome
     */
    record Outcome(long events, double seconds, double cpuSeconds, Map<String, Long> counts) {}

    /** Runs the task in the file that is the first argument, and writes the outcome to that of the second. */
    public static void main(String[] arguments) throws Exception {
        Task task = Json.read(Files.readAllBytes(Path.of(arguments[0])), Task.class);
        Files.write(Path.of(arguments[1]), Json.bytes(run(task)));
        // Kafka's and Flink's threads must not keep a finished run alive.
        System.exit(0);
    }

    static Settings settings(String bootstrapServers, String backend) {
        return settingsWith(List.of(
                "kafka.bootstrap.servers=" + bootstrapServers,
                "flink.state-backend=" + backend,
                "flink.checkpoint-interval=10s"));
    }

    /** The defaults with these settings, on all processors. */
    static Settings settingsWith(List<String> own) {
        List<String> all = new ArrayList<>(own);
        all.add("flink.parallelism=" + Runtime.getRuntime().availableProcessors());
        return SettingsLoader.load(null, Map.of(), all);
    }

    /** An environment with the parallelism of the settings, whose checkpoints go into the folder. */
    static StreamExecutionEnvironment environment(Settings settings, Path folder) {
        StreamExecutionEnvironment env = new StreamExecutionEnvironment(JobEnvironment.of(
                settings.flink(), folder.resolve("checkpoints").toUri().toString(), null));
        env.setParallelism(settings.flink().parallelism());
        return env;
    }

    /** A cluster for one job of these settings. */
    static EmbeddedFlink cluster(Settings settings, Path folder) throws Exception {
        return EmbeddedFlink.start(new EmbeddedFlink.Shape(
                "127.0.0.1",
                0,
                EmbeddedFlink.NO_METRICS,
                settings.flink().parallelism(),
                MemorySize.ofMebiBytes(settings.flink().rocksdbMegabytes()),
                Files.createDirectories(folder.resolve("tmp"))));
    }

    private static Outcome run(Task task) throws Exception {
        Settings settings = settings(task.bootstrapServers(), task.backend());
        Path folder = Files.createDirectories(Path.of(task.folder()));
        StreamExecutionEnvironment env = environment(settings, folder);
        // The compiler takes ten to twenty seconds of a process' life, whatever the job.
        long warmUp = task.events() / 2;
        if (task.job().isLive()) {
            Gauge.expectWindows(task.lastEnd(), warmUp);
        } else {
            Gauge.expect(task.events(), warmUp);
        }
        task.job().connect(env, settings);
        try (EmbeddedFlink flink = cluster(settings, folder)) {
            JobID job = flink.submit(env, "bench-" + task.job());
            while (!Gauge.await(LOOK)) {
                if (flink.status(job).isGloballyTerminalState()) {
                    flink.result(job).get().toJobExecutionResult(Run.class.getClassLoader());
                    if (!Gauge.isComplete()) {
                        throw new IllegalStateException(
                                "the job ended after " + Gauge.counted() + " of " + task.events() + " events");
                    }
                }
            }
            if (task.job().isLive()) {
                // Producers send off what they hold before a checkpoint.
                flink.checkpoint(LAST_CHECKPOINT);
            }
        }
        return new Outcome(Gauge.measured(), Gauge.seconds(), Gauge.cpuSeconds(), new TreeMap<>(Gauge.counts()));
    }
}
