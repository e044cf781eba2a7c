package io.shopwatch.settings;

import io.shopwatch.settings.Settings.Promotion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Puts the settings together: {@code --set} before environment variables before the settings file before the defaults.
 * Whatever is unknown or wrong is an error with one line that names key, value and what was expected.
 */
public final class SettingsLoader {

    /** Read from the working folder when no other file is named. */
    public static final String DEFAULT_FILE = "shopwatch.yaml";

    /** Names the settings file where there is no flag for it. */
    public static final String FILE_VARIABLE = "SHOPWATCH_SETTINGS";

    static final String PREFIX = "SHOPWATCH_";

    /** Variables of that prefix that are no settings: the file, and the log level that the logging set-up reads. */
    private static final Set<String> OTHER_VARIABLES = Set.of(FILE_VARIABLE, "SHOPWATCH_LOG_LEVEL");

    private static final Map<String, Option<?>> BY_KEY = new TreeMap<>();
    private static final Map<String, Option<?>> BY_VARIABLE = new HashMap<>();

    static {
        for (Option<?> option : Options.ALL) {
            BY_KEY.put(option.key(), option);
            BY_VARIABLE.put(option.environmentVariable(), option);
        }
    }

    private final Map<String, Node> nodes = new TreeMap<>();

    private SettingsLoader() {}

    /**
     * The settings of a command.
     *
     * @param fileOrNull the file of {@code --settings}; null for that of {@value #FILE_VARIABLE}, or else {@value
     *     #DEFAULT_FILE} in the working folder if there is one
     * @param environment environment variables
     * @param assignments {@code key=value} of each {@code --set}, later ones before earlier ones
     * @throws SettingsException if anything is wrong with them
     */
    public static Settings load(Path fileOrNull, Map<String, String> environment, List<String> assignments) {
        SettingsLoader loader = new SettingsLoader();
        String named = environment.getOrDefault(FILE_VARIABLE, "");
        if (fileOrNull != null) {
            loader.addFile(fileOrNull, "--settings");
        } else if (!named.isEmpty()) {
            loader.addFile(Path.of(named), FILE_VARIABLE);
        } else if (Files.exists(Path.of(DEFAULT_FILE))) {
            loader.addFile(Path.of(DEFAULT_FILE), DEFAULT_FILE);
        }
        loader.addEnvironment(environment);
        assignments.forEach(loader::addAssignment);
        return loader.settings();
    }

    /**
     * The settings in a YAML text, for programs that bring their own.
     *
     * @throws SettingsException if anything is wrong with them
     */
    public static Settings parse(String yaml) {
        SettingsLoader loader = new SettingsLoader();
        loader.addYaml(yaml, "settings");
        return loader.settings();
    }

