package io.shopwatch.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.shopwatch.settings.Secret;
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is posted, held against what each product documents: fields, types, sizes, and what counts as markup. */
class PayloadTest {
    private static final URI URL = URI.create("https://chat.example/hook?key=1");
    private static final Instant NOW = Instant.parse("2026-11-23T20:15:00Z");

    /** Ordinary, minimal, hostile, and far too long in one, three and four bytes a character. */
    static Stream<Alert> alerts() {
        return Stream.of(
                Alerts.firing("a1"),
                Alerts.resolved("a1"),
                Alerts.bare("a1", "firing"),
                Alerts.bare("a1", "resolved"),
                Alerts.of(Alerts.HOSTILE),
                Alerts.of(Alerts.HOSTILE.repeat(100)),
                Alerts.of("x".repeat(60_000)),
                Alerts.of("中".repeat(60_000)),
                Alerts.of("😀".repeat(60_000)),
                Alerts.of("&".repeat(60_000)),
                Alerts.of("\"".repeat(60_000)));
    }

    private static JsonNode json(Post post) {
        try {
            return Json.mapper().readTree(post.bytes());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        if (node.isTextual()) {
            texts.add(node.asText());
        }
        node.forEach(child -> texts.addAll(texts(child)));
        return texts;
    }

    private static String allText(JsonNode node) {
        return String.join("\n", texts(node));
    }

    // ---- webhook

    @Test
    void theWebhookGetsTheAlertItselfAndAnIdempotencyKey() throws IOException {
        Alert alert = Alerts.addressed(Alerts.firing("a1"), "critical", List.of("oncall"));
        Post post = new WebhookReceiver(URL).post(alert, NOW);

        assertThat(post.headers()).containsEntry("Idempotency-Key", "a1/firing");
        assertThat(post.uri()).isEqualTo(URL);
        assertThat(Json.read(post.bytes(), Alert.class)).isEqualTo(Alerts.addressed(alert, "critical", null));
        assertThat(json(post).fieldNames())
                .toIterable()
                .containsExactly(
                        "id",
                        "rule",
                        "kind",
                        "severity",
                        "status",
                        "startsAt",
                        "segment",
                        "value",
                        "summary",
                        "description",
                        "observed",
                        "baseline",
                        "dropPoints",
                        "sampleSize",
                        "confidence",
                        "causes",
                        "dashboardUrl",
                        "runbookUrl",
                        "data");
    }

    @Test
    void anIdCannotAddAHeader() {
        Post post = new WebhookReceiver(URL).post(Alerts.bare("a\r\nX-Evil: 1", "firing"), NOW);
        assertThat(post.headers()).containsEntry("Idempotency-Key", "a__X-Evil:_1/firing");
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void theWebhookBodyIsAlwaysJson(Alert alert) {
        assertThat(json(new WebhookReceiver(URL).post(alert, NOW))
                        .path("status")
                        .asText())
                .isEqualTo(alert.status());
    }

    // ---- Alertmanager: api/v2/openapi.yaml, postableAlert; types.Alert.Validate

    @ParameterizedTest
    @MethodSource("alerts")
    void alertmanagerPayloadsAreValid(Alert alert) {
        JsonNode body =
                json(new AlertmanagerReceiver(URI.create("http://am.example:9093/"), ZoneOffset.UTC).post(alert, NOW));

        assertThat(body.isArray()).isTrue();
        assertThat(body).hasSize(1);
        JsonNode one = body.get(0);
        assertThat(one.path("labels").path("alertname").asText()).isNotEmpty();
        for (String set : List.of("labels", "annotations")) {
            one.path(set).fieldNames().forEachRemaining(name -> assertThat(name).matches("[a-zA-Z_][a-zA-Z0-9_]*"));
            one.path(set).forEach(value -> assertThat(value.isTextual()).isTrue());
        }
        Instant start = Instant.parse(one.path("startsAt").asText());
        Instant end = Instant.parse(one.path("endsAt").asText());
        assertThat(end).isAfterOrEqualTo(start);
        if (one.has("generatorURL")) {
            assertThat(URI.create(one.path("generatorURL").asText()).isAbsolute())
                    .isTrue();
        }
    }

    @Test
    void alertmanagerKeepsAnAlertFiringForFiveMinutesAndResolvesItAtItsEnd() {
        AlertmanagerReceiver receiver = new AlertmanagerReceiver(URI.create("http://am.example:9093"), ZoneOffset.UTC);
        JsonNode firing = json(receiver.post(Alerts.firing("a1"), NOW)).get(0);
        Instant later = Instant.parse("2026-11-23T21:00:00Z");
        JsonNode resolved = json(receiver.post(Alerts.resolved("a1"), later)).get(0);

        assertThat(receiver.uri()).hasToString("http://am.example:9093/api/v2/alerts");
        assertThat(firing.path("startsAt").asText()).isEqualTo("2026-11-23T20:14:05Z");
        assertThat(firing.path("endsAt").asText()).isEqualTo("2026-11-23T20:20:00Z");
        assertThat(resolved.path("endsAt").asText()).isEqualTo("2026-11-23T20:26:39Z");
        assertThat(resolved.path("labels")).isEqualTo(firing.path("labels"));
        assertThat(firing.path("labels").path("alertname").asText()).isEqualTo("conversion-drop");
        assertThat(firing.path("labels").path("severity").asText()).isEqualTo("critical");
        assertThat(firing.path("annotations").path("change").asText()).isEqualTo("61.2 % → 58.1 % (−3.1 points)");
        assertThat(firing.path("annotations").path("runbook_url").asText()).startsWith("https://wiki.example/");
        // event time ahead of the clock would read as still firing
        JsonNode early = json(receiver.post(Alerts.resolved("a1"), NOW)).get(0);
        assertThat(early.path("endsAt").asText()).isEqualTo("2026-11-23T20:15:00Z");
        // and an end before the start is refused: the clock may be behind event time
        JsonNode before = json(receiver.post(Alerts.resolved("a1"), Instant.parse("2026-11-23T20:00:00Z")))
                .get(0);
        assertThat(before.path("endsAt").asText())
                .isEqualTo(before.path("startsAt").asText());
    }

    @Test
    void alertmanagerAddressesMayNameTheApiOrTheServer() {
        for (String address : List.of("http://am/x", "http://am/x/", "http://am/x/api/v2/alerts")) {
            assertThat(new AlertmanagerReceiver(URI.create(address), ZoneOffset.UTC).uri())
                    .hasToString("http://am/x/api/v2/alerts");
        }
    }

    // ---- Slack: Block Kit reference, incoming webhooks, formatting text

    @ParameterizedTest
    @MethodSource("alerts")
    void slackPayloadsKeepTheLimitsAndMentionNobody(Alert alert) {
        JsonNode body = json(new SlackReceiver(URL, ZoneOffset.UTC).post(alert, NOW));

        assertThat(body.path("text").asText()).isNotEmpty();
        assertThat(body.path("text").asText().length()).isLessThanOrEqualTo(3000);
        JsonNode blocks = body.path("blocks");
        assertThat(blocks.size()).isBetween(2, 50);
        for (JsonNode block : blocks) {
            switch (block.path("type").asText()) {
                case "header" -> slackText(block.path("text"), "plain_text", 150);
                case "section" -> {
                    assertThat(block.has("text") ^ block.has("fields")).isTrue();
                    if (block.has("text")) {
                        slackText(block.path("text"), "mrkdwn", 3000);
                    } else {
                        assertThat(block.path("fields").size()).isBetween(1, 10);
                        block.path("fields").forEach(field -> slackText(field, "mrkdwn", 2000));
                    }
                }
                case "context" -> {
                    assertThat(block.path("elements").size()).isBetween(1, 10);
                    block.path("elements").forEach(element -> slackText(element, "mrkdwn", 3000));
                }
                default -> throw new AssertionError(block);
            }
        }
    }

    private static void slackText(JsonNode text, String type, int limit) {
        assertThat(text.path("type").asText()).isEqualTo(type);
        assertThat(text.path("text").asText().length()).isBetween(1, limit);
        if (type.equals("mrkdwn")) {
            String content = text.path("text").asText();
            // what stands in angle brackets is ours: a link to click
            assertThat(content.replaceAll("<https?://[^<>|]+\\|(Dashboard|Runbook)>", ""))
                    .doesNotContain("<", ">");
            // every ampersand begins one of the three entities, none of which is cut
            assertThat(content.replaceAll("&(amp|lt|gt);", "")).doesNotContain("&");
            assertThat(text.path("verbatim").asBoolean()).isTrue();
        }
    }

    @Test
    void slackShowsLinksAndFacts() {
        JsonNode body = json(new SlackReceiver(URL, ZoneOffset.UTC).post(Alerts.firing("a1"), NOW));
        assertThat(allText(body))
                .contains("<https://grafana.example/d/funnel?var-channel=ads&amp;from=1|Dashboard>")
                .contains("*Change*\n61.2 % → 58.1 % (−3.1 points)")
                .contains("*Likely causes*\n• 79 %: device = ios");
        assertThat(body.path("text").asText()).isEqualTo("🔴 CRITICAL: cart &gt; order fell by 3.1 points on ads");
    }

    // ---- DingTalk: custom robot message types

    @ParameterizedTest
    @MethodSource("alerts")
    void dingTalkPayloadsKeepTheLimitsAndMentionNobody(Alert alert) {
        Post post = new DingTalkReceiver(URL, null, ZoneOffset.UTC).post(alert, NOW);
        JsonNode body = json(post);

        assertThat(post.bytes()).hasSizeLessThanOrEqualTo(20_000);
        String type = body.path("msgtype").asText();
        JsonNode content = body.path(type);
        assertThat(content.path("title").asText()).isNotEmpty();
        assertThat(content.path("text").asText()).startsWith("### ");
        if (type.equals("actionCard")) {
            assertThat(content.path("btns").size()).isBetween(1, 5);
            content.path("btns").forEach(button -> {
                assertThat(button.path("title").asText()).isNotEmpty();
                assertThat(button.path("actionURL").asText()).startsWith("http");
            });
        } else {
            assertThat(type).isEqualTo("markdown");
            assertThat(body.path("at").path("isAtAll").asBoolean(true)).isFalse();
        }
        assertNoMarkup(
                content.path("text").asText(),
                "^### ",
                "^- \\*\\*[A-Za-z ]+\\*\\*: ",
                "^- ",
                "^\\*\\*Likely causes\\*\\*$");
    }

    /** After taking away the markup we write ourselves, line by line, none is left. */
    private static void assertNoMarkup(String text, String... ours) {
        for (String line : text.split("\n")) {
            String rest = line;
            for (String pattern : ours) {
                rest = rest.replaceAll(pattern, "");
            }
            assertThat(rest).doesNotContain("<", ">", "[", "]", "*", "`", "#", "@", "!", "|", "\\");
        }
    }

    @Test
    void dingTalkSignsTheAddress() {
        // python3: quote_plus(b64encode(hmac.new(b'this is secret', b'1577262236763\nthis is secret',
        // sha256).digest()))
        Post post = new DingTalkReceiver(
                        URI.create("https://oapi.dingtalk.com/robot/send?access_token=t"),
                        new Secret("this is secret"),
                        ZoneOffset.UTC)
                .post(Alerts.firing("a1"), Instant.ofEpochMilli(1577262236763L));
        assertThat(post.uri())
                .hasToString("https://oapi.dingtalk.com/robot/send?access_token=t&timestamp=1577262236763"
                        + "&sign=65MT711%2BGWiSnGh%2FQa09NEj9PVTnEudCD%2BuYHXENMZY%3D");
    }

    @Test
    void dingTalkAnswersAreInTheBody() {
        Receiver receiver = new DingTalkReceiver(URL, null, ZoneOffset.UTC);
        assertThat(receiver.read("{\"errcode\":0,\"errmsg\":\"ok\"}")).isEqualTo(Answer.delivered());
        assertThat(receiver.read("{\"errcode\":310000,\"errmsg\":\"sign not match\"}"))
                .isEqualTo(new Answer.Refused("errcode 310000: sign not match"));
        assertThat(receiver.read("{\"errcode\":130101,\"errmsg\":\"send too fast, exceed 20 times per minute\"}"))
                .isEqualTo(new Answer.TryLater(
                        "errcode 130101: send too fast, exceed 20 times per minute", Duration.ofMinutes(10)));
        assertThat(receiver.read("{\"errcode\":-1,\"errmsg\":\"busy\"}"))
                .isEqualTo(Answer.tryLater("errcode -1: busy"));
        assertThat(receiver.read("<html>login</html>")).isInstanceOf(Answer.TryLater.class);
        assertThat(receiver.read("")).isInstanceOf(Answer.TryLater.class);
        assertThat(receiver.read("{}")).isInstanceOf(Answer.TryLater.class);
        assertThat(receiver.read("null")).isInstanceOf(Answer.TryLater.class);
    }

    // ---- Feishu: custom bot usage guide, interactive card

    @ParameterizedTest
    @MethodSource("alerts")
    void feishuPayloadsKeepTheLimitsAndHoldOnlyPlainText(Alert alert) {
        Post post = new FeishuReceiver(URL, new Secret("demo"), ZoneOffset.UTC).post(alert, NOW);
        JsonNode body = json(post);

        assertThat(post.bytes()).hasSizeLessThanOrEqualTo(20 * 1024);
        assertThat(body.path("msg_type").asText()).isEqualTo("interactive");
        JsonNode card = body.path("card");
        assertThat(card.path("header").path("template").asText()).isIn("red", "orange", "blue", "green");
        feishuText(card.path("header").path("title"));
        for (JsonNode element : card.path("elements")) {
            switch (element.path("tag").asText()) {
                case "div" -> {
                    assertThat(element.has("text") ^ element.has("fields")).isTrue();
                    if (element.has("text")) {
                        feishuText(element.path("text"));
                    }
                    element.path("fields").forEach(field -> {
                        assertThat(field.path("is_short").isBoolean()).isTrue();
                        feishuText(field.path("text"));
                    });
                }
                case "note" -> element.path("elements").forEach(PayloadTest::feishuText);
                case "action" ->
                    element.path("actions").forEach(action -> {
                        assertThat(action.path("tag").asText()).isEqualTo("button");
                        feishuText(action.path("text"));
                        assertThat(action.path("url").asText()).startsWith("http");
                    });
                default -> assertThat(element.path("tag").asText()).isEqualTo("hr");
            }
        }
    }

    private static void feishuText(JsonNode text) {
        assertThat(text.path("tag").asText()).isEqualTo("plain_text");
        assertThat(text.path("content").asText()).isNotEmpty();
    }

    @Test
    void feishuSignsTheBody() {
        // python3: b64encode(hmac.new(b'1599360473\ndemo', b'', sha256).digest())
        JsonNode body = json(new FeishuReceiver(URL, new Secret("demo"), ZoneOffset.UTC)
                .post(Alerts.firing("a1"), Instant.ofEpochSecond(1599360473L)));
        assertThat(body.path("timestamp").asText()).isEqualTo("1599360473");
        assertThat(body.path("sign").asText()).isEqualTo("l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=");
        assertThat(json(new FeishuReceiver(URL, null, ZoneOffset.UTC).post(Alerts.firing("a1"), NOW))
                        .has("sign"))
                .isFalse();
    }

    @Test
    void feishuAnswersAreInTheBody() {
        Receiver receiver = new FeishuReceiver(URL, null, ZoneOffset.UTC);
        assertThat(receiver.read("{\"code\":0,\"msg\":\"success\",\"data\":{}}"))
                .isEqualTo(Answer.delivered());
        assertThat(receiver.read("{\"StatusCode\":0,\"StatusMessage\":\"success\"}"))
                .isEqualTo(Answer.delivered());
        assertThat(receiver.read("{\"code\":19021,\"msg\":\"sign match fail\"}"))
                .isEqualTo(new Answer.Refused("code 19021: sign match fail"));
        assertThat(receiver.read("{\"code\":11232,\"msg\":\"frequency limited\"}"))
                .isEqualTo(Answer.tryLater("code 11232: frequency limited"));
    }

    // ---- WeCom: group robot configuration

    @ParameterizedTest
    @MethodSource("alerts")
    void weComPayloadsKeepTheLimitsAndMentionNobody(Alert alert) {
        JsonNode body = json(new WeComReceiver(URL, ZoneOffset.UTC).post(alert, NOW));

        assertThat(body.path("msgtype").asText()).isEqualTo("markdown");
        String content = body.path("markdown").path("content").asText();
        assertThat(content.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, 4096);
        assertNoMarkup(
                content,
                "^### <font color=\"(info|comment|warning)\">",
                "^<font color=\"comment\">",
                "</font>$",
                "^> ([A-Z][A-Za-z ]+: \\*\\*)?",
                "\\*\\*$",
                "^\\*\\*Likely causes",
                "^\\[(Dashboard|Runbook)\\]\\(http[^()<>]*\\)$");
    }

    @Test
    void weComAnswersAreInTheBody() {
        Receiver receiver = new WeComReceiver(URL, ZoneOffset.UTC);
        assertThat(receiver.read("{\"errcode\":0,\"errmsg\":\"ok\"}")).isEqualTo(Answer.delivered());
        assertThat(receiver.read("{\"errcode\":45009,\"errmsg\":\"api freq out of limit\"}"))
                .isEqualTo(new Answer.TryLater("errcode 45009: api freq out of limit", Duration.ofMinutes(1)));
        assertThat(receiver.read("{\"errcode\":93000,\"errmsg\":\"invalid webhook url\"}"))
                .isEqualTo(new Answer.Refused("errcode 93000: invalid webhook url"));
    }

    // ---- Teams: Workflows webhook, Adaptive Card schema 1.4

    @ParameterizedTest
    @MethodSource("alerts")
    void teamsPayloadsKeepTheLimitsAndMentionNobody(Alert alert) {
        Post post = new TeamsReceiver(URL, ZoneOffset.UTC).post(alert, NOW);
        JsonNode body = json(post);

        assertThat(post.bytes()).hasSizeLessThanOrEqualTo(28 * 1024);
        assertThat(body.path("type").asText()).isEqualTo("message");
        assertThat(body.path("attachments")).hasSize(1);
        JsonNode attachment = body.path("attachments").get(0);
        assertThat(attachment.path("contentType").asText()).isEqualTo("application/vnd.microsoft.card.adaptive");
        JsonNode card = attachment.path("content");
        assertThat(card.path("type").asText()).isEqualTo("AdaptiveCard");
        assertThat(card.path("version").asText()).isEqualTo("1.4");
        assertThat(card.path("msteams").has("entities")).isFalse();
        for (JsonNode element : card.path("body")) {
            // TextBlock would read Markdown
            assertThat(element.path("type").asText()).isEqualTo("RichTextBlock");
            assertThat(element.path("inlines").size()).isPositive();
            element.path("inlines").forEach(run -> {
                assertThat(run.path("type").asText()).isEqualTo("TextRun");
                assertThat(run.path("text").asText()).isNotEmpty();
            });
        }
        card.path("actions").forEach(action -> {
            assertThat(action.path("type").asText()).isEqualTo("Action.OpenUrl");
            assertThat(action.path("url").asText()).startsWith("http");
        });
    }

    @Test
    void teamsConnectorsReportFailuresInASuccess() {
        Receiver receiver = new TeamsReceiver(URL, ZoneOffset.UTC);
        assertThat(receiver.read("")).isEqualTo(Answer.delivered());
        assertThat(receiver.read("1")).isEqualTo(Answer.delivered());
        String prefix = "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error ";
        assertThat(receiver.read(prefix + "429 with ContextId x")).isInstanceOf(Answer.TryLater.class);
        assertThat(receiver.read(prefix + "413 with ContextId x")).isInstanceOf(Answer.Refused.class);
    }

    // ---- all chats

    @Test
    void everyChatTellsTheWholeStory() {
        List<Receiver> chats = List.of(
                new SlackReceiver(URL, ZoneOffset.UTC),
                new DingTalkReceiver(URL, null, ZoneOffset.UTC),
                new FeishuReceiver(URL, null, ZoneOffset.UTC),
                new WeComReceiver(URL, ZoneOffset.UTC),
                new TeamsReceiver(URL, ZoneOffset.UTC));
        for (Receiver chat : chats) {
            assertThat(allText(json(chat.post(Alerts.firing("a1"), NOW))))
                    .as(chat.getClass().getSimpleName())
                    .contains("61.2 % → 58.1 %", "−3.1 points", "2026-11-23 20:14:05", "99.7 %", "12,345")
                    .contains("SKU-17 out of stock since 20:14", "trusted", "https://wiki.example/runbooks");
            assertThat(allText(json(chat.post(Alerts.resolved("a1"), NOW))))
                    .as(chat.getClass().getSimpleName())
                    .contains("RESOLVED", "60.9 %", "12 min 34 s");
        }
    }
}
