package io.shopwatch.cli;

import io.shopwatch.embedded.EmbeddedFlink;
import io.shopwatch.job.common.WritingTurns;
import io.shopwatch.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.checkpoint.CheckpointFailureManager;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;

/** Jobs on a Flink cluster in this process; they go on from their newest checkpoint. */
final class LocalJobs implements AutoCloseable {
    private static final Duration LAST_CHECKPOINT = Duration.ofSeconds(3);

    private final EmbeddedFlink flink;
    private final List<FlinkJob> jobs;
    private final Path data;
    private final Map<FlinkJob, JobID> running = new LinkedHashMap<>();

    private LocalJobs(EmbeddedFlink flink, List<FlinkJob> jobs, Path data) {
        this.flink = flink;
        this.jobs = jobs;
        this.data = data;
    }

    /**
     * Starts a cluster and the jobs.
     *
     * @param bind address of the web UI and of Flink's metrics
     * @param data folder for checkpoints and temporary files
     * @param fresh whether to begin anew instead of from the newest checkpoints
     */
    static LocalJobs start(List<ShopJob> jobs, Settings settings, String bind, Path data, boolean fresh)
            throws Exception {
        LocalJobs local = open(jobs, settings.flink(), bind, data);
        try {
            local.submit(settings, fresh);
        } catch (Exception e) {
            local.flink.close();
            throw e;
        }
        return local;
    }

    /**
     * Starts a cluster for these jobs, without the jobs.
     *
     * @param bind address of the web UI and of Flink's metrics
     * @param data folder for checkpoints and temporary files
     */
    static LocalJobs open(List<ShopJob> jobs, Settings.Flink settings, String bind, Path data) throws Exception {
        Path temp = Files.createDirectories(data.resolve("tmp"));
        List<FlinkJob> together = FlinkJob.of(jobs);
        EmbeddedFlink flink = EmbeddedFlink.start(new EmbeddedFlink.Shape(
                bind,
                settings.uiPort(),
                settings.metricsPort(),
                together.size() * settings.parallelism(),
                MemorySize.ofMebiBytes(settings.rocksdbMegabytes()),
                temp));
        return new LocalJobs(flink, together, data);
    }

    /**
     * Starts the jobs.
     *
     * @param fresh whether to begin anew instead of from the newest checkpoints
     */
    void submit(Settings settings, boolean fresh) throws Exception {
        for (FlinkJob job : jobs) {
            Path checkpoints = data.resolve("checkpoints").resolve(job.name());
            Optional<Path> newest = fresh ? Optional.empty() : DataFolder.newestCheckpoint(checkpoints);
            running.put(job, flink.submit(job.local(settings, checkpoints, newest.orElse(null)), job.flinkName()));
        }
    }

    /** URL of Flink's web UI. */
    String url() throws Exception {
        return flink.url().toString();
    }

    /** Whether all jobs run. */
    boolean allRunning() throws ExecutionException, InterruptedException {
        for (JobID job : running.values()) {
            if (flink.status(job) != JobStatus.RUNNING) {
                return false;
            }
        }
        return true;
    }

    /**
     * Does nothing while no job has ended.
     *
     * @throws FailureException if one has
     */
    void check() throws ExecutionException, InterruptedException {
        for (Map.Entry<FlinkJob, JobID> job : running.entrySet()) {
            if (flink.status(job.getValue()).isGloballyTerminalState()) {
                Throwable cause = flink.result(job.getValue())
                        .get()
                        .getSerializedThrowable()
                        .map(serialized -> serialized.deserializeError(LocalJobs.class.getClassLoader()))
                        .orElse(null);
                throw new FailureException("job " + job.getKey().title() + " has ended: " + innermost(cause), cause);
            }
        }
    }

    private static String innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause == null ? "no reason given" : String.valueOf(cause.getMessage());
    }

    /** Takes a last checkpoint, so that the next start has nothing to do again, and stops. */
    @Override
    public void close() throws IOException {
        WritingTurns.hurry();
        try {
            flink.checkpoint(LAST_CHECKPOINT);
        } catch (ExecutionException | TimeoutException e) {
            // The one before is some seconds older; from there the same events are counted again.
            org.slf4j.LoggerFactory.getLogger(LocalJobs.class).info("No last checkpoint", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            WritingTurns.takeTurnsAgain();
            // Ending the jobs may cut off the next checkpoint, which is no failure.
            Configurator.setLevel(CheckpointFailureManager.class, Level.ERROR);
            flink.close();
        }
    }
}
