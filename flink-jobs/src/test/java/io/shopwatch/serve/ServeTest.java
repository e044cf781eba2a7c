package io.shopwatch.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Json;
import io.shopwatch.wire.MetricCatalogue;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client on the network sees, while there is no broker. */
class ServeTest {

    private static Serve serve;
    private static HttpClient client;

    @BeforeAll
    static void start() throws IOException {
        serve = Serve.start(settings(0, "127.0.0.1"));
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        serve.close();
    }

    /** No broker listens at port 1. */
    private static Settings settings(int port, String bind) {
        return TestSettings.with(
                new Settings.Kafka("127.0.0.1:1", 1, (short) 1, Map.of()), new Settings.Serve(port, bind));
    }

    private static HttpResponse<String> request(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(serve.url() + path))
                .timeout(Duration.ofSeconds(10))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void isAliveButNotReadyWithoutABrokerAndSaysWhy() throws Exception {
        assertThat(request("GET", "/healthz").statusCode()).isEqualTo(200);
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            HttpResponse<String> ready = request("GET", "/readyz");
            assertThat(ready.statusCode()).isEqualTo(503);
            JsonNode answer = Json.mapper().readTree(ready.body());
            assertThat(answer.get("ready").asBoolean()).isFalse();
            assertThat(answer.get("reason").asText()).isEqualTo("Kafka at 127.0.0.1:1 does not answer");
        });
    }

    @Test
    void writesThePrometheusTextFormatUnlessOpenMetricsIsAskedFor() throws Exception {
        HttpResponse<String> text = request("GET", "/metrics");
        assertThat(text.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        assertThat(text.body()).contains("shopwatch_build_info{version=").doesNotContain("# EOF");

        HttpResponse<String> open = request("GET", "/metrics", "Accept", "application/openmetrics-text; version=1.0.0");
        assertThat(open.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/openmetrics-text"));
        assertThat(open.body()).endsWith("# EOF\n");
    }

    @Test
    void showsOnlyMetricsOfTheCatalogue() throws Exception {
        assertThat(request("GET", "/metrics").body().lines().filter(line -> line.startsWith("# TYPE shopwatch_")))
                .allSatisfy(line -> assertThat(MetricCatalogue.all())
                        .anyMatch(metric -> line.startsWith("# TYPE " + metric.name() + " ")));
    }

    @Test
    void showsThePageWithItsStyleScriptAndIcon() throws Exception {
        HttpResponse<String> page = request("GET", "/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
        assertThat(page.body()).startsWith("<!doctype html>").doesNotContain("://");
        for (String path : new String[] {"/war-room.css", "/war-room.js", "/icon.svg"}) {
            assertThat(page.body()).contains("\"" + path + "\"");
            assertThat(request("GET", path).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void givesThePageItsStateAsJson() throws Exception {
        HttpResponse<String> answer = request("GET", "/api/state");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json; charset=utf-8");
        JsonNode state = Json.mapper().readTree(answer.body());
        assertThat(state.get("ready").asBoolean()).isFalse();
        assertThat(state.get("windows").fieldNames()).toIterable().containsExactly("1m", "5m", "1h", "today");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/metrics", "/healthz", "/readyz", "/api/state", "/nothing"})
    void forbidsEverythingForeignOnEveryPath(String path) throws Exception {
        HttpResponse<String> answer = request("GET", path);
        assertThat(answer.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                        .doesNotContain("unsafe"));
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(answer.headers().firstValue("Server")).isEmpty();
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"})
    void takesNothingButGetAndHead(String method) throws Exception {
        assertThat(raw(method
                        + " /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ")
                .contains("Allow: GET, HEAD");
    }

    @Test
    void answersHeadWithTheHeadersAlone() throws Exception {
        HttpResponse<String> head = request("HEAD", "/healthz");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("Content-Length")).hasValue("3"); // "ok\n"
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../version.properties",
                "/%2e%2e/%2e%2e/version.properties",
                "/..%2f..%2fversion.properties",
                "/..%5c..%5cversion.properties",
                "/war-room.js/../../../version.properties",
                "/.//version.properties",
                "//etc/passwd",
                "/war-room.css%00.html",
                "/index.html/",
                "/;/index.html"
            })
    void neverLeavesItsOwnPaths(String path) throws Exception {
        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answer).matches("(?s)HTTP/1\\.1 40[04] .*").doesNotContain("version=", "root:");
    }

    @Test
    void refusesARequestThatIsTooLargeOrNone() throws Exception {
        assertThat(raw("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 414 ");
        assertThat(raw("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void namesThePortAndTheSettingWhenThePortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> Serve.start(settings(port, "127.0.0.1")))
                    .isInstanceOf(PortTakenException.class)
                    .hasMessage(
                            "serve.port: " + port
                                    + " at 127.0.0.1 cannot be had, most likely it is taken; expected a free port, or 0 for any");
        }
    }

    @Test
    void namesTheAddressWhenItIsNotOfThisMachine() {
        assertThatThrownBy(() -> Serve.start(settings(0, "192.0.2.7")))
                .isInstanceOf(PortTakenException.class)
                .hasMessage("serve.bind: 192.0.2.7 is no address of this machine");
    }

    @Test
    void closesWithinTwoSecondsAndFreesThePort() throws Exception {
        Serve other = Serve.start(settings(0, "127.0.0.1"));
        int port = URI.create(other.url()).getPort();
        long start = System.nanoTime();
        other.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        Serve.start(settings(port, "127.0.0.1")).close();
    }

    private static String raw(String request) throws IOException {
        URI uri = URI.create(serve.url());
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
