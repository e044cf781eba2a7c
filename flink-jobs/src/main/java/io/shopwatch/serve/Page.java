package io.shopwatch.serve;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A finished answer.
 *
 * @param status HTTP status
 * @param contentType value of {@code Content-Type}
 * @param body content, never changed; whoever sends it takes a duplicate
 */
record Page(int status, String contentType, ByteBuffer body) {

    static final String JSON = "application/json; charset=utf-8";
    static final String TEXT = "text/plain; charset=utf-8";

    Page(int status, String contentType, byte[] body) {
        this(status, contentType, ByteBuffer.wrap(body).asReadOnlyBuffer());
    }

    static Page text(int status, String text) {
        return new Page(status, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }
}
