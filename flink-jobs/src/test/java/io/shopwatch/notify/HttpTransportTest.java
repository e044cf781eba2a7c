package io.shopwatch.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real requests to servers that behave and misbehave. */
class HttpTransportTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");

    private final HttpTransport transport = new HttpTransport(Clock.fixed(NOW, ZoneOffset.UTC));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final AtomicReference<Reply> reply = new AtomicReference<>(exchange -> answer(exchange, 200, "ok"));
    private HttpServer server;

    private interface Reply {
        void to(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            reply.get().to(exchange);
        });
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        exchange.getRequestBody().readAllBytes();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private URI uri() {
        return URI.create(
                "http://127.0.0.1:" + server.getAddress().getPort() + "/hook/secret-token-123?key=geheim-45678");
    }

    private Answer send(Receiver receiver, Duration timeout) throws InterruptedException {
        return transport.send(receiver, receiver.post(Alerts.firing("a1"), NOW), timeout);
    }

    private Answer send() throws InterruptedException {
        return send(new WebhookReceiver(uri()), TIMEOUT);
    }

    @Test
    void postsJsonWithItsHeaders() throws Exception {
        AtomicReference<Alert> received = new AtomicReference<>();
        AtomicReference<String> headers = new AtomicReference<>();
        reply.set(exchange -> {
            received.set(Json.read(exchange.getRequestBody().readAllBytes(), Alert.class));
            headers.set(exchange.getRequestHeaders().getFirst("Content-Type") + " "
                    + exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            answer(exchange, 204, "");
        });

        assertThat(send()).isEqualTo(Answer.delivered());
        assertThat(received.get().id()).isEqualTo("a1");
        assertThat(headers.get()).isEqualTo("application/json; charset=utf-8 a1/firing");
        assertThat(seen).containsExactly("POST /hook/secret-token-123?key=geheim-45678");
    }

    @Test
    void sendsNameAndPasswordOfTheAddressAsBasicAuthentication() throws Exception {
        AtomicReference<String> authorization = new AtomicReference<>();
        reply.set(exchange -> {
            authorization.set(exchange.getRequestHeaders().getFirst("Authorization"));
            answer(exchange, 200, "");
        });
        URI uri = URI.create(uri().toString().replace("//", "//user:p%40ss@"));

        assertThat(send(new WebhookReceiver(uri), TIMEOUT)).isEqualTo(Answer.delivered());
        // base64 of user:p@ss
        assertThat(authorization.get()).isEqualTo("Basic dXNlcjpwQHNz");
    }

    @Test
    void tooManyRequestsAndServerErrorsAreForLater() throws Exception {
        for (int status : new int[] {429, 500, 502, 503, 599}) {
            reply.set(exchange -> answer(exchange, status, "busy"));
            assertThat(send()).isEqualTo(Answer.tryLater("HTTP " + status + ": busy"));
        }
        reply.set(exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "17");
            answer(exchange, 429, "");
        });
        assertThat(send()).isEqualTo(new Answer.TryLater("HTTP 429", Duration.ofSeconds(17)));
        reply.set(exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "Mon, 23 Nov 2026 20:02:00 GMT");
            answer(exchange, 503, "");
        });
        assertThat(send()).isEqualTo(new Answer.TryLater("HTTP 503", Duration.ofSeconds(120)));
    }

    @Test
    void otherErrorsAreFinal() throws Exception {
        for (int status : new int[] {400, 401, 403, 404, 408, 410, 413, 422}) {
            reply.set(exchange -> answer(exchange, status, "no\nsuch\u0007 thing"));
            assertThat(send()).isEqualTo(new Answer.Refused("HTTP " + status + ": no such thing"));
        }
    }

    @Test
    void redirectsAreNotFollowed() throws Exception {
        for (int status : new int[] {301, 302, 303, 307, 308}) {
            seen.clear();
            reply.set(exchange -> {
                exchange.getResponseHeaders()
                        .set(
                                "Location",
                                "http://127.0.0.1:" + server.getAddress().getPort() + "/other");
                answer(exchange, status, "");
            });
            assertThat(send()).isEqualTo(new Answer.Refused("HTTP " + status + ": redirects are not followed"));
            assertThat(seen).hasSize(1);
        }
    }

    @Test
    void aRobotsFailureInASuccessIsAFailure() throws Exception {
        reply.set(exchange -> answer(exchange, 200, "{\"errcode\":310000,\"errmsg\":\"keywords not in content\"}"));
        assertThat(send(new DingTalkReceiver(uri(), null, ZoneOffset.UTC), TIMEOUT))
                .isEqualTo(new Answer.Refused("errcode 310000: keywords not in content"));
        assertThat(send(new WeComReceiver(uri(), ZoneOffset.UTC), TIMEOUT)).isInstanceOf(Answer.Refused.class);
        reply.set(exchange -> answer(exchange, 200, "{\"code\":19024,\"msg\":\"Key Words Not Found\"}"));
        assertThat(send(new FeishuReceiver(uri(), null, ZoneOffset.UTC), TIMEOUT))
                .isEqualTo(new Answer.Refused("code 19024: Key Words Not Found"));
    }

    @Test
    void aReasonNeverHoldsTheAddress() throws Exception {
        reply.set(exchange ->
                answer(exchange, 403, "token secret-token-123 and " + uri() + " and geheim-45678 are wrong"));
        assertThat(send()).isEqualTo(new Answer.Refused("HTTP 403: token *** and *** and *** are wrong"));
    }

    @Test
    void aHugeAnswerIsReadOnlyToItsLimit() throws Exception {
        reply.set(exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(500, 0);
            byte[] part = new byte[64 * 1024];
            java.util.Arrays.fill(part, (byte) 'x');
            try (OutputStream body = exchange.getResponseBody()) {
                // Without an end; the client hangs up.
                while (!Thread.currentThread().isInterrupted()) {
                    body.write(part);
                }
            }
        });
        assertThat(send()).isInstanceOfSatisfying(Answer.TryLater.class, answer -> assertThat(answer.reason())
                .startsWith("HTTP 500: xxx")
                .hasSizeLessThan(250));
    }

    @Test
    void aServerThatNeverAnswersTimesOut() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            URI address = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
            assertThat(send(new WebhookReceiver(address), SHORT)).isEqualTo(Answer.tryLater("no answer within 300 ms"));
        }
    }

    @Test
    void aServerThatStallsAfterTheHeadersTimesOut() throws Exception {
        rawServer(
                socket -> {
                    socket.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"
                                    .getBytes(StandardCharsets.US_ASCII));
                    socket.getOutputStream().flush();
                    awaitEnd(socket.getInputStream());
                },
                address -> assertThat(send(new WebhookReceiver(address), SHORT))
                        .isEqualTo(Answer.tryLater("no answer within 300 ms")));
    }

    @Test
    void aClosedSocketIsANetworkError() throws Exception {
        rawServer(Socket::close, address -> assertThat(send(new WebhookReceiver(address), TIMEOUT))
                .isInstanceOfSatisfying(Answer.TryLater.class, answer -> assertThat(answer.reason())
                        .startsWith("the connection broke")));
    }

    @Test
    void anAnswerThatIsNotHttpIsANetworkError() throws Exception {
        rawServer(
                socket -> {
                    socket.getOutputStream().write("SSH-2.0-OpenSSH_9.2\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    socket.close();
                },
                address ->
                        assertThat(send(new WebhookReceiver(address), TIMEOUT)).isInstanceOf(Answer.TryLater.class));
    }

    @Test
    void nobodyListeningIsANetworkError() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThat(send(new WebhookReceiver(URI.create("http://127.0.0.1:" + port)), TIMEOUT))
                .isEqualTo(Answer.tryLater("no connection"));
    }

    @Test
    void anUnknownHostIsANetworkError() throws Exception {
        assertThat(send(new WebhookReceiver(URI.create("http://nowhere.invalid/")), TIMEOUT))
                .isEqualTo(Answer.tryLater("the host is not known"));
    }

    @Test
    void clearTextOnATlsAddressIsANetworkError() throws Exception {
        rawServer(
                socket -> {
                    socket.getOutputStream()
                            .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    socket.close();
                },
                address -> assertThat(send(
                                new WebhookReceiver(
                                        URI.create(address.toString().replace("http:", "https:"))),
                                TIMEOUT))
                        .isInstanceOfSatisfying(Answer.TryLater.class, answer -> assertThat(answer.reason())
                                .startsWith("no TLS connection")));
    }

    private interface Behaviour {
        void with(Socket socket) throws IOException;
    }

    private interface Check {
        void with(URI address) throws InterruptedException;
    }

    private void rawServer(Behaviour behaviour, Check check) throws IOException, InterruptedException {
        try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            threads.execute(() -> {
                try (Socket socket = listening.accept()) {
                    // The request's head; closing with unread input would reset the connection at once.
                    int read = socket.getInputStream().read(new byte[64 * 1024]);
                    assertThat(read).isPositive();
                    behaviour.with(socket);
                } catch (IOException e) {
                    seen.add("server: " + e.getMessage());
                }
            });
            check.with(URI.create("http://127.0.0.1:" + listening.getLocalPort() + "/"));
        }
    }

    /** Blocks until the client hangs up. */
    private static void awaitEnd(InputStream input) throws IOException {
        input.transferTo(OutputStream.nullOutputStream());
    }
}
