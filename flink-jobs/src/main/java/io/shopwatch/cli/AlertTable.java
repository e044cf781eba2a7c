package io.shopwatch.cli;

import io.shopwatch.backtest.Backtest.RaisedAlert;
import io.shopwatch.domain.alert.AlertScore;
import io.shopwatch.domain.alert.Texts;
import io.shopwatch.settings.Settings;
import io.shopwatch.simulate.Incident;
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code backtest} prints of alerts: those that would have fired, and how well they match what happened. */
final class AlertTable {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    /** An alert that comes this long after an incident's end still belongs to it: windows are that long. */
    private static final Duration GRACE = Duration.ofMinutes(5);

    private AlertTable() {}

    /** Incidents that happened, from a truth file. */
    static List<AlertScore.Truth> truth(Path file) {
        List<AlertScore.Truth> incidents = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file)) {
                if (!line.isBlank()) {
                    Incident incident = Json.read(line.getBytes(StandardCharsets.UTF_8), Incident.class);
                    incidents.add(new AlertScore.Truth(
                            incident.kind(), incident.segment(), incident.value(), incident.start(), incident.end()));
                }
            }
        } catch (IOException e) {
            throw new UsageException("--truth: " + file + "; expected a truth file of simulate");
        }
        return incidents;
    }

    /** Prints the table, and the score where the truth is known. */
    static void print(List<RaisedAlert> alerts, List<AlertScore.Truth> truth, Settings settings, PrintWriter out) {
        Map<String, Long> ends = new HashMap<>();
        for (RaisedAlert one : alerts) {
            if (one.alert().endsAt() != null) {
                ends.put(one.alert().id(), one.alert().endsAt());
            }
        }
        List<AlertScore.Raised> raised = new ArrayList<>();
        out.println();
        out.printf(Locale.ROOT, "%-19s  %-9s  %-8s  %-20s  %s%n", "FIRED", "LASTED", "SEVERITY", "RULE", "SUMMARY");
        for (RaisedAlert one : alerts) {
            Alert alert = one.alert();
            if (!alert.status().equals("firing")) {
                continue;
            }
            Long end = ends.get(alert.id());
            raised.add(new AlertScore.Raised(
                    alert.kind(), alert.segment(), alert.value(), alert.startsAt(), one.at(), end));
            out.printf(
                    Locale.ROOT,
                    "%-19s  %-9s  %-8s  %-20s  %s%n",
                    TIME.format(Instant.ofEpochMilli(one.at())
                            .atZone(settings.shop().timezone())),
                    end == null ? "open" : Texts.duration(end - alert.startsAt()),
                    alert.severity(),
                    alert.rule(),
                    alert.summary());
        }
        out.println(raised.size() + (raised.size() == 1 ? " alert" : " alerts") + " would have fired");
        if (truth != null) {
            score(raised, truth, out);
        }
    }

    private static void score(List<AlertScore.Raised> raised, List<AlertScore.Truth> truth, PrintWriter out) {
        out.println();
        out.printf(
                Locale.ROOT,
                "%-21s %9s %7s %9s %6s %s%n",
                "KIND",
                "PRECISION",
                "RECALL",
                "INCIDENTS",
                "ALERTS",
                "MEDIAN DELAY");
        for (AlertScore.Score score : AlertScore.of(raised, truth, Incident.KINDS, GRACE.toMillis())) {
            out.printf(
                    Locale.ROOT,
                    "%-21s %9s %7s %9d %6d %s%n",
                    score.kind(),
                    share(score.precision()),
                    share(score.recall()),
                    score.incidents(),
                    score.raised(),
                    Double.isNaN(score.medianDelayMillis())
                            ? "-"
                            : Texts.duration(Math.round(score.medianDelayMillis())));
        }
    }

    /** Empty where the truth says nothing about the kind: a false alarm is something else. */
    private static String share(double share) {
        return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.2f", share);
    }
}
