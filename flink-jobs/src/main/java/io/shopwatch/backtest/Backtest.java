package io.shopwatch.backtest;

import io.shopwatch.embedded.EmbeddedFlink;
import io.shopwatch.job.common.Ingested;
import io.shopwatch.job.common.JobEnvironment;
import io.shopwatch.job.common.ShopStreams;
import io.shopwatch.job.common.Watermarks;
import io.shopwatch.job.funnel.FunnelJob;
import io.shopwatch.job.inventory.InventoryJob;
import io.shopwatch.job.sales.SalesJob;
import io.shopwatch.replay.RecordedEvents;
import io.shopwatch.replay.Reject;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.DeadLetter;
import io.shopwatch.wire.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Runs the jobs over recorded events: the same code as live, in one bounded Flink job, without Kafka.
 *
 * <pre>
 *   recording ──► funnel job ──────► funnels.jsonl
 *   (sorted)  ├─► sales job ───────► sales.jsonl
 *             └─► inventory job ───► inventory.jsonl
 *   lines that are no events ──────► dead-letters.jsonl
 * </pre>
 */
public final class Backtest {
    private static final Duration LOOK = Duration.ofMillis(200);

    private Backtest() {}

    /**
     * What was read.
     *
     * @param events events
     * @param rejected lines that are none, in {@code dead-letters.jsonl}
     * @param skipped lines that have no meaning here
     */
    public record Summary(long events, long rejected, long skipped) {}

    /**
     * Runs to the end of the recording.
     *
     * @param inputs files or folders
     * @param options how to read them, on top of what a backtest needs
     * @param out folder for the results; made if need be
     * @param progress hears how many events have been handed to the jobs
     * @throws IllegalArgumentException if there is no such input, or its format cannot be recognised
     * @throws IOException if the input cannot be read, or a result cannot be written
     */
    public static Summary run(
            List<Path> inputs,
            UnaryOperator<RecordedEvents.Options> options,
            Settings settings,
            Path out,
            LongConsumer progress)
            throws IOException, InterruptedException {
        Files.createDirectories(out);
        Path temp = Files.createTempDirectory(out, ".backtest");
        try (OutputStream deadLetters =
                        new BufferedOutputStream(Files.newOutputStream(out.resolve("dead-letters.jsonl")));
                RecordedEvents events = RecordedEvents.open(
                        inputs,
                        options.apply(RecordedEvents.Options.onlyEvents(reject -> write(reject, deadLetters))));
                Recording recording = new Recording(events)) {
            StreamExecutionEnvironment env = new StreamExecutionEnvironment(configuration(settings));
            env.setParallelism(settings.flink().parallelism());
            connect(env, recording, settings, out);
            runToTheEnd(env, recording, settings, temp, progress);
            return new Summary(recording.read(), events.rejected(), events.skipped());
        } finally {
            deleteTree(temp);
        }
    }

    private static Configuration configuration(Settings settings) {
        Configuration configuration = JobEnvironment.of(settings.flink(), null, null);
        // A backtest that fails is run anew from the start.
        configuration.removeConfig(CheckpointingOptions.CHECKPOINTING_INTERVAL);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        return configuration;
    }

    private static void connect(StreamExecutionEnvironment env, Recording recording, Settings settings, Path out) {
        DataStream<Ingested> records = env.fromSource(
                        recording.source(), Watermarks.ofRecording(), "Read the recording")
                .setParallelism(1)
                .uid("source-v1");
        ShopStreams shop = ShopStreams.recorded(records);
        write(FunnelJob.build(shop, settings).results(), out, "funnels");
        write(SalesJob.build(shop, settings).results(), out, "sales");
        write(InventoryJob.build(shop, settings).results(), out, "inventory");
    }

    private static <T> void write(DataStream<T> results, Path out, String name) {
        results.sinkTo(new JsonLinesSink<>(out.resolve(name + ".jsonl")))
                .setParallelism(1)
                .name("Write " + name)
                .uid("write-" + name + "-v1");
    }

    private static void runToTheEnd(
            StreamExecutionEnvironment env, Recording recording, Settings settings, Path temp, LongConsumer progress)
            throws IOException, InterruptedException {
        boolean rocksdb = settings.flink().stateBackend().equals("rocksdb");
        EmbeddedFlink.Shape shape = new EmbeddedFlink.Shape(
                "127.0.0.1",
                0,
                EmbeddedFlink.NO_METRICS,
                settings.flink().parallelism(),
                MemorySize.ofMebiBytes(rocksdb ? 256 : 8),
                temp);
        try (EmbeddedFlink flink = EmbeddedFlink.start(shape)) {
            JobID job = flink.submit(env, "shopwatch-backtest");
            while (true) {
                try {
                    JobResult result = flink.result(job).get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                    progress.accept(recording.read());
                    result.toJobExecutionResult(Backtest.class.getClassLoader());
                    return;
                } catch (TimeoutException e) {
                    progress.accept(recording.read());
                }
            }
        } catch (InterruptedException | IOException e) {
            throw e;
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        } catch (Exception e) {
            throw failed(e);
        }
    }

    private static IOException failed(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return new IOException("the backtest failed: " + cause.getMessage(), failure);
    }

    private static void write(Reject reject, OutputStream out) throws IOException {
        DeadLetter letter = new DeadLetter(
                reject.reason().wireName(),
                reject.detail(),
                reject.stream() == null
                        ? nameOf(reject.file())
                        : reject.stream().wireName(),
                0,
                reject.line(),
                reject.line(),
                Base64.getEncoder().encodeToString(reject.raw()));
        out.write(Json.bytes(letter));
        out.write('\n');
    }

    private static String nameOf(Path file) {
        Path name = file.getFileName();
        return name == null ? file.toString() : name.toString();
    }

    private static void deleteTree(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
