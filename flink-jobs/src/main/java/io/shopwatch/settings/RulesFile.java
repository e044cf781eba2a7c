package io.shopwatch.settings;

import io.shopwatch.domain.alert.RuleParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The file of alert rules: YAML with a list under {@code rules}. */
public final class RulesFile {
    private RulesFile() {}

    /**
     * What a rules file says.
     *
     * @param maps the rules as they are written
     * @param result the rules, and what is wrong or doubtful about them
     */
    public record Content(List<Map<String, Object>> maps, RuleParser.Result result) {}

    /** The parser that knows the funnels and promotions of these settings. */
    public static RuleParser parser(Settings settings) {
        return new RuleParser(
                settings.funnels(),
                settings.promotions().stream().map(Settings.Promotion::name).toList());
    }

    /** Reads a file's text; what is no YAML, or has no list of rules, is one error. */
    public static Content read(String text, Settings settings) {
        Object tree;
        try {
            tree = Yaml.parse(text, "rules");
        } catch (SettingsException e) {
            return wrong(e.getMessage());
        }
        if (!(tree instanceof Map<?, ?> map)) {
            return wrong("rules: missing; expected a list of rules under the key rules");
        }
        for (Object key : map.keySet()) {
            if (!"rules".equals(key)) {
                return wrong(key + ": " + map.get(key) + "; expected no other key than rules");
            }
        }
        if (!(map.get("rules") instanceof List<?> list)) {
            return wrong("rules: " + map.get("rules") + "; expected a list of rules");
        }
        RuleParser.Result result = parser(settings).parse(list);
        List<Map<String, Object>> maps = new ArrayList<>();
        for (Object element : list) {
            if (element instanceof Map<?, ?> rule) {
                Map<String, Object> copy = new LinkedHashMap<>();
                rule.forEach((key, value) -> copy.put(String.valueOf(key), value));
                maps.add(copy);
            }
        }
        return new Content(maps, result);
    }

    private static Content wrong(String error) {
        return new Content(List.of(), new RuleParser.Result(List.of(), List.of(error), List.of()));
    }
}
