package io.shopwatch.notify;

import java.io.ByteArrayOutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * HTTP by the JDK's client. 2xx is for the receiver to read; 429, 5xx and network errors are passing; everything else is
 * final. Redirects are not followed: an address that holds a secret must not be sent elsewhere. An answer is read up to
 * 64 KiB. Reasons name neither the address nor what it contains.
 */
final class HttpTransport implements Transport {
    static final int MAX_ANSWER = 64 * 1024;
    private static final int MAX_EXCERPT = 200;

    private final HttpClient client;
    private final Clock clock;

    HttpTransport(Clock clock) {
        this.clock = clock;
        this.client = HttpClient.newBuilder()
                // An upgrade offer to HTTP/2 on a clear connection upsets some small servers, and gains nothing here.
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    @Override
    public Answer send(Receiver receiver, Post post, Duration timeout) throws InterruptedException {
        HttpRequest request;
        try {
            request = request(post);
        } catch (IllegalArgumentException | URISyntaxException e) {
            // The message would repeat the address.
            return new Answer.Refused("the address is not one to post to");
        }
        // The client's own timeout ends with the headers; a body that never ends must not hold the queue either.
        CompletableFuture<HttpResponse<byte[]>> sent = client.sendAsync(request, answer -> new BoundedBody());
        try {
            return read(receiver, sent.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Answer.tryLater("no answer within " + timeout.toMillis() + " ms");
        } catch (ExecutionException e) {
            return Answer.tryLater(describe(e.getCause()));
        } finally {
            sent.cancel(true);
        }
    }

    private Answer read(Receiver receiver, HttpResponse<byte[]> response) {
        int status = response.statusCode();
        String body = new String(response.body(), StandardCharsets.UTF_8);
        if (status / 100 == 2) {
            return receiver.read(body);
        }
        if (status / 100 == 3) {
            return new Answer.Refused("HTTP " + status + ": redirects are not followed");
        }
        String excerpt = excerpt(body, receiver.uri());
        String reason = "HTTP " + status + (excerpt.isEmpty() ? "" : ": " + excerpt);
        if (status == 429 || status >= 500) {
            String header = response.headers().firstValue("Retry-After").orElse(null);
            return new Answer.TryLater(reason, RetryAfter.parse(header, clock.instant()));
        }
        return new Answer.Refused(reason);
    }

    private static HttpRequest request(Post post) throws URISyntaxException {
        URI uri = post.uri();
        HttpRequest.Builder request = HttpRequest.newBuilder()
                .header("Content-Type", "application/json; charset=utf-8")
                .header("User-Agent", "shopwatch")
                .POST(BodyPublishers.ofByteArray(post.bytes()));
        if (uri.getRawUserInfo() != null) {
            // The client ignores a name and password in an address; people write them there nevertheless.
            String credentials = uri.getUserInfo();
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
            uri = new URI(uri.toString().replaceFirst("//[^@/]*@", "//"));
        }
        post.headers().forEach(request::header);
        return request.uri(uri).build();
    }

    /** What the answer says, on one line, without the parts of the address that are secret. */
    static String excerpt(String body, URI address) {
        String text = body;
        String[] secrets = {
            address.toString(), address.getRawQuery(), address.getRawPath(), address.getRawUserInfo(), address.getHost()
        };
        for (String secret : secrets) {
            if (secret != null && secret.length() > 1) {
                text = text.replace(secret, "***");
            }
        }
        for (String part : (address.getPath() + "&" + address.getQuery()).split("[/&=?]")) {
            // Tokens are long; words such as "robot" or "send" are not secret.
            if (part.length() >= 8) {
                text = text.replace(part, "***");
            }
        }
        return Texts.cut(Texts.clean(text), MAX_EXCERPT);
    }

    private static String describe(Throwable failure) {
        if (failure instanceof HttpTimeoutException) {
            return "no connection in time";
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException
                    || cause instanceof java.nio.channels.UnresolvedAddressException) {
                return "the host is not known";
            }
            if (cause instanceof SSLException) {
                return "no TLS connection (" + cause.getClass().getSimpleName() + ")";
            }
        }
        if (failure instanceof ConnectException) {
            return "no connection";
        }
        return "the connection broke (" + failure.getClass().getSimpleName() + ")";
    }

    /** The first bytes of an answer; the rest is not read. */
    private static final class BoundedBody implements BodySubscriber<byte[]> {
        private final CompletableFuture<byte[]> body = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private Flow.Subscription subscription;

        @Override
        public CompletionStage<byte[]> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription newSubscription) {
            subscription = newSubscription;
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                byte[] part = new byte[Math.min(buffer.remaining(), MAX_ANSWER - bytes.size())];
                buffer.get(part);
                bytes.write(part, 0, part.length);
            }
            if (bytes.size() >= MAX_ANSWER) {
                subscription.cancel();
                body.complete(bytes.toByteArray());
            }
        }

        @Override
        public void onError(Throwable failure) {
            body.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            body.complete(bytes.toByteArray());
        }
    }
}
