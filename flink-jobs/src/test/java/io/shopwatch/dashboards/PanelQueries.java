package io.shopwatch.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The queries of a dashboard as Grafana would send them: variables looked up and filled in. */
final class PanelQueries {
    /** Four scrapes of five seconds. */
    private static final String RATE_INTERVAL = "20s";

    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.*), (\\w+)\\)");
    private static final Pattern QUERY_RESULT = Pattern.compile("query_result\\((.*)\\)");

    /** A query of a panel. */
    record Query(String dashboard, String panel, String refId, String expression) {
        /** Dashboard and panel, as tests name it. */
        String where() {
            return dashboard + ": " + panel + " (" + refId + ")";
        }
    }

    private final String name;
    private final JsonNode dashboard;
    private final Function<String, JsonNode> prometheus;

    /** @param prometheus answers an instant query with the array of its result */
    PanelQueries(String name, Function<String, JsonNode> prometheus) {
        this.name = name;
        this.dashboard = DashboardFiles.dashboard(name);
        this.prometheus = prometheus;
    }

    /** All queries; a panel that is repeated by a variable appears with its first value. */
    List<Query> all() {
        Map<String, String> values = new LinkedHashMap<>();
        for (JsonNode variable : dashboard.path("templating").path("list")) {
            if (!variable.path("type").asText().equals("datasource")) {
                values.put(variable.path("name").asText(), valueOf(variable, values));
            }
        }
        List<Query> queries = new ArrayList<>();
        for (JsonNode panel : DashboardFiles.panels(dashboard)) {
            for (JsonNode target : panel.path("targets")) {
                queries.add(new Query(
                        name,
                        panel.path("title").asText(),
                        target.path("refId").asText(),
                        fill(target.path("expr").asText(), values)));
            }
        }
        return queries;
    }

    private String valueOf(JsonNode variable, Map<String, String> before) {
        String current = variable.path("current").path("value").asText();
        if (variable.path("type").asText().equals("custom")) {
            return current;
        }
        String query = fill(variable.path("query").path("query").asText(), before);
        TreeSet<String> options = new TreeSet<>();
        Matcher labelValues = LABEL_VALUES.matcher(query);
        Matcher queryResult = QUERY_RESULT.matcher(query);
        if (labelValues.matches()) {
            String label = labelValues.group(2);
            for (JsonNode series : prometheus.apply("count by (" + label + ") (" + labelValues.group(1) + ")")) {
                options.add(series.path("metric").path(label).asText());
            }
        } else if (queryResult.matches()) {
            String regex = variable.path("regex").asText();
            Pattern pattern = Pattern.compile(regex.substring(1, regex.length() - 1));
            for (JsonNode series : prometheus.apply(queryResult.group(1))) {
                Matcher matcher = pattern.matcher(asGrafanaWritesIt(series));
                if (matcher.find()) {
                    options.add(matcher.group("value"));
                }
            }
        } else {
            throw new IllegalArgumentException("unknown kind of variable query: " + query);
        }
        if (options.isEmpty()) {
            return "";
        }
        if (variable.path("includeAll").asBoolean()
                && !variable.path("regex").asText().isEmpty()) {
            return options.first();
        }
        if (variable.path("includeAll").asBoolean()) {
            return "(" + String.join("|", options) + ")";
        }
        return options.contains(current) ? current : options.first();
    }

    /** {@code {from="a",to="b"} 1 1700000000000}. */
    private static String asGrafanaWritesIt(JsonNode series) {
        List<String> labels = new ArrayList<>();
        series.path("metric")
                .properties()
                .forEach(label ->
                        labels.add(label.getKey() + "=\"" + label.getValue().asText() + "\""));
        return "{" + String.join(",", labels) + "} "
                + series.path("value").path(1).asText() + " "
                + series.path("value").path(0).asLong() * 1000;
    }

    private static String fill(String expression, Map<String, String> values) {
        String filled = expression.replace("$__rate_interval", RATE_INTERVAL);
        for (Map.Entry<String, String> value : values.entrySet()) {
            filled = filled.replace("${" + value.getKey() + ":raw}", value.getValue())
                    .replace("$" + value.getKey(), value.getValue());
        }
        return filled;
    }
}
