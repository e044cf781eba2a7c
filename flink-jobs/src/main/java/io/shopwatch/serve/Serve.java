package io.shopwatch.serve;

import io.prometheus.client.CollectorRegistry;
import io.shopwatch.settings.BuildInfo;
import io.shopwatch.settings.Settings;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The running {@code serve}: reads the result topics and answers HTTP.
 *
 * <pre>
 *   status, funnels, sales, inventory,      ResultReader → ServeState ─┬→ MetricsCollector → /metrics
 *   alerts, baselines, dead-letters  ─────→                            ├→ StateJson        → /api/state → page
 *                                                └ Readiness ──────────┴→ /readyz
 * </pre>
 */
public final class Serve implements AutoCloseable {

    private final Server server;
    private final ServerConnector connector;
    private final ResultReader reader;
    private final CollectorRegistry registry;
    private final String host;
    private final CountDownLatch closed = new CountDownLatch(1);

    private Serve(
            Server server, ServerConnector connector, ResultReader reader, CollectorRegistry registry, String host) {
        this.server = server;
        this.connector = connector;
        this.reader = reader;
        this.registry = registry;
        this.host = host;
    }

    /**
     * Starts reading and serving, and returns once the port is open. Results appear as they are read; {@link
     * #readiness} tells when all of them are there. A broker that is not there yet is waited for.
     *
     * @throws PortTakenException if {@code serve.bind} and {@code serve.port} cannot be had
     * @throws org.apache.kafka.common.KafkaException if the settings under {@code kafka.} cannot be used
     */
    public static Serve start(Settings settings) throws IOException {
        return start(settings, Clock.systemUTC());
    }

    static Serve start(Settings settings, Clock clock) throws IOException {
        ServeState state = new ServeState(settings, clock);
        ResultReader reader = new ResultReader(settings.kafka(), state, clock);
        try {
            Serve serve = open(settings, state, clock, reader);
            reader.start();
            return serve;
        } catch (IOException | RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    private static Serve open(Settings settings, ServeState state, Clock clock, ResultReader reader)
            throws IOException {
        String version = BuildInfo.version();
        CollectorRegistry registry = new CollectorRegistry();
        registry.register(new MetricsCollector(state, settings, clock, version));
        StateJson stateJson = new StateJson(state, settings, clock, version, reader::readiness);

        QueuedThreadPool threads = new QueuedThreadPool(12, 2);
        threads.setName("shopwatch-http");
        threads.setDaemon(true);
        Server server = new Server(threads);
        // Not gracefully: connections that scrapers keep open would be waited for, and an answer cut off harms nobody.
        server.setStopTimeout(0);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(settings.serve().bind());
        connector.setPort(settings.serve().port());
        server.addConnector(connector);
        server.setHandler(new ServeHandler(registry, reader::readiness, stateJson::bytes));
        try {
            server.start();
        } catch (Exception e) {
            stop(server);
            throw cannotOpen(settings.serve(), e);
        }
        return new Serve(server, connector, reader, registry, settings.serve().bind());
    }

    private static IOException cannotOpen(Settings.Serve serve, Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException && isForeign(serve.bind())) {
                return new PortTakenException("serve.bind: " + serve.bind() + " is no address of this machine", e);
            }
            if (cause instanceof BindException) {
                return new PortTakenException(
                        "serve.port: " + serve.port() + " at " + serve.bind()
                                + " cannot be had, most likely it is taken; expected a free port, or 0 for any",
                        e);
            }
            if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
                return new PortTakenException("serve.bind: " + serve.bind() + " is no address of this machine", e);
            }
        }
        return new IOException("HTTP server at " + serve.bind() + ":" + serve.port() + " does not start: " + e, e);
    }

    private static boolean isForeign(String bind) {
        try {
            InetAddress address = InetAddress.getByName(bind);
            return !address.isAnyLocalAddress() && NetworkInterface.getByInetAddress(address) == null;
        } catch (IOException e) {
            return true;
        }
    }

    /** Base address without a slash at the end, for example {@code http://127.0.0.1:8088}. */
    public String url() {
        String address = host.contains(":") ? "[" + host + "]" : host;
        return "http://" + address + ":" + connector.getLocalPort();
    }

    /** Whether all history has been read and the broker answers, and if not, why. */
    public Readiness readiness() {
        return reader.readiness();
    }

    /** Where others register metrics that are to appear at {@code /metrics}, for example of deliveries. */
    public CollectorRegistry registry() {
        return registry;
    }

    /** Waits until {@link #close()} is called. */
    public void awaitClose() throws InterruptedException {
        closed.await();
    }

    /** Stops answering and reading, within two seconds. */
    @Override
    public void close() {
        stop(server);
        reader.close();
        closed.countDown();
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("HTTP server does not stop: " + e, e);
        }
    }
}
