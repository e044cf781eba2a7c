package io.shopwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotifyCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private HttpServer server;

    @BeforeEach
    void startReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        Files.writeString(
                folder.resolve("shopwatch.yaml"),
                "receivers:\n  - {name: oncall, type: webhook, url: 'http://127.0.0.1:"
                        + server.getAddress().getPort() + "/topsecret'}\n");
    }

    @AfterEach
    void stopReceiver() {
        server.stop(0);
    }

    private int run(String... args) {
        return Main.run(args, new PrintWriter(out), new PrintWriter(err));
    }

    @Test
    void sendsASampleIncidentAndSaysWhatHappened() {
        int exit = run(
                "notify",
                "test",
                "oncall",
                "--settings",
                folder.resolve("shopwatch.yaml").toString());

        assertThat(err.toString()).isEmpty();
        assertThat(exit).isZero();
        assertThat(out.toString())
                .containsPattern("oncall \\(webhook\\): firing delivered in \\d+ ms")
                .containsPattern("oncall \\(webhook\\): resolved delivered in \\d+ ms");
        assertThat(bodies).hasSize(2);
        assertThat(bodies.get(0)).contains("\"status\":\"firing\"", "nothing is wrong");
        assertThat(bodies.get(1)).contains("\"status\":\"resolved\"");
    }

    @Test
    void saysWhyAReceiverDidNotTakeItWithoutTheAddress() {
        status = 404;
        int exit = run(
                "notify",
                "test",
                "oncall",
                "--settings",
                folder.resolve("shopwatch.yaml").toString());

        assertThat(exit).isEqualTo(1);
        assertThat(err.toString())
                .isEqualToIgnoringNewLines("shopwatch: receiver oncall did not take the firing alert: HTTP 404");
        assertThat(out.toString() + err).doesNotContain("topsecret");
    }

    @Test
    void namesTheReceiversThereAre() {
        int exit = run(
                "notify",
                "test",
                "onkall",
                "--settings",
                folder.resolve("shopwatch.yaml").toString());

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString()).isEqualToIgnoringNewLines("shopwatch: RECEIVER is 'onkall', expected one of oncall");
    }
}
