package io.shopwatch.job.alert;

import io.shopwatch.domain.alert.AlertId;
import io.shopwatch.domain.alert.Cause;
import io.shopwatch.domain.alert.ConversionSeries;
import io.shopwatch.domain.alert.ConversionWatch;
import io.shopwatch.domain.alert.DropReading;
import io.shopwatch.domain.alert.Rule;
import io.shopwatch.domain.alert.RuleKind;
import io.shopwatch.domain.alert.StockWatch;
import io.shopwatch.domain.alert.Tails;
import io.shopwatch.domain.alert.Texts;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.Keys;
import java.io.Serializable;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Puts alerts into the words that a person reads at 3 a.m. */
final class Alerts implements Serializable {
    private static final long serialVersionUID = 1;
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);

    private final ZoneId zone;
    private final Settings.Links links;

    Alerts(Settings settings) {
        this.zone = settings.shop().timezone();
        this.links = settings.links();
    }

    /** A time of day in the shop's time zone. */
    String clock(long millis) {
        return CLOCK.format(Instant.ofEpochMilli(millis).atZone(zone));
    }

    /** Where an alert is, and what of its rule it is about. */
    record Place(String part, String segment, String value) {
        String key(Rule rule) {
            return Keys.of(rule.name(), part, segment, value);
        }

        String text() {
            return segment.equals("all") ? "" : segment + " " + value + ": ";
        }
    }

    /** The figures of an alert; null where there is none. */
    record Figures(
            Double observed,
            Double baseline,
            Double dropPoints,
            Long sampleSize,
            Double confidence,
            List<Alert.Cause> causes) {
        static final Figures NONE = new Figures(null, null, null, null, null, List.of());
    }

    Signal signal(
            Rule rule,
            Place place,
            boolean firing,
            long at,
            long startsAt,
            long endsAt,
            String summary,
            String description,
            Figures figures,
            String doubts) {
        String dashboard = links.dashboard() == null
                ? null
                : strip(links.dashboard()) + (rule.kind().isStock() ? "/d/shopwatch-inventory" : "/d/shopwatch-on-call")
                        + "?var-segment=" + encode(place.segment()) + "&var-value=" + encode(place.value());
        String runbook = links.runbook() == null
                ? null
                : links.runbook() + "#" + rule.kind().wireName();
        Alert alert = new Alert(
                AlertId.of(rule.name(), place.part(), place.segment(), place.value(), startsAt),
                rule.name(),
                rule.kind().wireName(),
                rule.severity(),
                firing ? "firing" : "resolved",
                startsAt,
                firing ? null : endsAt,
                place.segment(),
                place.value(),
                summary,
                description,
                figures.observed(),
                figures.baseline(),
                figures.dropPoints(),
                figures.sampleSize(),
                figures.confidence(),
                figures.causes(),
                dashboard,
                runbook,
                "trusted",
                rule.receivers());
        return doubted(new Signal(place.key(rule), firing, at, alert), doubts);
    }

    /** The signal, with what speaks against its figures; the same one where nothing does. */
    static Signal doubted(Signal signal, String doubts) {
        if (doubts.isEmpty()) {
            return signal;
        }
        Alert alert = signal.alert();
        return new Signal(
                signal.key(),
                signal.breached(),
                signal.at(),
                new Alert(
                        alert.id(),
                        alert.rule(),
                        alert.kind(),
                        alert.severity(),
                        alert.status(),
                        alert.startsAt(),
                        alert.endsAt(),
                        alert.segment(),
                        alert.value(),
                        alert.summary(),
                        alert.description() + " Data in doubt: " + doubts + ".",
                        alert.observed(),
                        alert.baseline(),
                        alert.dropPoints(),
                        alert.sampleSize(),
                        alert.confidence(),
                        alert.causes(),
                        alert.dashboardUrl(),
                        alert.runbookUrl(),
                        "degraded",
                        alert.receivers()));
    }

    private static String strip(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The alert as resolved: identity and causes as it fired, everything else as it ended. */
    static Alert resolved(Alert fired, Alert ended) {
        return new Alert(
                fired.id(),
                fired.rule(),
                fired.kind(),
                fired.severity(),
                "resolved",
                fired.startsAt(),
                ended.endsAt(),
                fired.segment(),
                fired.value(),
                ended.summary(),
                ended.description(),
                ended.observed(),
                ended.baseline(),
                ended.dropPoints(),
                ended.sampleSize(),
                ended.confidence(),
                fired.causes(),
                fired.dashboardUrl(),
                fired.runbookUrl(),
                ended.data(),
                fired.receivers());
    }

    /** A conversion that fell or came back, or orders that stay unpaid. */
    Signal conversion(Rule rule, ConversionWatch.Event event, String doubts) {
        ConversionSeries series = event.series();
        DropReading reading = event.reading();
        Place place = new Place(series.from + ">" + series.to, series.segment, series.value);
        String what = place.text() + series.from + " → " + series.to;
        if (!event.firing()) {
            boolean known = reading.minutes() > 0;
            String lasted = Texts.duration(event.endsAt() - event.startsAt());
            return signal(
                    rule,
                    place,
                    false,
                    event.at(),
                    event.startsAt(),
                    event.endsAt(),
                    what + (known ? " is back at " + Texts.percent(reading.observed()) : " is no longer watched")
                            + " after " + lasted,
                    what
                            + (known
                                    ? " is back at " + Texts.percent(reading.observed()) + ", usual "
                                            + Texts.percent(reading.baseline())
                                    : " is no longer watched: its rule changed or was removed")
                            + "; the incident lasted " + lasted + " from " + clock(event.startsAt()) + ".",
                    figures(reading, List.of()),
                    doubts);
        }
        String points = "−" + Texts.number(reading.dropPoints()) + " points";
        StringBuilder summary = new StringBuilder(what).append(' ').append(points);
        if (event.causes().isEmpty()) {
            summary.append(", ")
                    .append(Texts.percent(reading.baseline()))
                    .append(" → ")
                    .append(Texts.percent(reading.observed()))
                    .append(" since ")
                    .append(clock(event.startsAt()));
        } else {
            summary.append(", ").append(cause(event.causes().get(0)));
        }
        StringBuilder description = new StringBuilder(what)
                .append(" fell from ")
                .append(Texts.percent(reading.baseline()))
                .append(" to ")
                .append(Texts.percent(reading.observed()))
                .append(" (")
                .append(points)
                .append(") since ")
                .append(clock(event.startsAt()))
                .append(": ")
                .append(Math.round(reading.conversions()))
                .append(" where ")
                .append(Math.round(reading.expected()))
                .append(" were due, from ")
                .append(Math.round(reading.entries()))
                .append(" at ")
                .append(series.from)
                .append("; by chance once in ")
                .append(odds(reading.evidence()))
                .append(" looks.");
        for (Cause cause : event.causes()) {
            description.append(' ').append(capital(cause(cause))).append('.');
        }
        return signal(
                rule,
                place,
                true,
                event.at(),
                event.startsAt(),
                0,
                summary.toString(),
                description.toString(),
                figures(reading, event.causes()),
                doubts);
    }

    private static String odds(double evidence) {
        double odds = 1 / Tails.normalUpper(evidence);
        return odds < 1e12 ? String.format(Locale.ROOT, "%,.0f", odds) : "a million million";
    }

    private static String cause(Cause cause) {
        String place =
                cause.segment().equals("sku") ? cause.value() + " " : cause.segment() + " " + cause.value() + ", ";
        return Math.round(100 * cause.share()) + " % of it from " + place + cause.detail();
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    static Figures figures(DropReading reading, List<Cause> causes) {
        if (reading.minutes() == 0) {
            return Figures.NONE;
        }
        return new Figures(
                reading.observed(),
                reading.baseline(),
                reading.dropPoints(),
                Math.round(reading.entries()),
                reading.evidence() == 0 ? null : reading.confidence(),
                causes.stream()
                        .map(cause -> new Alert.Cause(cause.segment(), cause.value(), cause.share(), cause.detail()))
                        .toList());
    }

    /** Stock of a SKU in a warehouse. */
    Signal stock(Rule rule, String sku, String warehouse, StockWatch watch, boolean firing, long at, long endsAt) {
        String value = warehouse.equals("default") ? sku : sku + "@" + warehouse;
        Place place = new Place("", "sku", value);
        StockWatch.Level level = watch.latest;
        String state = firing
                ? switch (rule.kind()) {
                    case STOCK_OUT -> "is out of stock";
                    case LOW_STOCK ->
                        "is low: " + level.available() + " left, reorder at " + Texts.number(level.reorderPoint());
                    case OVERSELL -> "is oversold by " + -level.available();
                    case STOCK_OUT_IMMINENT ->
                        "sells out in "
                                + Texts.duration(Math.round(level.coverSeconds() * 1000)) + ": " + level.available()
                                + " left, " + Texts.number(level.velocityPerHour()) + " an hour";
                    default ->
                        "is out since " + clock(watch.outSince) + " and nothing was received for "
                                + Texts.duration(rule.afterMillis());
                }
                : switch (rule.kind()) {
                    case STOCK_OUT, STOCK_OUT_UNATTENDED -> "is back in stock with " + level.available();
                    case LOW_STOCK -> "is no longer low: " + level.available() + " left";
                    case OVERSELL -> "is no longer oversold";
                    default -> "no longer sells out soon";
                };
        String lasted = firing ? "" : " after " + Texts.duration(endsAt - watch.startsAt);
        return signal(
                rule,
                place,
                firing,
                at,
                watch.startsAt,
                endsAt,
                value + " " + state + lasted,
                value + " " + state + lasted + "; available " + level.available() + ", since " + clock(watch.startsAt)
                        + ", selling " + Texts.number(level.velocityPerHour()) + " an hour.",
                new Figures(
                        (double) level.available(),
                        rule.kind() == RuleKind.LOW_STOCK ? level.reorderPoint() : null,
                        null,
                        level.recentSales(),
                        null,
                        List.of()),
                "");
    }
}
