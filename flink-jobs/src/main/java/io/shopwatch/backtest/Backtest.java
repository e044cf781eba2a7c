package io.shopwatch.backtest;

import io.shopwatch.domain.alert.Rule;
import io.shopwatch.embedded.EmbeddedFlink;
import io.shopwatch.job.alert.AlertJob;
import io.shopwatch.job.alert.RecordedProgress;
import io.shopwatch.job.alert.RulesInForce;
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
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.DeadLetter;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.Json;
import io.shopwatch.wire.SalesResult;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Runs the jobs over recorded events: the same code as live, in one bounded Flink job, without Kafka.
 *
 * <pre>
 *   recording ──► funnel job ──────► funnels.jsonl
 *   (sorted)  ├─► sales job ───────► sales.jsonl
 *             ├─► inventory job ───► inventory.jsonl
 *             └─► progress ─┐            │ all of these
 *                           └─► alert job ◄┘ ──► alerts.jsonl
 *   lines that are no events ──────► dead-letters.jsonl
 * </pre>
 */
public final class Backtest {
    private static final Duration LOOK = Duration.ofMillis(200);

    /** Longer than live; but subtasks that others wait for must not sit on the little they have. */
    private static final Duration BUFFER_TIMEOUT = Duration.ofMillis(100);

    private Backtest() {}

    /**
     * What was read.
     *
     * @param events events
     * @param rejected lines that are none, in {@code dead-letters.jsonl}
     * @param skipped lines that have no meaning here
     * @param alerts alerts that would have fired and been resolved, in the order of event time
     */
    public record Summary(long events, long rejected, long skipped, List<RaisedAlert> alerts) {}

    /**
     * An alert with the event time at which it was raised or resolved.
     *
     * @param at epoch milliseconds
     * @param alert the alert
     */
    public record RaisedAlert(long at, Alert alert) {}

    /**
     * Runs to the end of the recording.
     *
     * @param inputs files or folders
     * @param options how to read them, on top of what a backtest needs
     * @param rules the rules for alerts
     * @param out folder for the results; made if need be
     * @param progress hears how many events have been handed to the jobs
     * @throws IllegalArgumentException if there is no such input, or its format cannot be recognised
     * @throws IOException if the input cannot be read, or a result cannot be written
     */
    public static Summary run(
            List<Path> inputs,
            UnaryOperator<RecordedEvents.Options> options,
            Settings settings,
            List<Rule> rules,
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
            Path raised = temp.resolve("raised.jsonl");
            connect(env, recording, settings, rules, out, raised);
            runToTheEnd(env, recording, settings, temp, progress);
            return new Summary(recording.read(), events.rejected(), events.skipped(), read(raised));
        } finally {
            deleteTree(temp);
        }
    }

    private static Configuration configuration(Settings settings) {
        Configuration configuration = JobEnvironment.of(settings.flink(), null, null);
        // A backtest that fails is run anew from the start.
        configuration.removeConfig(CheckpointingOptions.CHECKPOINTING_INTERVAL);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        // Nobody waits for the next figure, so a buffer may fill.
        configuration.set(ExecutionOptions.BUFFER_TIMEOUT, BUFFER_TIMEOUT);
        return configuration;
    }

    private static List<RaisedAlert> read(Path raised) throws IOException {
        List<RaisedAlert> alerts = new ArrayList<>();
        for (String line : Files.readAllLines(raised)) {
            alerts.add(Json.read(line.getBytes(StandardCharsets.UTF_8), RaisedAlert.class));
        }
        alerts.sort(Comparator.comparingLong(RaisedAlert::at)
                .thenComparing(one -> one.alert().rule())
                .thenComparing(one -> one.alert().id()));
        return alerts;
    }

    private static void connect(
            StreamExecutionEnvironment env,
            Recording recording,
            Settings settings,
            List<Rule> rules,
            Path out,
            Path raised) {
        DataStream<Ingested> records = env.fromSource(
                        recording.source(), Watermarks.ofRecording(), "Read the recording")
                .setParallelism(1)
                .uid("source-v1");
        ShopStreams shop = ShopStreams.recorded(records);
        DataStream<FunnelResult> funnels = FunnelJob.build(shop, settings).results();
        DataStream<SalesResult> sales = SalesJob.build(shop, settings).results();
        DataStream<InventoryResult> inventory =
                InventoryJob.build(shop, settings).results();
        write(funnels, out, "funnels");
        write(sales, out, "sales");
        write(inventory, out, "inventory");
        DataStream<Alert> alerts = AlertJob.build(
                        new AlertJob.Inputs(funnels, sales, inventory, RecordedProgress.of(shop.events()), null),
                        settings,
                        RulesInForce.only(rules))
                .alerts();
        write(alerts, out, "alerts");
        alerts.process(new WithTime())
                .setParallelism(1)
                .name("Note when")
                .uid("raised-v1")
                .sinkTo(new JsonLinesSink<>(raised))
                .setParallelism(1)
                .name("Write when")
                .uid("write-raised-v1");
    }

    private static final class WithTime extends ProcessFunction<Alert, RaisedAlert> {
        private static final long serialVersionUID = 1;

        @Override
        public void processElement(Alert alert, Context context, Collector<RaisedAlert> out) {
            out.collect(new RaisedAlert(context.timestamp(), alert));
        }
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
        EmbeddedFlink.Shape shape = new EmbeddedFlink.Shape(
                "127.0.0.1",
                0,
                EmbeddedFlink.NO_METRICS,
                settings.flink().parallelism(),
                MemorySize.ofMebiBytes(settings.flink().rocksdbMegabytes()),
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
