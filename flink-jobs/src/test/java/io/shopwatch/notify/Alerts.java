package io.shopwatch.notify;

import io.shopwatch.settings.Secret;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Alert;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Alerts and receivers for tests. */
final class Alerts {
    /** 2026-11-23 20:14:05 UTC. */
    static final Instant START = Instant.parse("2026-11-23T20:14:05Z");

    /** Strings that try to be more than text in one of the products. */
    static final String HOSTILE = "<!channel> @all <@everyone> <at id=all></at> **b** _i_ [x](http://evil.example) "
            + "![i](http://evil.example/p) `c` # h > q <font color=\"info\">f</font> <script>alert(1)</script> & | ~ "
            + "\"quoted\" \\ \n# heading\n> quote\r\n- item\u0000\u0007\u202Egnp.exe\uD83D";

    private Alerts() {}

    static Alert firing(String id) {
        return conversionDrop(id, "firing", null, 0.581, 0.612, 3.1);
    }

    static Alert resolved(String id) {
        return conversionDrop(id, "resolved", START.plusSeconds(754).toEpochMilli(), 0.609, 0.612, 0.3);
    }

    private static Alert conversionDrop(
            String id, String status, Long endsAt, double observed, double baseline, double dropPoints) {
        return new Alert(
                id,
                "conversion-drop",
                "conversion_drop",
                "critical",
                status,
                START.toEpochMilli(),
                endsAt,
                "channel",
                "ads",
                "cart > order fell by 3.1 points on ads",
                "cart > order on channel ads fell from 61.2 % to 58.1 %",
                observed,
                baseline,
                dropPoints,
                12_345L,
                0.9971,
                List.of(
                        new Alert.Cause("device", "ios", 0.79, "SKU-17 out of stock since 20:14"),
                        new Alert.Cause("region", "north", 0.12, null)),
                "https://grafana.example/d/funnel?var-channel=ads&from=1",
                "https://wiki.example/runbooks#conversion-drop",
                "trusted",
                List.of());
    }

    /** Only what an alert cannot do without. */
    static Alert bare(String id, String status) {
        return new Alert(
                id,
                null,
                null,
                null,
                status,
                START.toEpochMilli(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** The text in every field, and figures that are none. */
    static Alert of(String text) {
        return new Alert(
                text,
                text,
                text,
                "critical",
                "firing",
                START.toEpochMilli(),
                null,
                text,
                text,
                text,
                text + ".",
                Double.NaN,
                Double.POSITIVE_INFINITY,
                null,
                Long.MAX_VALUE,
                2.0,
                java.util.Collections.nCopies(20, new Alert.Cause(text, text, Double.NaN, text)),
                text,
                "javascript:alert(1)",
                text,
                List.of());
    }

    static Alert addressed(Alert alert, String severity, List<String> receivers) {
        return new Alert(
                alert.id(),
                alert.rule(),
                alert.kind(),
                severity,
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
                receivers);
    }

    static Settings.Receiver receiver(String name, String type, String url) {
        return new Settings.Receiver(
                name, type, new Secret(url), null, "info", 600, Duration.ofSeconds(5), null, Duration.ofHours(1));
    }
}
