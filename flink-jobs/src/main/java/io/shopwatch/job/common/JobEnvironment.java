package io.shopwatch.job.common;

import io.shopwatch.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;

/** How every job runs, whatever the cluster. */
public final class JobEnvironment {

    /** A record waits at most this long for its buffer to fill, on each way between subtasks. */
    static final Duration BUFFER_TIMEOUT = Duration.ofMillis(40);

    /** Wall clock between two looks of a source at what time it is. */
    static final Duration WATERMARK_INTERVAL = Duration.ofMillis(100);

    private JobEnvironment() {}

    /**
     * Configuration of a job.
     *
     * @param checkpoints folder of this job's checkpoints, or null to leave it to the cluster
     * @param restoreFrom a retained checkpoint to go on from, or null
     */
    public static Configuration of(Settings.Flink settings, String checkpoints, Path restoreFrom) {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        // Events and results are immutable records, so operators of a chain may share them.
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        configuration.set(PipelineOptions.AUTO_WATERMARK_INTERVAL, WATERMARK_INTERVAL);
        configuration.set(ExecutionOptions.BUFFER_TIMEOUT, BUFFER_TIMEOUT);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, settings.checkpointInterval());
        // A checkpoint of the heap writes all of it: where that takes long, work comes first in between.
        configuration.set(
                CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS,
                settings.checkpointInterval().dividedBy(2));
        configuration.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        // A full disk must not end the job; the next checkpoint may find room, and the pipeline dashboard shows it.
        configuration.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, Integer.MAX_VALUE);
        configuration.set(StateBackendOptions.STATE_BACKEND, settings.stateBackend());
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        // Most visitors that come are new: a filter says so where RocksDB would look for them in every file.
        configuration.set(RocksDBConfigurableOptions.USE_BLOOM_FILTER, true);
        if (checkpoints != null) {
            configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
            configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints);
        }
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofSeconds(1));
        if (restoreFrom != null) {
            configuration.set(
                    StateRecoveryOptions.SAVEPOINT_PATH, restoreFrom.toUri().toString());
        }
        return configuration;
    }
}
