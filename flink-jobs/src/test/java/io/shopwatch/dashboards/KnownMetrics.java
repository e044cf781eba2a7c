package io.shopwatch.dashboards;

import io.shopwatch.wire.MetricCatalogue;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every metric that a query may name, with its labels: the catalogue's, and a few that others make. */
final class KnownMetrics {
    /** Prometheus puts these on everything it scrapes. */
    private static final Set<String> SCRAPED = Set.of("job", "instance");

    private static final Set<String> FLINK_JOB = Set.of("job_name");
    private static final Set<String> FLINK_TASK = Set.of("job_name", "task_name", "subtask_index");
    private static final Set<String> FLINK_OPERATOR = Set.of("job_name", "task_name", "operator_name", "subtask_index");

    private final Map<String, Set<String>> labels = new HashMap<>();

    KnownMetrics() {
        for (MetricCatalogue.Metric metric : MetricCatalogue.all()) {
            if (metric.type() == MetricCatalogue.Type.HISTOGRAM) {
                add(metric.name() + "_bucket", metric.labels(), "le");
                add(metric.name() + "_sum", metric.labels());
                add(metric.name() + "_count", metric.labels());
            } else {
                add(metric.name(), metric.labels());
            }
        }

        // Prometheus itself: whether and how fast it reads, what its rules say, whether Alertmanager takes it.
        allow(Set.of(), "up", "scrape_duration_seconds");
        allow(Set.of("alertname", "alertstate", "severity"), "ALERTS");
        allow(Set.of("alertmanager"), "prometheus_notifications_errors_total");

        // The JVM of serve, from simpleclient_hotspot; catalogued there, not here.
        allow(Set.of("area"), "jvm_memory_bytes_used", "jvm_memory_bytes_max");
        allow(Set.of("gc"), "jvm_gc_collection_seconds_sum");
        allow(Set.of(), "process_cpu_seconds_total");

        // Flink's reporter: checkpoints, restarts, backpressure, Kafka lag and JVMs are Flink's business.
        allow(
                Set.of(),
                "flink_jobmanager_numRunningJobs",
                "flink_jobmanager_taskSlotsAvailable",
                "flink_jobmanager_taskSlotsTotal");
        for (String process : List.of("flink_jobmanager_", "flink_taskmanager_")) {
            allow(
                    Set.of(),
                    process + "Status_JVM_Memory_Heap_Used",
                    process + "Status_JVM_Memory_Heap_Max",
                    process + "Status_JVM_GarbageCollector_All_TimeMsPerSecond",
                    process + "Status_JVM_CPU_Load");
        }
        allow(
                FLINK_JOB,
                "flink_jobmanager_job_numberOfCompletedCheckpoints",
                "flink_jobmanager_job_numberOfFailedCheckpoints",
                "flink_jobmanager_job_lastCheckpointDuration",
                "flink_jobmanager_job_lastCheckpointFullSize",
                "flink_jobmanager_job_numRestarts");
        allow(
                FLINK_TASK,
                "flink_taskmanager_job_task_backPressuredTimeMsPerSecond",
                "flink_taskmanager_job_task_busyTimeMsPerSecond");
        allow(FLINK_OPERATOR, "flink_taskmanager_job_task_operator_pendingRecords");
    }

    /** Lets queries name a metric that a recording rule makes. */
    void record(String name, Set<String> labelNames) {
        labels.put(name, labelNames);
    }

    boolean contains(String metric) {
        return labels.containsKey(metric);
    }

    Set<String> labelsOf(String metric) {
        Set<String> all = new HashSet<>(labels.getOrDefault(metric, Set.of()));
        all.addAll(SCRAPED);
        return all;
    }

    private void add(String name, List<String> own, String... more) {
        Set<String> all = new HashSet<>(own);
        all.addAll(List.of(more));
        labels.put(name, all);
    }

    private void allow(Set<String> own, String... names) {
        for (String name : names) {
            labels.put(name, own);
        }
    }
}
