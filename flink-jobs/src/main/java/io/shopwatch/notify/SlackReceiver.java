package io.shopwatch.notify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.Json;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Slack incoming webhook with Block Kit (docs.slack.dev, "Block Kit reference" and "Formatting text for app surfaces").
 *
 * <p>Limits: 50 blocks, header 150 characters, section text 3000, 10 fields of 2000 each; one message a second. Text
 * objects are {@code verbatim}, so only what stands in angle brackets is a link or a mention, and {@code &}, {@code <}
 * and {@code >} of the alert are escaped.
 */
final class SlackReceiver implements Receiver {
    static final int HEADER = 150;
    static final int SECTION = 3000;
    static final int FIELD = 2000;
    private static final int MAX_PER_MINUTE = 60;

    private final URI uri;
    private final ZoneId zone;

    SlackReceiver(URI uri, ZoneId zone) {
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
        AlertMessage message = AlertMessage.of(alert, zone).shortened(1000);
        ObjectNode body = Json.mapper().createObjectNode();
        // What a phone's lock screen and a screen reader get.
        body.put("text", fit(message.title(), SECTION));
        ArrayNode blocks = body.putArray("blocks");
        ObjectNode header = blocks.addObject().put("type", "header").putObject("text");
        header.put("type", "plain_text")
                .put("text", Texts.cut(message.title(), HEADER))
                .put("emoji", false);
        if (!message.description().isEmpty()) {
            section(blocks, fit(message.description(), SECTION));
        }
        ArrayNode fields = blocks.addObject().put("type", "section").putArray("fields");
        for (AlertMessage.Fact fact : message.facts()) {
            String label = "*" + escape(fact.label()) + "*\n";
            markdown(fields.addObject(), label + fit(fact.value(), FIELD - label.length()));
        }
        if (!message.causes().isEmpty()) {
            int each = (SECTION - 100) / message.causes().size() - 3;
            section(
                    blocks,
                    message.causes().stream()
                            .map(cause -> "• " + fit(cause, each))
                            .collect(Collectors.joining("\n", "*Likely causes*\n", "")));
        }
        if (!message.links().isEmpty()) {
            section(blocks, links(message.links()));
        }
        ArrayNode context = blocks.addObject().put("type", "context").putArray("elements");
        markdown(context.addObject(), fit(message.footer(), FIELD));
        return Post.json(uri, body);
    }

    private static String links(List<AlertMessage.Link> links) {
        return links.stream()
                .map(link -> "<" + escape(link.url()).replace("|", "%7C") + "|" + escape(link.label()) + ">")
                .collect(Collectors.joining("  ·  "));
    }

    private static void section(ArrayNode blocks, String text) {
        markdown(blocks.addObject().put("type", "section").putObject("text"), text);
    }

    private static void markdown(ObjectNode node, String text) {
        node.put("type", "mrkdwn").put("text", text).put("verbatim", true);
    }

    private static String fit(String text, int limit) {
        return Texts.fit(text, limit, SlackReceiver::escape, String::length);
    }

    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
