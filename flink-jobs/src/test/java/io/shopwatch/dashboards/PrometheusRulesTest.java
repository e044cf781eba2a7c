package io.shopwatch.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the rules of Prometheus to the catalogue, the runbook and their own tests. */
class PrometheusRulesTest {
    private static final List<String> LEVELS = List.of("critical", "warning", "none");

    @Test
    void askOnlyForMetricsAndLabelsThatExist() {
        KnownMetrics known = new KnownMetrics();
        for (JsonNode rule : rules("prometheus/recording.yml")) {
            known.record(
                    rule.path("record").asText(),
                    PromQl.of(rule.path("expr").asText()).kept());
        }

        Stream.concat(rules("prometheus/recording.yml").stream(), rules("prometheus/alerts.yml").stream())
                .forEach(rule -> {
                    String expression = rule.path("expr").asText();
                    PromQl found = PromQl.of(expression);
                    Set<String> labels = new TreeSet<>(found.made());
                    found.metrics().forEach((metric, matched) -> {
                        assertThat(known.contains(metric))
                                .as(metric + " in " + expression)
                                .isTrue();
                        assertThat(known.labelsOf(metric))
                                .as(metric + " in " + expression)
                                .containsAll(matched);
                        labels.addAll(known.labelsOf(metric));
                    });
                    assertThat(labels).as(expression).containsAll(found.grouped());
                });
    }

    @Test
    void tellEveryAlertInTwoSentencesAndPointToARunbookHeading() throws IOException {
        Set<String> headings = new TreeSet<>();
        for (String line : Files.readAllLines(DashboardFiles.FOLDER.resolve("RUNBOOK.md"))) {
            if (line.startsWith("## ")) {
                headings.add(anchor(line.substring(3)));
            }
        }

        assertThat(rules("prometheus/alerts.yml")).isNotEmpty().allSatisfy(rule -> {
            String name = rule.path("alert").asText();
            assertThat(name).startsWith("Shopwatch");
            assertThat(LEVELS).contains(rule.path("labels").path("severity").asText());
            assertThat(rule.path("annotations").path("summary").asText())
                    .isNotBlank()
                    .doesNotEndWith(".");
            assertThat(rule.path("annotations").path("description").asText()).endsWith(".");
            assertThat(rule.path("annotations").path("runbook_url").asText()).isEqualTo("RUNBOOK.md#" + anchor(name));
            assertThat(headings).contains(anchor(name));
        });
    }

    @Test
    void areEachTestedToFireAndToKeepSilent() {
        JsonNode tests = DashboardFiles.yaml("prometheus/alerts.test.yml").path("tests");
        Set<String> fired = new TreeSet<>();
        Set<String> silent = new TreeSet<>();
        for (JsonNode test : tests) {
            for (JsonNode alert : test.path("alert_rule_test")) {
                (alert.path("exp_alerts").isEmpty() ? silent : fired)
                        .add(alert.path("alertname").asText());
            }
            for (JsonNode query : test.path("promql_expr_test")) {
                Matcher named = Pattern.compile("ALERTS\\{alertname=\"(\\w+)\"")
                        .matcher(query.path("expr").asText());
                while (named.find()) {
                    fired.add(named.group(1));
                }
                if (query.path("expr").asText().startsWith("count(ALERTS{alertname!=\"ShopwatchWatchdog\"})")) {
                    // An ordinary hour: all of them but the watchdog are silent.
                    alerts().filter(alert -> !alert.equals("ShopwatchWatchdog")).forEach(silent::add);
                }
            }
        }

        assertThat(fired).containsExactlyElementsOf(alerts().sorted().toList());
        assertThat(silent)
                .containsAll(alerts().filter(alert -> !alert.equals("ShopwatchWatchdog"))
                        .toList());
    }

    @Test
    void nameOnlyScrapeJobsThatAreConfigured() throws IOException {
        List<String> jobs = DashboardFiles.yaml("prometheus/prometheus.yml").findValuesAsText("job_name");
        String texts = Files.readString(DashboardFiles.FOLDER.resolve("prometheus/alerts.yml"));
        for (String name : DashboardFiles.NAMES) {
            texts += String.join("\n", DashboardFiles.dashboard(name).findValuesAsText("expr"));
        }

        Matcher used = Pattern.compile("[{,]job=~?\"([^\"]+)\"").matcher(texts);
        Set<String> names = new TreeSet<>();
        while (used.find()) {
            names.addAll(List.of(used.group(1).split("\\|")));
        }
        assertThat(names).isNotEmpty();
        assertThat(jobs).containsAll(names);
    }

    private static Stream<String> alerts() {
        return rules("prometheus/alerts.yml").stream()
                .map(rule -> rule.path("alert").asText());
    }

    private static List<JsonNode> rules(String file) {
        List<JsonNode> rules = new ArrayList<>();
        DashboardFiles.yaml(file).path("groups").forEach(group -> group.path("rules")
                .forEach(rules::add));
        return rules;
    }

    /** The anchor that Markdown viewers give a heading. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replace(" ", "-");
    }
}
