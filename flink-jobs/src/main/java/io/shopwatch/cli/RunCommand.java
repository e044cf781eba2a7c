package io.shopwatch.cli;

import io.shopwatch.kafka.KafkaTopics;
import io.shopwatch.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code run}: jobs against Kafka, on a cluster of their own or on the Flink cluster that starts this. */
@Command(
        name = "run",
        description = {
            "Runs a job against the Kafka of the settings, until it is stopped.",
            "Started by a Flink cluster (application mode), it runs there; otherwise on a Flink cluster in this process."
        })
final class RunCommand implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofSeconds(1);

    @Spec
    private CommandSpec spec;

    @Mixin
    private SettingsOptions settings;

    @Parameters(paramLabel = "JOB", description = "funnel, sales, inventory, alert, or all.")
    private String job;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "shopwatch-data/run",
            description = "Folder for checkpoints, when in this process (default ${DEFAULT-VALUE}).")
    private Path data;

    @Option(names = "--fresh", description = "Begin anew instead of from the newest checkpoint.")
    private boolean fresh;

    @Option(
            names = "--flink-port",
            paramLabel = "PORT",
            description = "Flink's web UI (default 8081); 0 is any free port.")
    private Integer flinkPort;

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description = "Flink's Prometheus reporter (default 9249); 0 is any free port.")
    private Integer metricsPort;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address to listen on (default ${DEFAULT-VALUE}).")
    private String bind;

    @Override
    public Integer call() throws Exception {
        List<ShopJob> jobs = jobs();
        Map<String, Object> flags = new LinkedHashMap<>();
        flags.put("flink.ui-port", flinkPort);
        flags.put("flink.metrics-port", metricsPort);
        Settings loaded = settings.load(flags);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        if (env instanceof LocalStreamEnvironment) {
            return ChildJvm.STEADY.run(spec, () -> runHere(jobs, loaded));
        }
        KafkaTopics.ensure(loaded.kafka());
        for (FlinkJob one : FlinkJob.of(jobs)) {
            StreamExecutionEnvironment own = StreamExecutionEnvironment.getExecutionEnvironment();
            one.define(own, loaded, fresh);
            own.executeAsync(one.flinkName());
        }
        return 0;
    }

    private int runHere(List<ShopJob> jobs, Settings loaded) throws Exception {
        ChildJvm.followParent(ChildJvm::halt);
        KafkaTopics.ensure(loaded.kafka());
        Ports.check(bind, loaded.flink().uiPort(), "Flink's web UI", "--flink-port");
        Ports.check(bind, loaded.flink().metricsPort(), "Flink's metrics", "--metrics-port");
        String names = jobs.stream().map(ShopJob::wireName).collect(Collectors.joining(", "));
        try (Shutdown shutdown = Shutdown.onSignals(Duration.ofSeconds(9))) {
            shutdown.register("data folder", DataFolder.take(data.resolve(job)));
            LocalJobs local = shutdown.register("jobs", LocalJobs.start(jobs, loaded, bind, data.resolve(job), fresh));
            spec.commandLine().getOut().println("Running " + names + ": " + local.url());
            while (!shutdown.await(LOOK)) {
                local.check();
            }
        }
        return 0;
    }

    private List<ShopJob> jobs() {
        if (job.equals("all")) {
            return List.of(ShopJob.values());
        }
        return Arrays.stream(ShopJob.values())
                .filter(one -> one.wireName().equals(job))
                .findFirst()
                .map(List::of)
                .orElseThrow(() -> new UsageException("JOB " + job + ": expected "
                        + Arrays.stream(ShopJob.values()).map(ShopJob::wireName).collect(Collectors.joining(", "))
                        + " or all"));
    }
}
