package io.shopwatch.embedded;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.HTTPServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import java.util.Properties;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.prometheus.AbstractPrometheusReporter;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * Flink's Prometheus reporter, bound to one address: Flink's own listens on all interfaces and cannot be told otherwise.
 */
public final class LocalPrometheusReporterFactory implements MetricReporterFactory {

    static final String PORT = "port";
    static final String BIND = "bind";

    @Override
    public MetricReporter createMetricReporter(Properties properties) {
        return new LocalReporter();
    }

    private static final class LocalReporter extends AbstractPrometheusReporter {
        private HTTPServer server;

        @Override
        public void open(MetricConfig config) {
            super.open(config);
            InetSocketAddress address =
                    new InetSocketAddress(config.getString(BIND, "127.0.0.1"), config.getInteger(PORT, 9249));
            try {
                server = new HTTPServer.Builder()
                        .withInetSocketAddress(address)
                        .withRegistry(registryOfFlinksReporter())
                        .withDaemonThreads(true)
                        .build();
            } catch (IOException e) {
                throw new UncheckedIOException("Flink's metrics cannot be served on " + address, e);
            }
        }

        /** The registry that the base class fills has no accessor. */
        private CollectorRegistry registryOfFlinksReporter() {
            try {
                Field registry = AbstractPrometheusReporter.class.getDeclaredField("registry");
                registry.setAccessible(true);
                return (CollectorRegistry) registry.get(this);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("Flink's Prometheus reporter keeps its registry elsewhere now", e);
            }
        }

        @Override
        public void close() {
            if (server != null) {
                server.close();
            }
            super.close();
        }
    }
}
