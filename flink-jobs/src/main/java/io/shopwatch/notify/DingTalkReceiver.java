package io.shopwatch.notify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shopwatch.settings.Secret;
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;

/**
 * DingTalk custom robot (open.dingtalk.com, "Custom robot access" and its security settings).
 *
 * <p>A message is an {@code actionCard} where there is something to click, else {@code markdown}. With a secret the
 * address gets {@code timestamp} (milliseconds, within an hour of DingTalk's clock) and {@code sign} = HMAC-SHA256 of
 * {@code timestamp + "\n" + secret} keyed with the secret, base64, URL-encoded. More than 20 messages a minute lock the
 * robot for ten minutes (errcode 130101, on newer accounts 410100). A request may have 20,000 bytes.
 */
final class DingTalkReceiver implements Receiver {
    static final int LIMIT_BYTES = 20_000;
    // Two below the limit: messages may arrive closer together than they left, and going over costs ten minutes.
    private static final int MAX_PER_MINUTE = 18;
    private static final Map<Long, Duration> LATER =
            Map.of(-1L, Duration.ZERO, 130101L, Duration.ofMinutes(10), 410100L, Duration.ofMinutes(10));

    private final URI uri;
    private final Secret secret;
    private final ZoneId zone;

    /** @param secret null where the robot does not ask for signatures */
    DingTalkReceiver(URI uri, Secret secret, ZoneId zone) {
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
                signed(now),
                Shortening.fit(
                        AlertMessage.of(alert, zone),
                        LIMIT_BYTES,
                        DingTalkReceiver::body,
                        body -> Texts.bytes(Json.text(body))));
    }

    @Override
    public Answer read(String body) {
        return RobotAnswer.read(body, new String[] {"errcode"}, "errmsg", LATER);
    }

    private static ObjectNode body(AlertMessage message) {
        ObjectNode body = Json.mapper().createObjectNode();
        boolean card = !message.links().isEmpty();
        body.put("msgtype", card ? "actionCard" : "markdown");
        ObjectNode content = body.putObject(card ? "actionCard" : "markdown");
        content.put("title", Texts.cut(message.title(), 100));
        content.put("text", text(message));
        if (card) {
            content.put("btnOrientation", "0");
            ArrayNode buttons = content.putArray("btns");
            for (AlertMessage.Link link : message.links()) {
                buttons.addObject().put("title", link.label()).put("actionURL", link.url());
            }
        } else {
            body.putObject("at").put("isAtAll", false);
        }
        return body;
    }

    private static String text(AlertMessage message) {
        StringBuilder text = new StringBuilder("### ").append(FullWidth.escape(message.title()));
        if (!message.description().isEmpty()) {
            text.append("\n\n").append(FullWidth.escape(message.description()));
        }
        text.append("\n");
        for (AlertMessage.Fact fact : message.facts()) {
            text.append("\n- **").append(fact.label()).append("**: ").append(FullWidth.escape(fact.value()));
        }
        if (!message.causes().isEmpty()) {
            text.append("\n\n**Likely causes**\n");
            for (String cause : message.causes()) {
                text.append("\n- ").append(FullWidth.escape(cause));
            }
        }
        return text.append("\n\n").append(FullWidth.escape(message.footer())).toString();
    }

    private URI signed(Instant now) {
        if (secret == null) {
            return uri;
        }
        long timestamp = now.toEpochMilli();
        String sign = Signature.of(secret.reveal(), timestamp + "\n" + secret.reveal());
        return URI.create(uri
                + (uri.getRawQuery() == null ? "?" : "&")
                + "timestamp=" + timestamp
                + "&sign=" + URLEncoder.encode(sign, StandardCharsets.UTF_8));
    }
}
