package io.shopwatch.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** A Kafka broker and controller (KRaft) in this process, with its log on disk; it goes on where it stopped. */
public final class EmbeddedKafka implements AutoCloseable {

    private static final int FIRST_PORT = 20_000;
    private static final int PORTS = 12_768;
    private static final AtomicInteger NEXT_PORT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(PORTS));

    private final KafkaRaftServer server;
    private final String bootstrapServers;

    private EmbeddedKafka(KafkaRaftServer server, String bootstrapServers) {
        this.server = server;
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Starts a broker.
     *
     * @param folder where it keeps its log; made if need be
     * @param bind address to listen on
     * @param port port to listen on; 0 is any free port
     * @throws IOException if the folder cannot be written or a port is taken
     */
    public static EmbeddedKafka start(Path folder, String bind, int port) throws IOException {
        Files.createDirectories(folder);
        int clientPort = port == 0 ? freePort(bind) : port;
        int controllerPort = freePort(bind);
        String log = folder.toAbsolutePath().toString();
        Map<String, String> config = config(log, bind, clientPort, controllerPort);
        if (!Files.exists(folder.resolve("meta.properties"))) {
            format(log);
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(config, false), Time.SYSTEM);
        server.startup();
        return new EmbeddedKafka(server, bind + ":" + clientPort);
    }

    private static Map<String, String> config(String log, String bind, int clientPort, int controllerPort) {
        Map<String, String> config = new HashMap<>();
        config.put("process.roles", "broker,controller");
        config.put("node.id", "1");
        config.put("controller.quorum.voters", "1@" + bind + ":" + controllerPort);
        config.put("controller.listener.names", "CONTROLLER");
        config.put("listeners", "CLIENT://" + bind + ":" + clientPort + ",CONTROLLER://" + bind + ":" + controllerPort);
        config.put("advertised.listeners", "CLIENT://" + bind + ":" + clientPort);
        config.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        config.put("inter.broker.listener.name", "CLIENT");
        config.put("log.dirs", log);
        config.put("offsets.topic.replication.factor", "1");
        config.put("offsets.topic.num.partitions", "1");
        config.put("transaction.state.log.replication.factor", "1");
        config.put("transaction.state.log.min.isr", "1");
        config.put("transaction.state.log.num.partitions", "1");
        config.put("group.initial.rebalance.delay.ms", "0");
        config.put("auto.create.topics.enable", "false");
        config.put("num.network.threads", "2");
        config.put("num.io.threads", "4");
        config.put("background.threads", "2");
        config.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 * 1024 * 1024));
        config.put("log.cleaner.io.buffer.size", Integer.toString(128 * 1024));
        // Nobody else is in the cluster that could take over: leave without handing over.
        config.put("controlled.shutdown.enable", "false");
        return config;
    }

    private static void format(String log) throws IOException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Formatter formatter = new Formatter()
                .setPrintStream(new PrintStream(said, true, StandardCharsets.UTF_8))
                .setNodeId(1)
                .setClusterId(Uuid.randomUuid().toString())
                .setControllerListenerName("CONTROLLER")
                .addDirectory(log)
                .setMetadataLogDirectory(log);
        try {
            formatter.run();
        } catch (Exception e) {
            throw new IOException(
                    "Kafka's folder " + log + " cannot be prepared: " + said.toString(StandardCharsets.UTF_8), e);
        }
    }

    /**
     * A port that nobody listens on at the moment, not the same twice in a row. It is none of those that a system gives away
     * by itself (from 32,768 on), so that it is still free when it is wanted, whatever else starts meanwhile.
     */
    public static int freePort(String bind) throws IOException {
        InetAddress address = InetAddress.getByName(bind);
        IOException taken = null;
        for (int attempt = 0; attempt < PORTS; attempt++) {
            int port = FIRST_PORT + Math.floorMod(NEXT_PORT.getAndIncrement(), PORTS);
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(address, port));
                return port;
            } catch (BindException e) {
                taken = e;
            }
        }
        throw new IOException("no port from " + FIRST_PORT + " on is to be had on " + bind, taken);
    }

    /** Host and port for clients. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Flushes and stops. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
