package io.shopwatch.job.alert;

import io.shopwatch.job.common.KafkaEdges;
import io.shopwatch.job.common.ResultSchema;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.BaselineResult;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.JobStatus;
import io.shopwatch.wire.SalesResult;
import io.shopwatch.wire.Topics;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The alert job between its topics. */
public final class AlertTopics {
    private static final String JOB = "alert";

    private AlertTopics() {}

    /** Reads the result topics and the rules, and writes alerts, baselines, rules that are no rules, and its progress. */
    public static void connect(StreamExecutionEnvironment env, Settings settings) {
        // Few records, all of them waited for: buffers would only make them late, and cost a thread for each way.
        env.setBufferTimeout(0);
        env.getConfig().setAutoWatermarkInterval(AlertTime.LOOK.toMillis());
        AlertJob.Results results = AlertJob.build(
                new AlertJob.Inputs(
                        read(env, settings, Topics.FUNNELS, FunnelResult.class, AlertTime.funnels()),
                        read(env, settings, Topics.SALES, SalesResult.class, AlertTime.sales()),
                        read(env, settings, Topics.INVENTORY, InventoryResult.class, AlertTime.inventory()),
                        read(env, settings, Topics.STATUS, JobStatus.class, AlertTime.status()),
                        rules(env, settings)),
                settings);
        KafkaEdges.write(results.alerts(), settings, Topics.ALERTS, Alert::id);
        KafkaEdges.write(results.baselines(), settings, Topics.BASELINES, BaselineResult::key);
        KafkaEdges.writeDeadLetters(results.deadLetters(), settings);
        KafkaEdges.writeStatus(results.tallies(), settings, JOB);
    }

    private static <T> DataStream<T> read(
            StreamExecutionEnvironment env, Settings settings, String topic, Class<T> type, WatermarkStrategy<T> time) {
        return env.fromSource(KafkaEdges.results(settings, JOB, topic, new ResultSchema<>(type)), time, "Read " + topic)
                .uid("source-" + topic + "-v1");
    }

    private static DataStream<String> rules(StreamExecutionEnvironment env, Settings settings) {
        KafkaSource<String> source = KafkaSource.<String>builder()
                .setBootstrapServers(settings.kafka().bootstrapServers())
                .setTopics(Topics.RULES)
                .setGroupId("shopwatch-" + JOB)
                .setClientIdPrefix("shopwatch-" + JOB + "-" + Topics.RULES)
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(KafkaRecordDeserializationSchema.valueOnly(new SimpleStringSchema()))
                .setProperties(KafkaEdges.clientProperties(settings))
                .setProperty("register.consumer.metrics", "false")
                .build();
        return env.fromSource(source, AlertTime.timeless(), "Read " + Topics.RULES)
                .uid("source-" + Topics.RULES + "-v1");
    }
}
