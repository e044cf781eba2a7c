package io.shopwatch.notify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.Json;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Prometheus Alertmanager, API v2 ({@code POST /api/v2/alerts}, {@code api/v2/openapi.yaml} of its repository).
 *
 * <p>Alertmanager keeps no alerts over a restart and resolves what it is not told again, so clients re-send what still
 * fires, "usually on the order of 30 seconds to 3 minutes" (its client documentation): every minute here, with an end
 * that lies ahead by five, so that up to four lost messages do no harm.
 */
final class AlertmanagerReceiver implements Receiver {
    static final Duration REPEAT_EVERY = Duration.ofMinutes(1);
    static final Duration VALID_FOR = Duration.ofMinutes(5);
    private static final String PATH = "/api/v2/alerts";

    private final URI uri;
    private final ZoneId zone;

    /** @param uri the API's address, or Alertmanager's own, to which the path is added */
    AlertmanagerReceiver(URI uri, ZoneId zone) {
        String address = uri.toString();
        this.uri = uri.getPath() != null && uri.getPath().endsWith(PATH)
                ? uri
                : URI.create((address.endsWith("/") ? address.substring(0, address.length() - 1) : address) + PATH);
        this.zone = zone;
    }

    @Override
    public URI uri() {
        return uri;
    }

    @Override
    public Post post(Alert alert, Instant now) {
        return repeat(List.of(alert), now);
    }

    @Override
    public Duration repeatEvery() {
        return REPEAT_EVERY;
    }

    @Override
    public Post repeat(List<Alert> alerts, Instant now) {
        ArrayNode body = Json.mapper().createArrayNode();
        for (Alert alert : alerts) {
            body.add(one(alert, now));
        }
        return Post.json(uri, body);
    }

    private ObjectNode one(Alert alert, Instant now) {
        AlertMessage message = AlertMessage.of(alert, zone);
        ObjectNode one = Json.mapper().createObjectNode();
        ObjectNode labels = one.putObject("labels");
        // Labels identify: with the id among them a second incident is never taken for the first.
        String rule = Texts.clean(alert.rule());
        put(labels, "alertname", rule.isEmpty() ? "shopwatch" : rule);
        put(labels, "kind", alert.kind());
        put(labels, "severity", alert.severity());
        put(labels, "segment", alert.segment());
        put(labels, "value", alert.value());
        put(labels, "incident", alert.id());
        put(labels, "source", "shopwatch");
        ObjectNode annotations = one.putObject("annotations");
        put(annotations, "summary", alert.summary());
        put(annotations, "description", alert.description());
        for (AlertMessage.Fact fact : message.facts()) {
            put(annotations, fact.label().toLowerCase(java.util.Locale.ROOT).replace(' ', '_'), fact.value());
        }
        put(annotations, "causes", message.causes().stream().collect(Collectors.joining("; ")));
        for (AlertMessage.Link link : message.links()) {
            put(annotations, link.label().equals("Runbook") ? "runbook_url" : "dashboard_url", link.url());
        }
        Instant start = Instant.ofEpochMilli(alert.startsAt());
        one.put("startsAt", start.toString());
        one.put("endsAt", end(alert, start, now).toString());
        message.links().stream()
                .filter(link -> link.label().equals("Dashboard"))
                .findFirst()
                .ifPresent(link -> one.put("generatorURL", link.url()));
        return one;
    }

    /** Alertmanager refuses an end before the start, and takes an end ahead of the clock for an alert still firing. */
    private static Instant end(Alert alert, Instant start, Instant now) {
        Instant end;
        if (!AlertMessage.RESOLVED.equals(alert.status())) {
            end = now.plus(VALID_FOR);
        } else {
            end = alert.endsAt() == null ? now : Instant.ofEpochMilli(alert.endsAt());
            if (end.isAfter(now)) {
                end = now;
            }
        }
        return end.isBefore(start) ? start : end;
    }

    private static void put(ObjectNode node, String name, String value) {
        String clean = Texts.clean(value);
        if (!clean.isEmpty()) {
            node.put(name, clean);
        }
    }
}
