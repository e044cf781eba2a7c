package io.shopwatch.serve;

import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.shopwatch.wire.MetricCatalogue.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Samples of one scrape, gathered by metric; only metrics of the catalogue, with exactly their labels. */
final class Samples {
    private final Map<Metric, List<Sample>> byMetric = new LinkedHashMap<>();

    /**
     * Adds a sample. Label values are made safe here, so no caller can forget it.
     *
     * @throws IllegalArgumentException if the number of label values is not the metric's number of labels
     */
    void add(Metric metric, double value, String... labelValues) {
        add(metric, metric.name(), value, metric.labels(), labelValues);
    }

    /** Adds a sample that is a whole number; exact up to 2⁵³. */
    void add(Metric metric, long value, String... labelValues) {
        add(metric, (double) value, labelValues);
    }

    /** Adds one histogram's cumulative buckets, sum and count. */
    void add(Metric metric, DelayHistogram histogram, String... labelValues) {
        List<String> bucketLabels = new ArrayList<>(metric.labels());
        bucketLabels.add("le");
        long cumulative = 0;
        for (int i = 0; i < histogram.buckets(); i++) {
            cumulative += histogram.countOf(i);
            String[] bucketValues = Arrays.copyOf(labelValues, labelValues.length + 1);
            bucketValues[labelValues.length] = Collector.doubleToGoString(histogram.upperBound(i));
            add(metric, metric.name() + "_bucket", (double) cumulative, bucketLabels, bucketValues);
        }
        add(metric, metric.name() + "_count", (double) cumulative, metric.labels(), labelValues);
        add(metric, metric.name() + "_sum", histogram.sum(), metric.labels(), labelValues);
    }

    private void add(Metric metric, String name, double value, List<String> labels, String... labelValues) {
        if (labels.size() != labelValues.length) {
            throw new IllegalArgumentException(name + " has the labels " + labels + ", not " + labelValues.length);
        }
        List<String> safe = new ArrayList<>(labelValues.length);
        for (String labelValue : labelValues) {
            safe.add(LabelValues.safe(labelValue));
        }
        byMetric.computeIfAbsent(metric, m -> new ArrayList<>()).add(new Sample(name, labels, safe, value));
    }

    /** The families that have samples. */
    List<MetricFamilySamples> families() {
        List<MetricFamilySamples> families = new ArrayList<>();
        byMetric.forEach((metric, samples) -> families.add(family(metric, samples)));
        return families;
    }

    /** A family of the metric. */
    static MetricFamilySamples family(Metric metric, List<Sample> samples) {
        Collector.Type type =
                switch (metric.type()) {
                    case GAUGE -> Collector.Type.GAUGE;
                    case COUNTER -> Collector.Type.COUNTER;
                    case HISTOGRAM -> Collector.Type.HISTOGRAM;
                };
        return new MetricFamilySamples(metric.name(), type, metric.help(), samples);
    }
}
