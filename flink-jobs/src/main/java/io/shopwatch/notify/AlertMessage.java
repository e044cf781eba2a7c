package io.shopwatch.notify;

import io.shopwatch.wire.Alert;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * What a person is told of an alert, whatever the product: the same words everywhere, not yet escaped for any of them.
 * Every string is one clean line ({@link Texts#clean}).
 *
 * @param status {@code firing} or {@code resolved}
 * @param severity {@code info}, {@code warning} or {@code critical}
 * @param title one line for a phone
 * @param description a sentence more, or empty
 * @param facts what, from → to, since when, how sure, on how many, is the data sound
 * @param causes likely causes, largest share first
 * @param links where to click; only absolute http and https addresses
 * @param footer what to quote when asking about it
 */
record AlertMessage(
        String status,
        String severity,
        String title,
        String description,
        List<Fact> facts,
        List<String> causes,
        List<Link> links,
        String footer) {

    static final String FIRING = "firing";
    static final String RESOLVED = "resolved";

    private static final int MAX_CAUSES = 5;
    private static final int MAX_URL = 1000;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss xxx", Locale.ROOT);

    /** A figure and its name. */
    record Fact(String label, String value) {}

    /** A place to click. */
    record Link(String label, String url) {}

    AlertMessage {
        facts = List.copyOf(facts);
        causes = List.copyOf(causes);
        links = List.copyOf(links);
    }

    boolean resolved() {
        return status.equals(RESOLVED);
    }

    /**
     * The message of an alert.
     *
     * @param alert any of its fields but id and status may be null
     * @param zone the zone that times are shown in
     */
    static AlertMessage of(Alert alert, ZoneId zone) {
        boolean resolved = RESOLVED.equals(alert.status());
        String severity = Texts.clean(alert.severity()).toLowerCase(Locale.ROOT);
        String summary = Texts.clean(alert.summary());
        if (summary.isEmpty()) {
            summary = (Texts.clean(alert.rule()) + " " + where(alert)).strip();
        }
        String description = Texts.clean(alert.description());
        return new AlertMessage(
                resolved ? RESOLVED : FIRING,
                severity,
                (resolved ? "✅ RESOLVED: " : sign(severity) + " " + severity.toUpperCase(Locale.ROOT) + ": ") + summary,
                description.equals(summary) ? "" : description,
                facts(alert, zone, resolved),
                causes(alert),
                links(alert),
                "Shopwatch · " + Texts.clean(alert.rule()) + " · " + Texts.clean(alert.id()));
    }

    /** The same message with every part cut to {@code limit} characters; causes go first. */
    AlertMessage shortened(int limit) {
        return new AlertMessage(
                status,
                severity,
                Texts.cut(title, Math.max(limit, 60)),
                Texts.cut(description, limit),
                facts.stream()
                        .map(fact -> new Fact(fact.label(), Texts.cut(fact.value(), limit)))
                        .toList(),
                causes.stream()
                        .limit(limit < 100 ? 1 : MAX_CAUSES)
                        .map(cause -> Texts.cut(cause, limit))
                        .toList(),
                links.stream()
                        .filter(link -> limit >= 60 || link.url().length() <= 300)
                        .toList(),
                Texts.cut(footer, Math.max(limit, 60)));
    }

    private static String sign(String severity) {
        return switch (severity) {
            case "info" -> "🔵";
            case "warning" -> "🟠";
            default -> "🔴";
        };
    }

    private static String where(Alert alert) {
        String segment = Texts.clean(alert.segment());
        String value = Texts.clean(alert.value());
        if (segment.isEmpty() || segment.equals("all")) {
            return value.isEmpty() || value.equals("all") ? "the whole shop" : value;
        }
        return value.isEmpty() ? segment : segment + " = " + value;
    }

    private static List<Fact> facts(Alert alert, ZoneId zone, boolean resolved) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("Where", where(alert)));
        String change = change(alert, resolved);
        if (!change.isEmpty()) {
            facts.add(new Fact(resolved ? "Recovered" : "Change", change));
        }
        facts.add(new Fact("Since", time(alert.startsAt(), zone)));
        if (resolved && alert.endsAt() != null) {
            facts.add(new Fact("Until", time(alert.endsAt(), zone)));
            facts.add(new Fact("Lasted", duration(Duration.ofMillis(Math.max(0, alert.endsAt() - alert.startsAt())))));
        }
        Double confidence = finite(alert.confidence());
        if (confidence != null && !resolved) {
            facts.add(new Fact("How sure", sureness(confidence)));
        }
        if (alert.sampleSize() != null) {
            facts.add(new Fact("Sample", String.format(Locale.ROOT, "%,d", alert.sampleSize())));
        }
        String data = Texts.clean(alert.data());
        if (!data.isEmpty()) {
            facts.add(
                    new Fact("Data", data.equals("degraded") ? "⚠ degraded: late, missing or rejected events" : data));
        }
        return facts;
    }

    /** From → to, in percentage points where the figures are ratios; empty where there is no figure. */
    private static String change(Alert alert, boolean resolved) {
        Double observed = finite(alert.observed());
        Double baseline = finite(alert.baseline());
        Double points = finite(alert.dropPoints());
        if (observed == null) {
            return "";
        }
        boolean ratio = points != null || "conversion_drop".equals(alert.kind());
        String to = ratio ? percent(observed) : number(observed);
        if (baseline == null) {
            return to;
        }
        String from = ratio ? percent(baseline) : number(baseline);
        if (resolved) {
            return to + " (usual: " + from + ")";
        }
        if (!ratio) {
            return from + " → " + to;
        }
        return from + " → " + to + " (" + points(points != null ? points : 100 * (baseline - observed)) + ")";
    }

    /** A ratio as a percentage: two decimals below 10 %, so that small conversion rates keep their figures. */
    static String percent(double ratio) {
        double percent = 100 * ratio;
        return String.format(Locale.ROOT, Math.abs(percent) < 9.995 ? "%.2f %%" : "%.1f %%", percent)
                .replace('-', '−');
    }

    /** How far the figure fell, in percentage points; a rise has a plus. */
    static String points(double drop) {
        double change = -drop;
        String text = String.format(Locale.ROOT, Math.abs(change) < 0.995 ? "%.2f" : "%.1f", Math.abs(change));
        return (change < 0 ? "−" : "+") + text + " points";
    }

    /** A confidence; never rounded up to certainty. */
    static String sureness(double confidence) {
        if (confidence > 0.999) {
            return "over 99.9 %";
        }
        return String.format(Locale.ROOT, "%.1f %%", Math.floor(1000 * Math.max(0, confidence)) / 10);
    }

    private static String number(double value) {
        return (value == Math.rint(value)
                        ? String.format(Locale.ROOT, "%,.0f", value)
                        : String.format(Locale.ROOT, "%,.2f", value))
                .replace('-', '−');
    }

    private static String time(long millis, ZoneId zone) {
        return TIME.format(Instant.ofEpochMilli(millis).atZone(zone));
    }

    /** The two largest units of a duration. */
    static String duration(Duration duration) {
        long seconds = duration.toSeconds();
        long[] parts = {seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60};
        String[] units = {" d", " h", " min", " s"};
        int first = 0;
        while (first < 3 && parts[first] == 0) {
            first++;
        }
        StringJoiner text = new StringJoiner(" ");
        for (int i = first; i <= Math.min(first + 1, 3); i++) {
            if (i == first || parts[i] > 0) {
                text.add(parts[i] + units[i]);
            }
        }
        return text.toString();
    }

    private static List<String> causes(Alert alert) {
        if (alert.causes() == null) {
            return List.of();
        }
        List<String> causes = new ArrayList<>();
        for (Alert.Cause cause : alert.causes()) {
            if (cause == null || causes.size() == MAX_CAUSES) {
                continue;
            }
            StringBuilder text = new StringBuilder();
            Double share = finite(cause.share());
            if (share != null) {
                text.append(String.format(Locale.ROOT, "%.0f %%: ", 100 * share).replace('-', '−'));
            }
            String segment = Texts.clean(cause.segment());
            String value = Texts.clean(cause.value());
            text.append(segment.isEmpty() ? value : value.isEmpty() ? segment : segment + " = " + value);
            String detail = Texts.clean(cause.detail());
            if (!detail.isEmpty()) {
                text.append(segment.isEmpty() && value.isEmpty() ? "" : ", ").append(detail);
            }
            if (text.length() > 0) {
                causes.add(text.toString());
            }
        }
        return causes;
    }

    private static List<Link> links(Alert alert) {
        List<Link> links = new ArrayList<>();
        if (isWebAddress(alert.dashboardUrl())) {
            links.add(new Link("Dashboard", alert.dashboardUrl()));
        }
        if (isWebAddress(alert.runbookUrl())) {
            links.add(new Link("Runbook", alert.runbookUrl()));
        }
        return links;
    }

    /** Whether a product may be given this to click on: absolute, http or https, printable ASCII, of sane length. */
    static boolean isWebAddress(String url) {
        if (url == null || url.length() > MAX_URL || !url.chars().allMatch(c -> c > ' ' && c < 127)) {
            return false;
        }
        try {
            URI uri = new URI(url);
            return uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static Double finite(Double value) {
        return value == null || !Double.isFinite(value) ? null : value;
    }
}