    private void addFile(Path file, String namedBy) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new SettingsException(namedBy + " = '" + file + "': expected a readable UTF-8 file");
        }
        addYaml(text, file.toString());
    }

    private void addYaml(String text, String origin) {
        Object tree = Yaml.parse(text, origin);
        if (tree == null) {
            return;
        }
        if (!(tree instanceof Map<?, ?> map)) {
            throw new SettingsException(origin + ": expected a mapping of keys to values");
        }
        flatten("", map, origin);
    }

    private void flatten(String prefix, Map<?, ?> map, String origin) {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String key = prefix + entry.getKey();
            Object value = entry.getValue();
            if (value == null) {
                // `key:` without a value leaves the default.
                requirePossible(key, origin);
            } else if (value instanceof Map<?, ?> nested && !BY_KEY.containsKey(key)) {
                flatten(key + ".", nested, origin);
            } else if (nodes.containsKey(key)) {
                throw new SettingsException(key + " (" + origin + ") is given twice, nested and with dots");
            } else {
                put(key, value, origin);
            }
        }
    }

    private static void requirePossible(String key, String origin) {
        boolean section = BY_KEY.keySet().stream().anyMatch(known -> known.startsWith(key + "."));
        if (!section && !isKnown(key)) {
            throw unknown(key, origin);
        }
    }

    private void addEnvironment(Map<String, String> environment) {
        for (Map.Entry<String, String> entry : new TreeMap<>(environment).entrySet()) {
            String name = entry.getKey();
            String value = entry.getValue();
            // Compose files pass variables on as empty when they are not set.
            if (!name.startsWith(PREFIX) || value.isEmpty() || isForeign(name, value)) {
                continue;
            }
            Option<?> option = BY_VARIABLE.get(name);
            if (option != null) {
                put(option.key(), tree(option, value, name), name);
            } else if (name.startsWith(PREFIX + "KAFKA_") && name.length() > (PREFIX + "KAFKA_").length()) {
                // All properties of the Kafka clients are lower-case words with dots.
                String key =
                        name.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.');
                put(key, value, name);
            } else {
                throw new SettingsException(
                        name + " (environment): no such setting" + nearest(name, BY_VARIABLE.keySet()));
            }
        }
    }

    /** Whether a variable is none of ours: Kubernetes gives every pod such names for a service called shopwatch. */
    private static boolean isForeign(String name, String value) {
        return OTHER_VARIABLES.contains(name)
                || name.endsWith("_SERVICE_HOST")
                || name.contains("_SERVICE_PORT")
                || name.matches(".*_PORT_\\d+_(TCP|UDP)(_.*)?")
                || (name.endsWith("_PORT") && value.matches("(tcp|udp)://.*"));
    }

    private void addAssignment(String assignment) {
        int equals = assignment.indexOf('=');
        if (equals <= 0) {
            // No more than what looks like a key: a secret may follow.
            String key = assignment.replaceAll("[^\\p{L}\\p{N}._-].*", "…");
            throw new SettingsException("--set = '" + key + "': expected key=value, for example serve.port=0");
        }
        String key = assignment.substring(0, equals).strip();
        if (!isKnown(key)) {
            throw unknown(key, "--set");
        }
        put(key, tree(BY_KEY.get(key), assignment.substring(equals + 1), "--set"), "--set");
    }

    /** Lists are written as YAML on one line; everything else is taken as it is. */
    private static Object tree(Option<?> option, String text, String origin) {
        boolean structured = option != null && option.type().startsWith("list");
        return structured ? Yaml.parse(text, origin + " " + option.key()) : text;
    }

    private void put(String key, Object value, String origin) {
        if (!isKnown(key)) {
            throw unknown(key, origin);
        }
        // Lists of receivers hold URLs, and Kafka's properties hold passwords: their text is never shown.
        boolean secret = !BY_KEY.containsKey(key) || key.equals(Options.RECEIVERS.key());
        nodes.put(key, new Node(key, value, origin, secret));
    }

    private static boolean isKnown(String key) {
        return BY_KEY.containsKey(key)
                || (key.startsWith(Options.KAFKA_PREFIX) && key.length() > Options.KAFKA_PREFIX.length());
    }

    private static SettingsException unknown(String key, String origin) {
        return new SettingsException(key + " (" + origin + "): no such setting" + nearest(key, BY_KEY.keySet()));
    }

    private static String nearest(String name, Set<String> known) {
        String best = null;
        int least = Math.max(3, name.length() / 3);
        for (String candidate : known) {
            int distance = distance(name, candidate);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best == null ? "" : "; did you mean " + best + "?";
    }

    /** Levenshtein's distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, 1 + Math.min(above, row[j - 1]));
                diagonal = above;
            }
        }
        return row[b.length()];
    }

    private <T> T get(Option<T> option) {
        Node node = nodes.get(option.key());
        return node == null
                ? option.ofSettings().apply(Settings.defaults())
                : option.parser().apply(node);
    }

    private Settings settings() {
        String currency = get(Options.SHOP_CURRENCY);
        return new Settings(
                new Settings.Shop(get(Options.SHOP_TIMEZONE), currency),
                new Settings.Kafka(
                        get(Options.KAFKA_BOOTSTRAP_SERVERS),
                        get(Options.KAFKA_PARTITIONS),
                        get(Options.KAFKA_REPLICATION_FACTOR).shortValue(),
                        clientProperties()),
                new Settings.Events(
                        get(Options.EVENTS_OUT_OF_ORDERNESS),
                        get(Options.EVENTS_MAX_AHEAD),
                        get(Options.EVENTS_DEDUP_TTL),
                        get(Options.EVENTS_IDLENESS),
                        get(Options.EVENTS_CATCH_UP_HOLD)),
                new Settings.Orders(get(Options.ORDERS_TTL)),
                get(Options.FUNNELS),
                new Settings.Inventory(
                        get(Options.INVENTORY_COMMIT_ON),
                        get(Options.INVENTORY_HALF_LIFE),
                        get(Options.INVENTORY_LEAD_TIME),
                        get(Options.INVENTORY_LEAD_TIME_DEVIATION),
                        get(Options.INVENTORY_SERVICE_LEVEL),
                        get(Options.INVENTORY_HISTORY),
                        get(Options.INVENTORY_SKUS)),
                get(Options.PROMOTIONS).stream()
                        .map(promotion -> inCurrency(promotion, currency))
                        .toList(),
                new Settings.Metrics(
                        get(Options.METRICS_MAX_SKUS), get(Options.METRICS_EXPIRY), get(Options.METRICS_LONG_EXPIRY)),
                new Settings.Serve(get(Options.SERVE_PORT), get(Options.SERVE_BIND)),
                new Settings.Flink(
                        get(Options.FLINK_PARALLELISM),
                        get(Options.FLINK_CHECKPOINT_INTERVAL),
                        get(Options.FLINK_CHECKPOINT_DIR),
                        get(Options.FLINK_STATE_BACKEND),
                        get(Options.FLINK_ROCKSDB_MEMORY),
                        get(Options.FLINK_UI_PORT),
                        get(Options.FLINK_METRICS_PORT)),
                get(Options.RECEIVERS),
                new Settings.Links(get(Options.LINKS_DASHBOARD_URL), get(Options.LINKS_RUNBOOK_URL)));
    }

    private static Promotion inCurrency(Promotion promotion, String currency) {
        return promotion.currency() != null
                ? promotion
                : new Promotion(
                        promotion.name(),
                        promotion.start(),
                        promotion.end(),
                        currency,
                        promotion.base(),
                        promotion.goal(),
                        promotion.stretch());
    }

    private Map<String, String> clientProperties() {
        Map<String, String> properties = new TreeMap<>();
        for (Node node : nodes.values()) {
            if (node.key().startsWith(Options.KAFKA_PREFIX) && !BY_KEY.containsKey(node.key())) {
                String name = node.key().substring(Options.KAFKA_PREFIX.length());
                String expected = "a text, or file:/path of one";
                // Kafka's own *.url properties take file: URLs themselves and read the file again when it changes.
                properties.put(name, name.endsWith(".url") ? node.joined(expected) : node.revealed(expected));
            }
        }
        return Map.copyOf(properties);
    }
}
