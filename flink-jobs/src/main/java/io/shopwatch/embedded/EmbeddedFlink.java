package io.shopwatch.embedded;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Flink cluster in this process, with its web UI. */
public final class EmbeddedFlink implements AutoCloseable {

    /** For {@link Shape#metricsPort}: no metrics are served. */
    public static final int NO_METRICS = -1;

    private final MiniCluster cluster;
    /** Closed by another thread than the one that submits. */
    private final List<JobID> jobs = new CopyOnWriteArrayList<>();

    private EmbeddedFlink(MiniCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * What the cluster is made of.
     *
     * @param bind address that the web UI and the metrics listen on
     * @param uiPort port of the web UI; 0 is any free port
     * @param metricsPort port of Flink's Prometheus reporter; 0 is any free port, or {@link #NO_METRICS}
     * @param slots slots, one for each parallel instance of each job
     * @param rocksdbMemory memory that RocksDB takes in all jobs together
     * @param temp folder for temporary files
     */
    public record Shape(String bind, int uiPort, int metricsPort, int slots, MemorySize rocksdbMemory, Path temp) {}

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedFlink.class);

    /** Flink divides managed memory by the slots, whether or not what runs there needs any. */
    private static final MemorySize UNUSED = MemorySize.ofMebiBytes(8);

    /** Tasks end within milliseconds; one that hangs must not hold the process. */
    private static final Duration CANCELLATION = Duration.ofSeconds(3);

    /** Starts a cluster. */
    public static EmbeddedFlink start(Shape shape) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(RestOptions.ADDRESS, shape.bind);
        configuration.set(RestOptions.BIND_ADDRESS, shape.bind);
        configuration.set(RestOptions.PORT, shape.uiPort);
        configuration.set(RestOptions.BIND_PORT, Integer.toString(shape.uiPort));
        configuration.set(WebOptions.SUBMIT_ENABLE, false);
        configuration.set(CoreOptions.TMP_DIRS, shape.temp.toAbsolutePath().toString());
        configuration.set(JobManagerOptions.ADDRESS, shape.bind);
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, UNUSED);
        configuration.set(RocksDBOptions.FIX_PER_TM_MEMORY_SIZE, shape.rocksdbMemory);
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(96));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(96));
        // Everything is in one process: a missed heartbeat means a long pause, not a loss.
        configuration.set(HeartbeatManagerOptions.HEARTBEAT_TIMEOUT, Duration.ofMinutes(2));
        if (shape.metricsPort != NO_METRICS) {
            int port = shape.metricsPort == 0 ? EmbeddedKafka.freePort(shape.bind) : shape.metricsPort;
            String prefix = "metrics.reporter.prom.";
            configuration.setString(prefix + "factory.class", LocalPrometheusReporterFactory.class.getName());
            configuration.setString(prefix + LocalPrometheusReporterFactory.PORT, Integer.toString(port));
            configuration.setString(prefix + LocalPrometheusReporterFactory.BIND, shape.bind);
            // Everything per task and operator is half a megabyte a scrape; what dashboards use is kept.
            configuration.setString(
                    prefix + "filter.includes",
                    "jobmanager*:*;"
                            + "taskmanager.Status*:*;"
                            + "taskmanager.job.task:busyTimeMsPerSecond,backPressuredTimeMsPerSecond,"
                            + "idleTimeMsPerSecond,numRecordsInPerSecond,numRecordsOutPerSecond,"
                            + "currentInputWatermark;"
                            + "taskmanager.job.task.operator:pendingRecords,numLateRecordsDropped,"
                            + "currentEmitEventTimeLag");
            configuration.setString(
                    prefix + "scope.variables.excludes", "tm_id;host;task_id;task_attempt_id;operator_id");
        }
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(shape.slots)
                .build());
        cluster.start();
        return new EmbeddedFlink(cluster);
    }

    /** Starts the job that was built in {@code env}. */
    public JobID submit(StreamExecutionEnvironment env, String name) throws Exception {
        // Else RocksDB's memory is cut into as many parts as there are slots, and the alert job's hardly need any.
        env.configure(new Configuration().set(RocksDBOptions.USE_MANAGED_MEMORY, false));
        var graph = env.getStreamGraph();
        graph.setJobName(name);
        JobGraph job = graph.getJobGraph();
        cluster.submitJob(job).get();
        jobs.add(job.getJobID());
        return job.getJobID();
    }

    /** URL of the web UI. */
    public URI url() throws Exception {
        return cluster.getRestAddress().get();
    }

    /** Status of a job. */
    public JobStatus status(JobID job) throws ExecutionException, InterruptedException {
        return cluster.getJobStatus(job).get();
    }

    /** Result of a job, when it has ended. */
    public CompletableFuture<JobResult> result(JobID job) {
        return cluster.requestJobResult(job);
    }

    /** Writes a checkpoint of every job that runs, from which the next start goes on. */
    public void checkpoint(Duration limit) throws ExecutionException, InterruptedException, TimeoutException {
        List<CompletableFuture<String>> written = new ArrayList<>();
        for (JobID job : jobs) {
            if (cluster.getJobStatus(job).get() == JobStatus.RUNNING) {
                written.add(cluster.triggerCheckpoint(job));
            }
        }
        CompletableFuture.allOf(written.toArray(CompletableFuture[]::new)).get(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Stops all jobs and the cluster; retained checkpoints stay. */
    @Override
    public void close() {
        try {
            cancelJobs();
            cluster.closeAsync().get(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the Flink cluster did not stop", e);
        }
    }

    /** A cluster that closes under its jobs makes each of their tasks report a failure. */
    private void cancelJobs() throws ExecutionException, InterruptedException {
        List<CompletableFuture<?>> ends = new ArrayList<>();
        for (JobID job : jobs) {
            if (!cluster.getJobStatus(job).get().isGloballyTerminalState()) {
                ends.add(cluster.cancelJob(job).thenCompose(cancelled -> cluster.requestJobResult(job)));
            }
        }
        try {
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
                    .get(CANCELLATION.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.info("Not all jobs could be cancelled; the cluster closes nevertheless", e);
        }
    }
}
