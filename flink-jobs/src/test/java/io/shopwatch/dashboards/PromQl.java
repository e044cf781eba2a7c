package io.shopwatch.dashboards;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a PromQL expression names: its metrics with the labels that are matched on each, and the labels that it groups,
 * joins or makes. No parser: it tells names apart by what stands beside them, which is enough for expressions that
 * Prometheus itself has accepted.
 *
 * @param metrics by metric the labels in its braces
 * @param grouped labels in {@code by}, {@code without}, {@code on}, {@code ignoring}, {@code group_left} or {@code
 *     group_right}
 * @param kept labels in {@code by}: what is left of an aggregation
 * @param made labels that {@code label_replace} and {@code label_join} write
 */
record PromQl(Map<String, Set<String>> metrics, Set<String> grouped, Set<String> kept, Set<String> made) {
    private static final Pattern TOKEN = Pattern.compile(
            "\"(?:\\\\.|[^\"\\\\])*\"|\\[[^\\]]*\\]|[a-zA-Z_:][a-zA-Z0-9_:]*|[0-9.]+[a-z]*|[{}(),]|[-+*/%^<>=!~]+|@");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Set<String> WORDS =
            Set.of("and", "or", "unless", "bool", "offset", "inf", "nan", "Inf", "NaN");
    private static final Set<String> GROUPINGS = Set.of("by", "without", "on", "ignoring", "group_left", "group_right");

    static PromQl of(String expression) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(expression);
        while (matcher.find()) {
            tokens.add(matcher.group());
        }
        PromQl found =
                new PromQl(new LinkedHashMap<>(), new LinkedHashSet<>(), new LinkedHashSet<>(), new LinkedHashSet<>());
        String metric = null;
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            String next = i + 1 < tokens.size() ? tokens.get(i + 1) : "";
            if (token.equals("{")) {
                for (i++; !tokens.get(i).equals("}"); i++) {
                    if (NAME.matcher(tokens.get(i)).matches()) {
                        found.metrics.get(metric).add(tokens.get(i));
                    }
                }
            } else if (GROUPINGS.contains(token) && next.equals("(")) {
                for (i += 2; !tokens.get(i).equals(")"); i++) {
                    if (NAME.matcher(tokens.get(i)).matches()) {
                        found.grouped.add(tokens.get(i));
                        if (token.equals("by")) {
                            found.kept.add(tokens.get(i));
                        }
                    }
                }
            } else if (token.startsWith("label_")) {
                found.made.add(firstStringAfter(tokens, i));
            } else if (NAME.matcher(token).matches()
                    && !next.equals("(")
                    && !WORDS.contains(token)
                    && !GROUPINGS.contains(token)
                    && !isAggregationBeforeItsGrouping(next)) {
                metric = token;
                found.metrics.computeIfAbsent(metric, any -> new LinkedHashSet<>());
            }
        }
        return found;
    }

    /** {@code sum by (x) (...)}: here the name is followed by its grouping, not by its bracket. */
    private static boolean isAggregationBeforeItsGrouping(String next) {
        return next.equals("by") || next.equals("without");
    }

    /** The label that {@code label_replace(v, "label", …)} or {@code label_join(v, "label", …)} writes. */
    private static String firstStringAfter(List<String> tokens, int from) {
        int depth = 0;
        for (int i = from + 1; i < tokens.size(); i++) {
            String token = tokens.get(i);
            if (token.equals("(") || token.equals("{")) {
                depth++;
            } else if (token.equals(")") || token.equals("}")) {
                depth--;
            } else if (depth == 1 && token.startsWith("\"")) {
                return token.substring(1, token.length() - 1);
            }
        }
        throw new IllegalArgumentException("no label in " + tokens);
    }
}
