package io.shopwatch.notify;

import io.shopwatch.wire.Alert;
import io.shopwatch.wire.Json;
import java.net.URI;
import java.time.Instant;
import java.util.Map;

/** Any program: the alert as it stands in the topic {@code alerts}, with an idempotency key. */
final class WebhookReceiver implements Receiver {
    private final URI uri;

    WebhookReceiver(URI uri) {
        this.uri = uri;
    }

    @Override
    public URI uri() {
        return uri;
    }

    @Override
    public Post post(Alert alert, Instant now) {
        return new Post(uri, Map.of("Idempotency-Key", key(alert)), Json.text(withoutReceivers(alert)));
    }

    @Override
    public boolean skipsStaleFiring() {
        return false;
    }

    /** Ids are hashes; whatever else arrives must not be able to add a header of its own. */
    private static String key(Alert alert) {
        return (alert.id() + "/" + alert.status()).replaceAll("[^\\x21-\\x7e]", "_");
    }

    /** Who else is told is nobody's business outside. */
    private static Alert withoutReceivers(Alert alert) {
        return new Alert(
                alert.id(),
                alert.rule(),
                alert.kind(),
                alert.severity(),
                alert.status(),
                alert.startsAt(),
                alert.endsAt(),
                alert.segment(),
                alert.value(),
                alert.summary(),
                alert.description(),
                alert.observed(),
                alert.baseline(),
                alert.dropPoints(),
                alert.sampleSize(),
                alert.confidence(),
                alert.causes(),
                alert.dashboardUrl(),
                alert.runbookUrl(),
                alert.data(),
                null);
    }
}
