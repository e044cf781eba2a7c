package io.shopwatch.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the dashboards to what a viewer may expect of each panel, and to the metrics that really exist. */
class DashboardsTest {
    private static final int COLUMNS = 24;

    /** What a colour says; from the palette of Okabe and Ito, which colour-blind people tell apart. */
    private static final Map<String, String> COLOURS = Map.of(
            "#009E73", "good",
            "#E69F00", "warning",
            "#D55E00", "bad",
            "#56B4E9", "plain",
            "#8A8F98", "aside",
            "#CC79A7", "second",
            "#F0E442", "third");

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)(?::\\w+)?}|\\$(\\w+)");
    private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{\\s*(\\w+)\\s*}}");
    private static final Pattern COLOUR = Pattern.compile("\"(#[0-9A-Fa-f]{6})\"");

    static List<String> names() {
        return DashboardFiles.NAMES;
    }

    @ParameterizedTest
    @MethodSource("names")
    void isFoundByAStableUidAndATag(String name) {
        JsonNode dashboard = DashboardFiles.dashboard(name);

        assertThat(dashboard.path("uid").asText()).isEqualTo("shopwatch-" + name);
        assertThat(dashboard.path("title").asText()).startsWith("Shopwatch · ");
        assertThat(dashboard.path("description").asText()).isNotBlank();
        assertThat(dashboard.path("tags").toString()).isEqualTo("[\"shopwatch\"]");
        assertThat(dashboard.path("refresh").asText()).isEqualTo("5s");
        assertThat(dashboard.has("id")).as("an id belongs to one installation").isFalse();
        assertThat(dashboard.path("links").path(0).path("tags").toString())
                .as("the way to the other dashboards")
                .isEqualTo("[\"shopwatch\"]");
    }

    @ParameterizedTest
    @MethodSource("names")
    void namesNoMachine(String name) {
        assertThat(DashboardFiles.dashboard(name).toString())
                .doesNotContain("http:", "https:", "localhost", "127.0.0.1");
    }

    @ParameterizedTest
    @MethodSource("names")
    void givesEveryPanelAnIdOfItsOwn(String name) {
        List<Integer> ids = new ArrayList<>();
        for (JsonNode panel : DashboardFiles.dashboard(name).path("panels")) {
            ids.add(panel.path("id").asInt());
            panel.path("panels").forEach(inner -> ids.add(inner.path("id").asInt()));
        }

        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id > 0);
    }

    @ParameterizedTest
    @MethodSource("names")
    void laysNoPanelOverAnother(String name) {
        Map<String, String> cells = new HashMap<>();
        for (JsonNode panel : DashboardFiles.dashboard(name).path("panels")) {
            String title = panel.path("title").asText();
            JsonNode at = panel.path("gridPos");
            int left = at.path("x").asInt(-1);
            int right = left + at.path("w").asInt();
            assertThat(left).as(title).isNotNegative();
            assertThat(right).as(title).isGreaterThan(left).isLessThanOrEqualTo(COLUMNS);
            for (int x = left; x < right; x++) {
                for (int y = at.path("y").asInt();
                        y < at.path("y").asInt() + at.path("h").asInt();
                        y++) {
                    assertThat(cells.put(x + "/" + y, title))
                            .as("under " + title)
                            .isNull();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void explainsEveryPanel(String name) {
        forEachPanel(name, panel -> {
            JsonNode defaults = panel.path("fieldConfig").path("defaults");
            assertThat(panel.path("title").asText()).as("title").isNotBlank();
            assertThat(panel.path("description").asText()).as("description").hasSizeGreaterThan(20);
            assertThat(defaults.path("unit").asText()).as("unit").isNotBlank();
            assertThat(defaults.path("noValue").asText())
                    .as("what an empty panel says")
                    .isNotBlank()
                    .isNotEqualTo("No data");
        });
    }

    @ParameterizedTest
    @MethodSource("names")
    void readsOnlyFromTheDatasourceThatTheViewerChose(String name) {
        JsonNode dashboard = DashboardFiles.dashboard(name);

        assertThat(dashboard.findValues("datasource")).isNotEmpty().allSatisfy(reference -> assertThat(
                        reference.toString())
                .isEqualTo("{\"type\":\"prometheus\",\"uid\":\"${datasource}\"}"));
        forEachPanel(name, panel -> {
            assertThat(panel.has("datasource")).isTrue();
            assertThat(panel.path("targets")).isNotEmpty().allSatisfy(target -> {
                assertThat(target.has("datasource")).isTrue();
                assertThat(target.path("expr").asText()).isNotBlank();
            });
            assertThat(panel.path("targets").findValuesAsText("refId")).doesNotHaveDuplicates();
        });
    }

    @ParameterizedTest
    @MethodSource("names")
    void definesTheVariablesThatItUsesAndUsesThoseThatItDefines(String name) {
        JsonNode dashboard = DashboardFiles.dashboard(name);
        Set<String> defined =
                new TreeSet<>(dashboard.path("templating").path("list").findValuesAsText("name"));
        Set<String> used = new TreeSet<>(dashboard.findValuesAsText("repeat"));
        Matcher matcher = VARIABLE.matcher(dashboard.toString());
        while (matcher.find()) {
            String variable = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
            if (!variable.startsWith("__")) {
                used.add(variable);
            }
        }

        assertThat(used).isEqualTo(defined);
    }

    @ParameterizedTest
    @MethodSource("names")
    void asksOnlyForMetricsAndLabelsThatExist(String name) {
        KnownMetrics known = new KnownMetrics();
        JsonNode dashboard = DashboardFiles.dashboard(name);

        assertAll(expressions(dashboard).map(expression -> () -> {
            PromQl found = PromQl.of(filled(expression));
            Set<String> labels = new HashSet<>(found.made());
            found.metrics().forEach((metric, matched) -> {
                assertThat(known.contains(metric))
                        .as(metric + " in " + expression)
                        .isTrue();
                assertThat(known.labelsOf(metric))
                        .as("labels of " + metric + " in " + expression)
                        .containsAll(matched);
                labels.addAll(known.labelsOf(metric));
            });
            assertThat(labels).as("labels grouped in " + expression).containsAll(found.grouped());
        }));
    }

    @ParameterizedTest
    @MethodSource("names")
    void namesSegmentAndWindowWhereverFiguresAreSplitByThem(String name) {
        KnownMetrics known = new KnownMetrics();

        // Without its segment a query would count a visitor once per segment.
        assertAll(expressions(DashboardFiles.dashboard(name))
                .map(expression -> () -> PromQl.of(filled(expression)).metrics().forEach((metric, matched) -> {
                    if (known.labelsOf(metric).contains("window") && !expression.startsWith("label_values(")) {
                        assertThat(matched).as(metric + " in " + expression).contains("window", "segment");
                    }
                })));
    }

    @ParameterizedTest
    @MethodSource("names")
    void labelsSeriesByLabelsThatTheyHave(String name) {
        KnownMetrics known = new KnownMetrics();

        forEachPanel(name, panel -> panel.path("targets").forEach(target -> {
            PromQl found = PromQl.of(filled(target.path("expr").asText()));
            Set<String> left = new HashSet<>(found.kept());
            if (left.isEmpty()) {
                found.metrics().keySet().forEach(metric -> left.addAll(known.labelsOf(metric)));
            }
            Matcher legend = LEGEND_LABEL.matcher(target.path("legendFormat").asText());
            while (legend.find()) {
                assertThat(left).as(target.path("expr").asText()).contains(legend.group(1));
            }
        }));
    }

    @ParameterizedTest
    @MethodSource("names")
    void dressesOnlyColumnsThatATableShows(String name) {
        forEachPanel(name, panel -> {
            if (panel.path("type").asText().equals("table")) {
                Set<String> shown = new HashSet<>();
                for (JsonNode transformation : panel.path("transformations")) {
                    transformation.path("options").path("renameByName").forEach(column -> shown.add(column.asText()));
                }
                panel.path("fieldConfig").path("overrides").forEach(override -> assertThat(shown)
                        .contains(override.path("matcher").path("options").asText()));
                panel.path("options").path("sortBy").forEach(sort -> assertThat(shown)
                        .contains(sort.path("displayName").asText()));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("names")
    void speaksInColoursThatMeanTheSameEverywhereAndNeverInColoursAlone(String name) {
        JsonNode dashboard = DashboardFiles.dashboard(name);
        Matcher colour = COLOUR.matcher(dashboard.toString());
        while (colour.find()) {
            assertThat(COLOURS).containsKey(colour.group(1));
        }
        for (JsonNode mappings : dashboard.findValues("mappings")) {
            for (JsonNode mapping : mappings) {
                for (JsonNode result : mapping.path("options")) {
                    if (result.has("color")) {
                        assertThat(result.path("text").asText())
                                .as("a sign beside the colour")
                                .matches("[^\\w\\s] \\w.*|\\? \\w.*");
                    }
                }
            }
        }
    }

    @Test
    void drawsTheSameLineForTheSameMetricOnEveryDashboard() {
        Map<String, String> limits = new HashMap<>();
        for (String name : DashboardFiles.NAMES) {
            for (JsonNode panel : DashboardFiles.panels(DashboardFiles.dashboard(name))) {
                JsonNode thresholds = panel.path("fieldConfig")
                        .path("defaults")
                        .path("thresholds")
                        .path("steps");
                if (thresholds.size() > 1) {
                    for (JsonNode target : panel.path("targets")) {
                        // What is compared: the expression without the time it is taken over.
                        String measured = PromQl.of(filled(target.path("expr").asText()))
                                .metrics()
                                .toString();
                        String drawn = thresholds.findValuesAsText("value").toString();
                        String before = limits.putIfAbsent(measured, drawn);
                        assertThat(before == null ? drawn : before)
                                .as(measured + " in " + panel.path("title").asText())
                                .isEqualTo(drawn);
                    }
                }
            }
        }
        assertThat(limits).hasSizeGreaterThan(8);
    }

    @Test
    void linksOnlyToDashboardsThatExist() {
        for (String name : DashboardFiles.NAMES) {
            assertThat(DashboardFiles.dashboard(name).findValuesAsText("url")).allSatisfy(url -> {
                Matcher target =
                        Pattern.compile("/d/shopwatch-([\\w-]+)(\\?.*)?").matcher(url);
                assertThat(target.matches()).as(url).isTrue();
                assertThat(DashboardFiles.NAMES).contains(target.group(1));
            });
        }
    }

    private static void forEachPanel(String name, Consumer<JsonNode> check) {
        assertAll(DashboardFiles.panels(DashboardFiles.dashboard(name)).stream().map(panel -> () -> {
            try {
                check.accept(panel);
            } catch (AssertionError e) {
                throw new AssertionError("panel \"" + panel.path("title").asText() + "\": " + e.getMessage(), e);
            }
        }));
    }

    /** Expressions of panels, annotations and variables. */
    private static Stream<String> expressions(JsonNode dashboard) {
        List<String> expressions = new ArrayList<>(dashboard.findValuesAsText("expr"));
        for (JsonNode variable : dashboard.path("templating").path("list")) {
            if (variable.path("type").asText().equals("query")) {
                expressions.add(variable.path("query").path("query").asText());
            }
        }
        return expressions.stream();
    }

    /** The expression as Grafana would send it: variables filled in, a variable's own function taken off. */
    private static String filled(String expression) {
        return expression
                .replaceAll("^label_values\\((.*), (\\w+)\\)$", "count by ($2) ($1)")
                .replaceAll("^query_result\\((.*)\\)$", "$1")
                .replace("${transition:raw}", "from=\"a\",to=\"b\"");
    }
}
