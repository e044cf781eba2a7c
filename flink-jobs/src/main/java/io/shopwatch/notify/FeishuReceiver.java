package io.shopwatch.notify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shopwatch.settings.Secret;
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.Json;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Feishu (Lark) custom bot with an interactive card (open.feishu.cn, "Custom bot usage guide").
 *
 * <p>With a secret the body gets {@code timestamp} (seconds, within an hour of Feishu's clock) and {@code sign} =
 * HMAC-SHA256 of nothing, keyed with {@code timestamp + "\n" + secret}, base64. A request may have 20 KB; 100 messages
 * a minute. Code 11232 is rate limiting, which Feishu also applies under its own load at full and half hours. All that
 * comes from the alert is {@code plain_text}, in which neither Markdown nor {@code <at>} means anything.
 */
final class FeishuReceiver implements Receiver {
    static final int LIMIT_BYTES = 20_000;
    private static final int MAX_PER_MINUTE = 100;
    private static final Map<Long, Duration> LATER =
            Map.of(11232L, Duration.ZERO, 2200L, Duration.ZERO, 99991400L, Duration.ZERO);

    private final URI uri;
    private final Secret secret;
    private final ZoneId zone;

    /** @param secret null where the bot does not ask for signatures */
    FeishuReceiver(URI uri, Secret secret, ZoneId zone) {
        this.uri = uri;
        this.secret = secret;
        this.zone = zone;
    }

    @Override
    public URI uri() {
        return uri;
    }

    @Override
    public int maxPerMinute() {
        return MAX_PER_MINUTE;
    }

    @Override
    public Post post(Alert alert, Instant now) {
        return Post.json(
                uri,
                Shortening.fit(
                        AlertMessage.of(alert, zone),
                        LIMIT_BYTES,
                        message -> body(message, now),
                        body -> Texts.bytes(Json.text(body))));
    }

    @Override
    public Answer read(String body) {
        return RobotAnswer.read(body, new String[] {"code", "StatusCode"}, "msg", LATER);
    }

    private ObjectNode body(AlertMessage message, Instant now) {
        ObjectNode body = Json.mapper().createObjectNode();
        if (secret != null) {
            String timestamp = Long.toString(now.getEpochSecond());
            body.put("timestamp", timestamp);
            body.put("sign", Signature.of(timestamp + "\n" + secret.reveal(), ""));
        }
        body.put("msg_type", "interactive");
        ObjectNode card = body.putObject("card");
        card.putObject("config").put("wide_screen_mode", true);
        ObjectNode header = card.putObject("header");
        header.put("template", colour(message));
        plain(header.putObject("title"), message.title());
        ArrayNode elements = card.putArray("elements");
        if (!message.description().isEmpty()) {
            plain(elements.addObject().put("tag", "div").putObject("text"), message.description());
        }
        ArrayNode fields = elements.addObject().put("tag", "div").putArray("fields");
        for (AlertMessage.Fact fact : message.facts()) {
            ObjectNode field = fields.addObject();
            field.put("is_short", true);
            plain(field.putObject("text"), fact.label() + "\n" + fact.value());
        }
        if (!message.causes().isEmpty()) {
            elements.addObject().put("tag", "hr");
            plain(
                    elements.addObject().put("tag", "div").putObject("text"),
                    message.causes().stream().collect(Collectors.joining("\n• ", "Likely causes\n• ", "")));
        }
        if (!message.links().isEmpty()) {
            ArrayNode actions = elements.addObject().put("tag", "action").putArray("actions");
            for (AlertMessage.Link link : message.links()) {
                ObjectNode button = actions.addObject();
                button.put("tag", "button").put("type", "default").put("url", link.url());
                plain(button.putObject("text"), link.label());
            }
        }
        plain(elements.addObject().put("tag", "note").putArray("elements").addObject(), message.footer());
        return body;
    }

    private static void plain(ObjectNode node, String text) {
        node.put("tag", "plain_text").put("content", text);
    }

    private static String colour(AlertMessage message) {
        if (message.resolved()) {
            return "green";
        }
        return switch (message.severity()) {
            case "info" -> "blue";
            case "warning" -> "orange";
            default -> "red";
        };
    }
}
