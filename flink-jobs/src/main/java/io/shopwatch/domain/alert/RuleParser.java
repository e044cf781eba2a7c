package io.shopwatch.domain.alert;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.Segment;
import io.shopwatch.domain.funnel.FunnelDefinition;
import io.shopwatch.domain.window.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads rules as a person writes them (maps and lists, as YAML or JSON give them), fills in defaults and refuses what
 * makes no sense. Every problem names key, value and what was expected.
 */
public final class RuleParser {
    private static final Set<String> COMMON =
            Set.of("name", "kind", "severity", "notify", "every", "for", "recoverFor");
    private static final Pattern DURATION = Pattern.compile("(\\d+)\\s*(ms|s|m|h|d)");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,15}(\\.\\d{1,15})?");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private final Map<String, FunnelDefinition> funnels;
    private final Set<String> promotions;

    /**
     * @param funnels funnels that rules may name
     * @param promotions promotions that rules may name
     */
    public RuleParser(List<FunnelDefinition> funnels, List<String> promotions) {
        this.funnels = new LinkedHashMap<>();
        funnels.forEach(funnel -> this.funnels.put(funnel.name(), funnel));
        this.promotions = new TreeSet<>(promotions);
    }

    /**
     * Rules, and what is wrong or doubtful about them.
     *
     * @param rules the sound ones, in order
     * @param errors one line each: key, value, expectation
     * @param warnings one line each: sound, but probably not meant
     */
    public record Result(List<Rule> rules, List<String> errors, List<String> warnings) {}

    /** Rules that hold where nobody wrote any. */
    public List<Rule> defaults() {
        List<Object> maps = new ArrayList<>();
        if (funnels.containsKey("purchase")) {
            maps.add(conversionDrop("conversion-drop", "purchase", List.of("all")));
        }
        if (funnels.containsKey("checkout")) {
            // What comes after the order, the other rule tells already.
            List<FunnelDefinition.Step> steps = funnels.get("checkout").steps();
            String first = steps.get(0).name() + ">" + steps.get(1).name();
            maps.add(conversionDrop("checkout-drop", "checkout", List.of(first)));
        }
        maps.add(Map.of("name", "stock-out", "kind", "stock_out", "severity", "critical"));
        maps.add(Map.of("name", "low-stock", "kind", "low_stock", "severity", "info"));
        maps.add(Map.of("name", "oversell", "kind", "oversell", "severity", "critical"));
        maps.add(Map.of("name", "stock-out-imminent", "kind", "stock_out_imminent", "severity", "warning"));
        maps.add(Map.of("name", "stock-out-unattended", "kind", "stock_out_unattended", "severity", "warning"));
        maps.add(Map.of("name", "unpaid-orders", "kind", "unpaid_orders", "severity", "critical"));
        maps.add(Map.of("name", "order-burst", "kind", "order_burst", "severity", "warning"));
        maps.add(Map.of("name", "gmv-behind-target", "kind", "gmv_behind_target", "severity", "warning"));
        maps.add(Map.of("name", "traffic-surge", "kind", "traffic_surge", "severity", "info"));
        maps.add(Map.of("name", "no-data", "kind", "no_data", "severity", "critical"));
        return parse(maps).rules();
    }

    private static Map<String, Object> conversionDrop(String name, String funnel, List<String> transitions) {
        return Map.of(
                "name",
                name,
                "kind",
                "conversion_drop",
                "funnel",
                funnel,
                "transitions",
                transitions,
                "severity",
                "critical",
                "dropPercent",
                30);
    }

    /** Reads the list under {@code rules}. */
    public Result parse(List<?> maps) {
        List<Rule> rules = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < maps.size(); i++) {
            if (!(maps.get(i) instanceof Map<?, ?> map)) {
                errors.add("rules[" + i + "]: " + maps.get(i) + "; expected a map with name and kind");
                continue;
            }
            Reader reader = new Reader("rules[" + i + "]", map);
            Rule rule = reader.read();
            if (reader.errors.isEmpty() && !names.add(rule.name())) {
                reader.errors.add(reader.where + ".name: " + rule.name() + "; expected a name that no other rule has");
            }
            errors.addAll(reader.errors);
            if (reader.errors.isEmpty()) {
                rules.add(rule);
                warnings.addAll(reader.warnings);
            }
        }
        return new Result(rules, errors, warnings);
    }

    /**
     * Why a rule can never fire on a conversion whose baseline is known.
     *
     * @param baseline usual conversion, 0 to 1
     * @return one line, or null where it can fire
     */
    public static String neverFires(Rule rule, String transition, double baseline) {
        if (rule.kind() != RuleKind.CONVERSION_DROP
                || rule.dropPercent() != null
                || 100 * baseline > rule.dropPoints()) {
            return null;
        }
        return "rule " + rule.name() + ": " + transition + " is usually " + Texts.percent(baseline)
                + " and can't fall by " + Texts.number(rule.dropPoints()) + " points; dropPercent would work";
    }

    /** Transitions of a funnel: the named ones, or those of adjacent steps and first to last. */
    public static List<Transition> transitions(FunnelDefinition funnel, List<String> names) {
        List<String> steps =
                funnel.steps().stream().map(FunnelDefinition.Step::name).toList();
        List<Transition> found = new ArrayList<>();
        for (int from = 0; from < steps.size(); from++) {
            for (int to = from + 1; to < steps.size(); to++) {
                Transition transition = new Transition(steps.get(from), steps.get(to), from, to);
                boolean usual = transition.adjacent() || (from == 0 && to == steps.size() - 1);
                if (names.isEmpty() ? usual : names.contains(transition.text())) {
                    found.add(transition);
                }
            }
        }
        return found;
    }

    /**
     * A duration like {@code 10s}, {@code 5m}, {@code 1h}, {@code 7d}.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches() || matcher.group(1).length() > 9) {
            throw new IllegalArgumentException("no duration: " + text);
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private final class Reader {
        private final String where;
        private final Map<?, ?> map;
        private final Set<String> known = new TreeSet<>(COMMON);
        private final List<String> errors = new ArrayList<>();
        private final List<String> warnings = new ArrayList<>();

        Reader(String where, Map<?, ?> map) {
            this.where = where;
            this.map = map;
        }

        Rule read() {
            String name = text("name", null);
            if (name == null) {
                error("name", null, "a unique name");
            } else if (!NAME.matcher(name).matches()) {
                error("name", name, "letters, digits, '.', '_' and '-', at most 100");
            }
            String kindName = choice("kind", null, kindNames());
            RuleKind kind = null;
            for (RuleKind candidate : RuleKind.values()) {
                if (candidate.wireName().equals(kindName)) {
                    kind = candidate;
                }
            }
            if (kind == null) {
                if (!map.containsKey("kind")) {
                    error("kind", null, "one of " + String.join(", ", kindNames()));
                }
                return null;
            }
            String severity = choice("severity", "warning", List.of("info", "warning", "critical"));
            List<String> notify = texts("notify", List.of());
            long every = millis("every", 10_000, 1000, 3_600_000);
            boolean onTheMinute = every < 60_000 ? 60_000 % every == 0 : every % 60_000 == 0;
            if (!onTheMinute) {
                error(
                        "every",
                        map.get("every"),
                        "a part of a minute (1s, 2s, 5s, 10s, 15s, 20s, 30s) or whole minutes");
            }
            int breaches = (int) whole("for", kind.isStock() || kind == RuleKind.NO_DATA ? 1 : 3, 1, 10_000);
            int recoveries = (int) whole("recoverFor", 6, 1, 100_000);

            String funnel = null;
            List<String> transitions = List.of();
            List<String> segments = List.of();
            String window = null;
            long baseline = 0;
            long season = 0;
            int cycles = 0;
            double dropPoints = 0;
            Double dropPercent = null;
            double recoverPoints = 0;
            double budget = 0;
            long horizon = 0;
            long minSales = 0;
            long after = 0;
            double factor = 0;
            long minOrders = 0;
            String promotion = null;
            String level = null;
            double pace = 0;
            List<String> streams = List.of();

            switch (kind) {
                case CONVERSION_DROP -> {
                    funnel = choice("funnel", "purchase", List.copyOf(funnels.keySet()));
                    transitions = readTransitions(funnels.get(funnel));
                    segments = readSegments(List.of("all", "channel", "device"));
                    window = readWindow("5m");
                    dropPoints = decimal("dropPoints", 2, 0.01, 100);
                    dropPercent = map.containsKey("dropPercent") ? decimal("dropPercent", 30, 0.1, 100) : null;
                    known.add("dropPercent");
                    recoverPoints = decimal("recoverPoints", dropPoints / 2, 0, 100);
                    if (recoverPoints > dropPoints) {
                        error("recoverPoints", recoverPoints, "at most dropPoints, " + dropPoints);
                    }
                    budget = decimal("falseAlarmsPerWeek", 1, 0.0001, 10_000);
                }
                case UNPAID_ORDERS -> {
                    segments = readSegments(List.of("all", "channel"));
                    window = readWindow("5m");
                    dropPoints = decimal("dropPoints", 15, 0.01, 100);
                    recoverPoints = decimal("recoverPoints", dropPoints / 2, 0, 100);
                    if (recoverPoints > dropPoints) {
                        error("recoverPoints", recoverPoints, "at most dropPoints, " + dropPoints);
                    }
                    budget = decimal("falseAlarmsPerWeek", 0.2, 0.0001, 10_000);
                    after = millis("after", 30 * 60_000L, 60_000, 86_400_000L);
                }
                case ORDER_BURST -> {
                    segments = readSegments(List.of("all", "channel"));
                    window = readWindow("5m");
                    factor = decimal("factor", 3, 1.1, 1000);
                    minOrders = whole("minOrders", 20, 1, 1_000_000_000);
                    budget = decimal("falseAlarmsPerWeek", 0.2, 0.0001, 10_000);
                }
                case TRAFFIC_SURGE -> {
                    segments = readSegments(List.of("all", "channel"));
                    window = readWindow("5m");
                    factor = decimal("factor", 2, 1.1, 1000);
                    budget = decimal("falseAlarmsPerWeek", 0.2, 0.0001, 10_000);
                }
                case STOCK_OUT_IMMINENT -> {
                    horizon = millis("horizon", 30 * 60_000L, 60_000, 30L * 86_400_000);
                    minSales = whole("minSales", 3, 1, 1_000_000);
                }
                case STOCK_OUT_UNATTENDED -> after = millis("after", 4 * 3_600_000L, 1000, 30L * 86_400_000);
                case GMV_BEHIND_TARGET -> {
                    promotion = text("promotion", null);
                    if (promotion != null && !promotions.contains(promotion)) {
                        error("promotion", promotion, "one of the settings' promotions: " + promotions);
                    }
                    level = choice("level", "base", List.of("base", "goal", "stretch"));
                    pace = decimal("pacePercent", 80, 1, 100);
                }
                case NO_DATA -> {
                    streams = texts("streams", List.of("clicks", "carts", "orders"));
                    List<String> all = new ArrayList<>();
                    for (EventStream stream : EventStream.values()) {
                        all.add(stream.wireName());
                    }
                    for (String stream : streams) {
                        if (!all.contains(stream)) {
                            error("streams", stream, "one of " + String.join(", ", all));
                        }
                    }
                    after = millis("after", 60_000, 1000, 86_400_000L);
                }
                case STOCK_OUT, LOW_STOCK, OVERSELL -> {
                    // These need no more than the state of the stock.
                }
            }
            if (budget > 0) {
                Map<?, ?> nested = nested("baseline", Set.of("type", "length", "period", "cycles"));
                String type = choice(nested, "baseline.type", "type", "trailing", List.of("trailing", "seasonal"));
                boolean seasonal = "seasonal".equals(type);
                baseline = millis(nested, "baseline.length", "length", usualLength(kind), 5 * 60_000L, 7 * 86_400_000L);
                if (baseline % (5 * 60_000) != 0) {
                    error("baseline.length", nested.get("length"), "a multiple of 5m");
                }
                if (seasonal) {
                    season = millis(nested, "baseline.period", "period", 86_400_000L, 3_600_000L, 28 * 86_400_000L);
                    if (season % 3_600_000L != 0) {
                        error("baseline.period", nested.get("period"), "whole hours, like 1d or 7d");
                    }
                    cycles = (int) whole(nested, "baseline.cycles", "cycles", 4, 1, 52);
                    if (nested.containsKey("length")) {
                        error(
                                "baseline.length",
                                nested.get("length"),
                                "nothing: a seasonal baseline has period and cycles");
                    }
                } else {
                    for (String key : List.of("period", "cycles")) {
                        if (nested.containsKey(key)) {
                            error("baseline." + key, nested.get(key), "nothing: only a seasonal baseline has it");
                        }
                    }
                }
            }
            unknownKeys(map, known, "");
            if (kind == RuleKind.CONVERSION_DROP && dropPercent == null && dropPoints > 20) {
                warnings.add(where + ".dropPoints: " + Texts.number(dropPoints)
                        + "; never fires where the conversion itself is below " + Texts.number(dropPoints)
                        + " %: percentage points are no percent, dropPercent is");
            }
            if (kind == RuleKind.GMV_BEHIND_TARGET && promotions.isEmpty()) {
                warnings.add(where + ".kind: gmv_behind_target; never fires: the settings have no promotions");
            }
            return errors.isEmpty()
                    ? new Rule(
                            name,
                            kind,
                            severity,
                            notify,
                            every,
                            breaches,
                            recoveries,
                            funnel,
                            transitions,
                            segments,
                            window,
                            baseline,
                            season,
                            cycles,
                            dropPoints,
                            dropPercent,
                            recoverPoints,
                            budget,
                            horizon,
                            minSales,
                            after,
                            factor,
                            minOrders,
                            promotion,
                            level,
                            pace,
                            streams)
                    : null;
        }

        /**
         * A drop that takes an hour to show wants a baseline that is surer than that hour: six hours. Visitors per
         * minute change too much within a day for so long a memory.
         */
        private long usualLength(RuleKind kind) {
            return kind == RuleKind.TRAFFIC_SURGE ? 3_600_000L : 6 * 3_600_000L;
        }

        private List<String> kindNames() {
            List<String> names = new ArrayList<>();
            for (RuleKind kind : RuleKind.values()) {
                names.add(kind.wireName());
            }
            return names;
        }

        private List<String> readTransitions(FunnelDefinition funnel) {
            List<String> names = texts("transitions", List.of("all"));
            if (names.equals(List.of("all")) || funnel == null) {
                return List.of();
            }
            for (String name : names) {
                if (transitions(funnel, List.of(name)).isEmpty()) {
                    List<String> steps = funnel.steps().stream()
                            .map(FunnelDefinition.Step::name)
                            .toList();
                    error("transitions", name, "all, or from>to with from before to among " + steps);
                }
            }
            return names;
        }

        private List<String> readSegments(List<String> usual) {
            List<String> names = texts("segments", usual);
            List<String> all = new ArrayList<>();
            for (Segment segment : Segment.values()) {
                all.add(segment.wireName());
            }
            for (String name : names) {
                if (!all.contains(name)) {
                    error("segments", name, "one of " + String.join(", ", all));
                }
            }
            if (names.isEmpty()) {
                error("segments", names, "at least one of " + String.join(", ", all));
            }
            return names;
        }

        private String readWindow(String usual) {
            List<String> sliding = new ArrayList<>();
            for (Window window : Window.values()) {
                if (window.panes() > 0) {
                    sliding.add(window.wireName());
                }
            }
            return choice("window", usual, sliding);
        }

        private String text(String key, String usual) {
            known.add(key);
            Object value = map.get(key);
            if (value == null) {
                return usual;
            }
            if (value instanceof String text && !text.isBlank()) {
                return text;
            }
            error(key, value, "a text");
            return usual;
        }

        private List<String> texts(String key, List<String> usual) {
            known.add(key);
            Object value = map.get(key);
            if (value == null) {
                return usual;
            }
            if (value instanceof String text) {
                return List.of(text);
            }
            if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
                return list.stream().map(String.class::cast).distinct().toList();
            }
            error(key, value, "a list of texts");
            return usual;
        }

        private String choice(String key, String usual, List<String> choices) {
            known.add(key);
            return choice(map, key, key, usual, choices);
        }

        private String choice(Map<?, ?> from, String shown, String key, String usual, List<String> choices) {
            Object value = from.get(key);
            if (value == null) {
                if (usual != null && !choices.contains(usual)) {
                    error(shown, null, "one of " + String.join(", ", choices));
                }
                return usual;
            }
            if (value instanceof String text && choices.contains(text)) {
                return text;
            }
            error(shown, value, "one of " + String.join(", ", choices));
            return usual;
        }

        private Map<?, ?> nested(String key, Set<String> keys) {
            known.add(key);
            Object value = map.get(key);
            if (value == null) {
                return Map.of();
            }
            if (value instanceof Map<?, ?> nested) {
                unknownKeys(nested, keys, key + ".");
                return nested;
            }
            error(key, value, "a map with " + String.join(", ", new TreeSet<>(keys)));
            return Map.of();
        }

        private long millis(String key, long usual, long least, long most) {
            known.add(key);
            return millis(map, key, key, usual, least, most);
        }

        private long millis(Map<?, ?> from, String shown, String key, long usual, long least, long most) {
            Object value = from.get(key);
            if (value == null) {
                return usual;
            }
            String expected = "a duration from " + Texts.duration(least) + " to " + Texts.duration(most)
                    + ", like 10s, 5m, 1h, 7d";
            if (value instanceof String text && DURATION.matcher(text.strip()).matches()) {
                long millis = duration(text).toMillis();
                if (millis >= least && millis <= most) {
                    return millis;
                }
            }
            error(shown, value, expected);
            return usual;
        }

        private long whole(String key, long usual, long least, long most) {
            known.add(key);
            return whole(map, key, key, usual, least, most);
        }

        private long whole(Map<?, ?> from, String shown, String key, long usual, long least, long most) {
            Object value = from.get(key);
            if (value == null) {
                return usual;
            }
            Double number = number(value);
            if (number != null && number == Math.rint(number) && number >= least && number <= most) {
                return number.longValue();
            }
            error(shown, value, "a whole number from " + least + " to " + most);
            return usual;
        }

        private double decimal(String key, double usual, double least, double most) {
            known.add(key);
            Object value = map.get(key);
            if (value == null) {
                return usual;
            }
            Double number = number(value);
            if (number != null && number >= least && number <= most) {
                return number;
            }
            error(key, value, "a number from " + least + " to " + most);
            return usual;
        }

        /** A number, also one that is written as a text, as YAML scalars are; null for anything else. */
        private static Double number(Object value) {
            if (value instanceof Number number) {
                return number.doubleValue();
            }
            if (value instanceof String text && NUMBER.matcher(text.strip()).matches()) {
                return Double.valueOf(text.strip());
            }
            return null;
        }

        private void unknownKeys(Map<?, ?> from, Set<String> keys, String prefix) {
            for (Map.Entry<?, ?> entry : from.entrySet()) {
                if (!(entry.getKey() instanceof String key) || !keys.contains(key)) {
                    error(
                            prefix + entry.getKey(),
                            entry.getValue(),
                            "one of the keys " + String.join(", ", new TreeSet<>(keys)));
                }
            }
        }

        private void error(String key, Object value, String expected) {
            errors.add(where + "." + key + ": " + (value == null ? "missing" : value) + "; expected " + expected);
        }
    }
}
