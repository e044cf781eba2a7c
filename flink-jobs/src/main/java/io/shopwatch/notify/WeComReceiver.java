package io.shopwatch.notify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.Json;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;

/**
 * WeCom (WeChat Work) group robot with Markdown (developer.work.weixin.qq.com, "Group robot configuration").
 *
 * <p>{@code markdown.content} may have 4096 bytes of UTF-8 (errcode 40058 beyond), knows headings, bold, links, quotes,
 * code and three colours, and mentions somebody by {@code <@userid>}. 20 messages a minute (errcode 45009 beyond).
 */
final class WeComReceiver implements Receiver {
    static final int LIMIT_BYTES = 4096;
    // Two below the limit: messages may arrive closer together than they left.
    private static final int MAX_PER_MINUTE = 18;
    private static final Map<Long, Duration> LATER = Map.of(-1L, Duration.ZERO, 45009L, Duration.ofMinutes(1));

    private final URI uri;
    private final ZoneId zone;

    WeComReceiver(URI uri, ZoneId zone) {
        this.uri = uri;
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
        ObjectNode body = Json.mapper().createObjectNode();
        body.put("msgtype", "markdown");
        body.putObject("markdown")
                .put(
                        "content",
                        Shortening.fit(
                                AlertMessage.of(alert, zone), LIMIT_BYTES, WeComReceiver::content, Texts::bytes));
        return Post.json(uri, body);
    }

    @Override
    public Answer read(String body) {
        return RobotAnswer.read(body, new String[] {"errcode"}, "errmsg", LATER);
    }

    private static String content(AlertMessage message) {
        StringBuilder text = new StringBuilder("### <font color=\"")
                .append(message.resolved() ? "info" : message.severity().equals("info") ? "comment" : "warning")
                .append("\">")
                .append(FullWidth.escape(message.title()))
                .append("</font>");
        if (!message.description().isEmpty()) {
            text.append("\n").append(FullWidth.escape(message.description()));
        }
        for (AlertMessage.Fact fact : message.facts()) {
            text.append("\n> ")
                    .append(fact.label())
                    .append(": **")
                    .append(FullWidth.escape(fact.value()))
                    .append("**");
        }
        if (!message.causes().isEmpty()) {
            text.append("\n**Likely causes**");
            for (String cause : message.causes()) {
                text.append("\n> ").append(FullWidth.escape(cause));
            }
        }
        for (AlertMessage.Link link : message.links()) {
            text.append("\n[")
                    .append(link.label())
                    .append("](")
                    .append(url(link.url()))
                    .append(")");
        }
        return text.append("\n<font color=\"comment\">")
                .append(FullWidth.escape(message.footer()))
                .append("</font>")
                .toString();
    }

    /** A closing bracket would end the link early. */
    private static String url(String url) {
        return url.replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E");
    }
}
