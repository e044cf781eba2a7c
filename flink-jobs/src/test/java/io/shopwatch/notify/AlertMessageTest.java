package io.shopwatch.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.notify.AlertMessage.Fact;
import io.shopwatch.notify.AlertMessage.Link;
import io.shopwatch.wire.Alert;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertMessageTest {

    @Test
    void aFiringTellsWhatFromToSinceHowSureOnHowManyAndWhy() {
        AlertMessage message = AlertMessage.of(Alerts.firing("a1"), ZoneId.of("Asia/Shanghai"));

        assertThat(message.title()).isEqualTo("🔴 CRITICAL: cart > order fell by 3.1 points on ads");
        assertThat(message.description()).isEqualTo("cart > order on channel ads fell from 61.2 % to 58.1 %");
        assertThat(message.facts())
                .containsExactly(
                        new Fact("Where", "channel = ads"),
                        // 61.2 % − 58.1 % = 3.1 points
                        new Fact("Change", "61.2 % → 58.1 % (−3.1 points)"),
                        // 20:14:05 UTC is 04:14:05 of the next day in Shanghai
                        new Fact("Since", "2026-11-24 04:14:05 +08:00"),
                        new Fact("How sure", "99.7 %"),
                        new Fact("Sample", "12,345"),
                        new Fact("Data", "trusted"));
        assertThat(message.causes())
                .containsExactly("79 %: device = ios, SKU-17 out of stock since 20:14", "12 %: region = north");
        assertThat(message.links())
                .containsExactly(
                        new Link("Dashboard", "https://grafana.example/d/funnel?var-channel=ads&from=1"),
                        new Link("Runbook", "https://wiki.example/runbooks#conversion-drop"));
        assertThat(message.footer()).isEqualTo("Shopwatch · conversion-drop · a1");
    }

    @Test
    void aResolvedTellsTheRecoveredValueAndTheDuration() {
        AlertMessage message = AlertMessage.of(Alerts.resolved("a1"), ZoneOffset.UTC);

        assertThat(message.title()).isEqualTo("✅ RESOLVED: cart > order fell by 3.1 points on ads");
        assertThat(message.facts())
                .contains(
                        new Fact("Recovered", "60.9 % (usual: 61.2 %)"),
                        new Fact("Since", "2026-11-23 20:14:05 +00:00"),
                        new Fact("Until", "2026-11-23 20:26:39 +00:00"),
                        // 754 s = 12 min 34 s
                        new Fact("Lasted", "12 min 34 s"))
                .extracting(Fact::label)
                .doesNotContain("Change", "How sure");
    }

    @Test
    void whatIsMissingIsLeftOut() {
        AlertMessage message = AlertMessage.of(Alerts.bare("a1", "firing"), ZoneOffset.UTC);

        assertThat(message.title()).startsWith("🔴").contains("the whole shop");
        assertThat(message.facts()).extracting(Fact::label).containsExactly("Where", "Since");
        assertThat(message.causes()).isEmpty();
        assertThat(message.links()).isEmpty();
        assertThat(AlertMessage.of(Alerts.bare("a1", "resolved"), ZoneOffset.UTC)
                        .facts())
                .extracting(Fact::label)
                .containsExactly("Where", "Since");
    }

    @Test
    void nonsenseFiguresAreNoFiguresAndHostileLinksNoLinks() {
        AlertMessage message = AlertMessage.of(Alerts.of(Alerts.HOSTILE), ZoneOffset.UTC);

        assertThat(message.facts()).extracting(Fact::label).doesNotContain("Change");
        assertThat(message.links()).isEmpty();
        assertThat(message.causes()).hasSize(5);
        assertThat(message.toString()).doesNotContain("\n", "\r", "\u0000", "\u202E", "\uD83D>", "NaN", "Infinity");
    }

    @Test
    void degradedDataIsSaid() {
        Alert alert = Alerts.firing("a1");
        Alert degraded = new Alert(
                alert.id(),
                alert.rule(),
                "stock_out",
                "warning",
                "firing",
                alert.startsAt(),
                null,
                "sku",
                "SKU-17",
                "SKU-17 is out",
                null,
                0.0,
                120.0,
                null,
                null,
                null,
                List.of(),
                null,
                null,
                "degraded",
                null);
        AlertMessage message = AlertMessage.of(degraded, ZoneOffset.UTC);

        assertThat(message.title()).isEqualTo("🟠 WARNING: SKU-17 is out");
        assertThat(message.facts())
                .contains(
                        new Fact("Where", "sku = SKU-17"),
                        // units, not ratios
                        new Fact("Change", "120 → 0"),
                        new Fact("Data", "⚠ degraded: late, missing or rejected events"));
    }

    @ParameterizedTest
    @CsvSource({"0, 0.00 %", "0.0312, 3.12 %", "0.099949, 9.99 %", "0.09996, 10.0 %", "0.581, 58.1 %", "1, 100.0 %"})
    void percentagesKeepTheirFigures(double ratio, String expected) {
        assertThat(AlertMessage.percent(ratio)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"3.1, −3.1 points", "0.25, −0.25 points", "-1.5, +1.5 points", "0, +0.00 points"})
    void pointsSayTheirDirection(double drop, String expected) {
        assertThat(AlertMessage.points(drop)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0.9, 90.0 %", "0.99, 99.0 %", "0.9988, 99.8 %", "0.9999, over 99.9 %", "1, over 99.9 %", "-1, 0.0 %"})
    void nothingIsCertain(double confidence, String expected) {
        assertThat(AlertMessage.sureness(confidence)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 s",
        "59, 59 s",
        "60, 1 min",
        "754, 12 min 34 s",
        "3600, 1 h",
        "3661, 1 h 1 min",
        "90061, 1 d 1 h",
        "86400, 1 d"
    })
    void durationsHaveTwoUnits(long seconds, String expected) {
        assertThat(AlertMessage.duration(Duration.ofSeconds(seconds))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example/x?y=1, true",
        "http://127.0.0.1:3000/d, true",
        "javascript:alert(1), false",
        "dingtalk://x, false",
        "//a.example, false",
        "https://, false",
        "'https://a.example/ x', false",
        "https://a.example/\u4e2d, false",
        "'', false"
    })
    void onlyWebAddressesAreLinks(String url, boolean expected) {
        assertThat(AlertMessage.isWebAddress(url)).isEqualTo(expected);
    }
}
