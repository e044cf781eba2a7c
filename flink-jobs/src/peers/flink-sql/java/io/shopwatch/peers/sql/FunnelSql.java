package io.shopwatch.peers.sql;

import io.shopwatch.peers.Task;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;

/**
 * Runs {@code funnel.sql}; what it computes is written there, and that is all it does.
 *
 * <p>Flink cuts sliding windows into slices of a second and keeps a set of visitors for each, so that an event is put into
 * one slice; but a window is made by joining all its slices, every second anew. That is what it spends its time on.
 * Splitting distinct counts into buckets ({@code table.optimizer.distinct-agg.split.enabled}), made for a few hot keys,
 * joins 1,024 times as many slices and is far slower here. Orders are counted as they come, without looking for duplicates.
 */
public final class FunnelSql {
    private static final Pattern SET = Pattern.compile("SET '(.+)' = '(.+)'");

    private FunnelSql() {}

    /** Runs the task in the file that is the argument. */
    public static void main(String[] arguments) throws Exception {
        Task task = Task.read(Path.of(arguments[0]));
        TableEnvironment env = TableEnvironment.create(EnvironmentSettings.newInstance()
                .inStreamingMode()
                .withConfiguration(configuration(task))
                .build());
        TableResult result = null;
        for (String statement : statements(task)) {
            Matcher set = SET.matcher(statement);
            if (set.matches()) {
                env.getConfig().set(set.group(1), set.group(2));
            } else {
                result = env.executeSql(statement);
            }
        }
        JobClient job = result.getJobClient().orElseThrow();
        task.finish(() -> isAlive(job));
    }

    private static Configuration configuration(Task task) {
        Configuration configuration = new Configuration();
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, task.parallelism());
        configuration.set(CoreOptions.TMP_DIRS, task.folder().resolve("tmp").toString());
        configuration.set(StateBackendOptions.STATE_BACKEND, task.state());
        configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                task.folder().resolve("checkpoints").toUri().toString());
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(512));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(96));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(96));
        return configuration;
    }

    private static List<String> statements(Task task) throws IOException {
        String script;
        try (InputStream resource = FunnelSql.class.getResourceAsStream("/funnel.sql")) {
            script = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
        Files.createDirectories(task.folder().resolve("tmp"));
        script = script.replaceAll("(?m)^--.*$", "")
                .replace("${bootstrapServers}", task.bootstrapServers())
                .replace("${topic}", task.topic());
        // A statement set holds statements, and is one itself.
        return Arrays.stream(script.split("(?m);$\\s*+(?!INSERT|END)"))
                .map(String::trim)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }

    private static boolean isAlive(JobClient job) {
        try {
            return !job.getJobStatus().get().isGloballyTerminalState();
        } catch (InterruptedException | ExecutionException e) {
            return false;
        }
    }
}
