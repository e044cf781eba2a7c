package io.shopwatch.cli;

import io.prometheus.client.hotspot.DefaultExports;
import io.shopwatch.notify.Notifier;
import io.shopwatch.serve.PortTakenException;
import io.shopwatch.serve.Serve;
import io.shopwatch.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code shopwatch serve}: the war-room page, {@code /metrics}, health, and the delivery of alerts. */
@Command(
        name = "serve",
        description = {
            "Serves the war-room page, /metrics, /healthz and /readyz from the result topics, and delivers alerts.",
            "A broker that goes away later is waited for."
        })
final class ServeCommand implements Callable<Integer> {
    private static final Duration STOP = Duration.ofSeconds(8);
    private static final int KAFKA_TIMEOUT_MILLIS = 10_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private SettingsOptions settingsOptions;

    @Option(names = "--port", paramLabel = "PORT", description = "Port, 0 for any free one (serve.port).")
    private Integer port;

    @Option(names = "--bind", paramLabel = "ADDRESS", description = "Address to listen at (serve.bind).")
    private String bind;

    @Override
    public Integer call() throws Exception {
        Map<String, Object> flags = new HashMap<>();
        flags.put("serve.port", port);
        flags.put("serve.bind", bind);
        Settings settings = settingsOptions.load(flags);
        // Before the port: a wrong address is to be noticed at once, not by a page that stays empty.
        requireKafka(settings.kafka());
        try (Shutdown shutdown = Shutdown.onSignals(STOP)) {
            Serve serve = shutdown.register("serve", start(settings));
            // Memory, garbage collection and threads of this process, for the pipeline dashboard.
            DefaultExports.register(serve.registry());
            if (!settings.receivers().isEmpty()) {
                shutdown.register(
                        "notifications",
                        Notifier.start(
                                settings.receivers(),
                                settings.kafka(),
                                settings.shop().timezone(),
                                serve.registry(),
                                Clock.systemUTC()));
            }
            PrintWriter out = spec.commandLine().getOut();
            out.println("War room   " + serve.url() + "/");
            out.println("Metrics    " + serve.url() + "/metrics");
            out.println("Readiness  " + serve.url() + "/readyz");
            out.flush();
            shutdown.await();
        }
        return 0;
    }

    private static Serve start(Settings settings) throws IOException {
        try {
            return Serve.start(settings);
        } catch (PortTakenException e) {
            throw new FailureException(e.getMessage(), e);
        }
    }

    private static void requireKafka(Settings.Kafka kafka) throws ExecutionException, InterruptedException {
        Properties properties = new Properties();
        properties.putAll(kafka.clientProperties());
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Integer.toString(KAFKA_TIMEOUT_MILLIS));
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Integer.toString(KAFKA_TIMEOUT_MILLIS));
        Admin admin = Admin.create(properties);
        try {
            admin.describeCluster().clusterId().get();
        } finally {
            admin.close(Duration.ZERO);
        }
    }
}
