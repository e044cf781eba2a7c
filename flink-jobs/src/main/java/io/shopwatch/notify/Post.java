package io.shopwatch.notify;

import com.fasterxml.jackson.databind.JsonNode;
import io.shopwatch.wire.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * One request to a receiver.
 *
 * @param uri where to; a secret
 * @param headers besides the content type
 * @param body JSON
 */
record Post(URI uri, Map<String, String> headers, String body) {
    Post {
        headers = Map.copyOf(headers);
    }

    static Post json(URI uri, JsonNode body) {
        return new Post(uri, Map.of(), Json.text(body));
    }

    /** The body in UTF-8; half a surrogate pair, which UTF-8 cannot hold, becomes a question mark. */
    byte[] bytes() {
        return body.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "Post of " + body.length() + " characters";
    }
}
