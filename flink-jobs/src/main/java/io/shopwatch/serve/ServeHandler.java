package io.shopwatch.serve;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.shopwatch.wire.Json;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers at a fixed set of paths, to {@code GET} and {@code HEAD} only. Files of the page are read once, by name, from
 * the program itself: no path that a client sends ever reaches a file system.
 */
final class ServeHandler extends Handler.Abstract {

    private static final String PAGES = "/io/shopwatch/serve/page/";
    private static final Map<String, String> FILES = Map.of(
            "index.html", "text/html; charset=utf-8",
            "war-room.css", "text/css; charset=utf-8",
            "war-room.js", "text/javascript; charset=utf-8",
            "icon.svg", "image/svg+xml");

    // Nothing from outside, no inline script or style, no framing; what is shown is never an address to go to.
    private static final HttpFields SECURITY = HttpFields.from(
            new HttpField(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
            new HttpField("X-Content-Type-Options", "nosniff"),
            new HttpField("X-Frame-Options", "DENY"),
            new HttpField("Referrer-Policy", "no-referrer"),
            new HttpField("Cross-Origin-Resource-Policy", "same-origin"),
            new HttpField(HttpHeader.CACHE_CONTROL, "no-store"));

    private final Map<String, Page> files = new HashMap<>();
    private final CollectorRegistry registry;
    private final Supplier<Readiness> readiness;
    private final Supplier<byte[]> stateJson;

    ServeHandler(CollectorRegistry registry, Supplier<Readiness> readiness, Supplier<byte[]> stateJson) {
        this.registry = registry;
        this.readiness = readiness;
        this.stateJson = stateJson;
        FILES.forEach((name, type) -> files.put("/" + name, new Page(HttpStatus.OK_200, type, read(name))));
        files.put("/", files.get("/index.html"));
    }

    private static byte[] read(String name) {
        try (InputStream in = ServeHandler.class.getResourceAsStream(PAGES + name)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its file " + PAGES + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String method = request.getMethod();
        response.getHeaders().add(SECURITY);
        if (!HttpMethod.GET.is(method) && !HttpMethod.HEAD.is(method)) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
            send(Page.text(HttpStatus.METHOD_NOT_ALLOWED_405, "only GET and HEAD\n"), response, callback);
            return true;
        }
        Page page = page(Request.getPathInContext(request), request.getHeaders().get(HttpHeader.ACCEPT));
        send(page, response, callback);
        return true;
    }

    private Page page(String path, String accept) {
        Page file = files.get(path);
        if (file != null) {
            return file;
        }
        return switch (path) {
            case "/metrics" -> metrics(accept);
            case "/healthz" -> Page.text(HttpStatus.OK_200, "ok\n");
            case "/readyz" -> ready();
            case "/api/state" -> new Page(HttpStatus.OK_200, Page.JSON, stateJson.get());
            default -> Page.text(HttpStatus.NOT_FOUND_404, "not found\n");
        };
    }

    private Page ready() {
        Readiness now = readiness.get();
        return new Page(
                now.ready() ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503, Page.JSON, Json.bytes(now));
    }

    private Page metrics(String accept) {
        String type = TextFormat.chooseContentType(accept);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
        // Buffered, for label values are written one character after the other.
        try (Writer writer = new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8))) {
            TextFormat.writeFormat(type, writer, registry.metricFamilySamples());
        } catch (IOException e) {
            // An array takes all that memory holds.
            throw new UncheckedIOException(e);
        }
        return new Page(HttpStatus.OK_200, type, bytes.toByteArray());
    }

    private static void send(Page page, Response response, Callback callback) {
        response.setStatus(page.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, page.contentType());
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, page.body().remaining());
        response.write(true, page.body().duplicate(), callback);
    }
}
