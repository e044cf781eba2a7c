package io.shopwatch.notify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.Json;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Microsoft Teams by a Workflows webhook ("When a Teams webhook request is received"): an Adaptive Card in a message
 * (learn.microsoft.com, "Create incoming webhooks with Workflows" and "Send Adaptive Cards using an Incoming Webhook").
 *
 * <p>A message may have 28 KB, four requests a second. What comes from the alert stands in {@code RichTextBlock}s, whose
 * {@code TextRun}s know no Markdown; a mention would need an entry in {@code msteams.entities}. Older connectors report
 * a failed delivery as text in a 200.
 */
final class TeamsReceiver implements Receiver {
    // Documented are 28 KB; messages of more than some 21 KB were seen refused.
    static final int LIMIT_BYTES = 21_000;
    private static final int MAX_PER_MINUTE = 240;
    private static final Pattern CONNECTOR_ERROR = Pattern.compile("returned HTTP error (\\d{3})");

    private final URI uri;
    private final ZoneId zone;

    TeamsReceiver(URI uri, ZoneId zone) {
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
        return Post.json(
                uri,
                Shortening.fit(
                        AlertMessage.of(alert, zone),
                        LIMIT_BYTES,
                        TeamsReceiver::body,
                        body -> Texts.bytes(Json.text(body))));
    }

    @Override
    public Answer read(String body) {
        Matcher error = CONNECTOR_ERROR.matcher(body);
        if (!error.find()) {
            return Answer.delivered();
        }
        int status = Integer.parseInt(error.group(1));
        String reason = "Teams answered " + status + " behind the webhook";
        return status == 429 || status >= 500 ? Answer.tryLater(reason) : new Answer.Refused(reason);
    }

    private static ObjectNode body(AlertMessage message) {
        ObjectNode body = Json.mapper().createObjectNode();
        body.put("type", "message");
        ObjectNode attachment = body.putArray("attachments").addObject();
        attachment.put("contentType", "application/vnd.microsoft.card.adaptive");
        attachment.putNull("contentUrl");
        ObjectNode card = attachment.putObject("content");
        card.put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
        card.put("type", "AdaptiveCard");
        card.put("version", "1.4");
        card.putObject("msteams").put("width", "Full");
        ArrayNode elements = card.putArray("body");
        ArrayNode title = text(elements);
        run(title, message.title(), true).put("size", "Large").put("color", colour(message));
        if (!message.description().isEmpty()) {
            run(text(elements), message.description(), false);
        }
        for (AlertMessage.Fact fact : message.facts()) {
            ArrayNode line = text(elements, "Small");
            run(line, fact.label() + ": ", true);
            run(line, fact.value(), false);
        }
        if (!message.causes().isEmpty()) {
            run(text(elements), "Likely causes", true);
            for (String cause : message.causes()) {
                run(text(elements, "Small"), "• " + cause, false);
            }
        }
        run(text(elements), message.footer(), false).put("isSubtle", true).put("size", "Small");
        if (!message.links().isEmpty()) {
            ArrayNode actions = card.putArray("actions");
            for (AlertMessage.Link link : message.links()) {
                actions.addObject()
                        .put("type", "Action.OpenUrl")
                        .put("title", link.label())
                        .put("url", link.url());
            }
        }
        return body;
    }

    private static ArrayNode text(ArrayNode elements) {
        return text(elements, "Default");
    }

    private static ArrayNode text(ArrayNode elements, String spacing) {
        return elements.addObject()
                .put("type", "RichTextBlock")
                .put("spacing", spacing)
                .putArray("inlines");
    }

    private static ObjectNode run(ArrayNode inlines, String text, boolean bold) {
        ObjectNode run = inlines.addObject().put("type", "TextRun").put("text", text);
        return bold ? run.put("weight", "Bolder") : run;
    }

    private static String colour(AlertMessage message) {
        if (message.resolved()) {
            return "Good";
        }
        return switch (message.severity()) {
            case "info" -> "Accent";
            case "warning" -> "Warning";
            default -> "Attention";
        };
    }
}
