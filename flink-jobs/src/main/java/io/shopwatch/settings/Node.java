package io.shopwatch.settings;

import io.shopwatch.domain.window.Durations;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A value as somebody wrote it, with its key and origin: reads it as a type, or says what was expected. */
final class Node {
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}_.-]{0,63}");
    private static final Pattern INTEGER = Pattern.compile("-?\\d{1,18}");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,6})([MG])B?", Pattern.CASE_INSENSITIVE);
    private static final Pattern DECIMAL = Pattern.compile("-?\\d{1,30}(\\.\\d{1,10})?");
    private static final Pattern SERVERS = Pattern.compile("[^\\s,:]+:\\d{1,5}|\\[[0-9a-fA-F:]+]:\\d{1,5}");
    private static final int SHOWN = 60;

    private final String key;
    private final Object value;
    private final String origin;
    private final boolean secret;

    /**
     * @param key key of the value, for example {@code receivers[0].url}
     * @param value a tree as {@link Yaml} gives it
     * @param origin file, environment variable or flag
     * @param secret whether messages must not show the value
     */
    Node(String key, Object value, String origin, boolean secret) {
        this.key = key;
        this.value = value;
        this.origin = origin;
        this.secret = secret;
    }

    String key() {
        return key;
    }

    String origin() {
        return origin;
    }

    /** The error of a value that is not what was expected. */
    SettingsException expected(String what) {
        return new SettingsException(key + " = " + shown() + " (" + origin + "): expected " + what);
    }

    private String shown() {
        if (secret) {
            return "***";
        }
        if (value instanceof Map) {
            return "a mapping";
        }
        if (value instanceof List) {
            return "a list";
        }
        if (value == null) {
            return "nothing";
        }
        String text = value.toString().replaceAll("\\p{Cntrl}", "?");
        return "'" + (text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…") + "'";
    }

    // --- scalars

    /** The text of a scalar. */
    String text(String expected) {
        if (value instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw expected(expected);
    }

    /** A text that becomes a name in labels and keys. */
    String name() {
        return matching("a name of letters, digits, '.', '_' and '-', at most 64", t -> NAME.matcher(t)
                .matches());
    }

    /** A text that the test accepts. */
    String matching(String expected, Predicate<String> test) {
        String text = text(expected);
        if (!test.test(text)) {
            throw expected(expected);
        }
        return text;
    }

    /** One of a few words. */
    String oneOf(List<String> words) {
        return matching(alternatives(words), words::contains);
    }

    /** A constant by its lower-case name. */
    <E extends Enum<E>> E constant(Class<E> type) {
        List<String> words = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            words.add(constant.name().toLowerCase(Locale.ROOT));
        }
        return Enum.valueOf(type, oneOf(words).toUpperCase(Locale.ROOT));
    }

    static String alternatives(List<String> words) {
        if (words.size() == 1) {
            return words.get(0);
        }
        return String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.get(words.size() - 1);
    }

    int integer(int min, int max) {
        String expected = max == Integer.MAX_VALUE
                ? "a whole number, at least " + min
                : "a whole number from " + min + " to " + max;
        long number = wholeNumber(expected);
        if (number < min || number > max) {
            throw expected(expected);
        }
        return (int) number;
    }

    long nonNegative() {
        String expected = "a whole number, at least 0";
        long number = wholeNumber(expected);
        if (number < 0) {
            throw expected(expected);
        }
        return number;
    }

    private long wholeNumber(String expected) {
        return Long.parseLong(matching(expected, t -> INTEGER.matcher(t).matches()));
    }

    int port() {
        String expected = "a port from 0 (any free one) to 65535";
        long number = wholeNumber(expected);
        if (number < 0 || number > 65_535) {
            throw expected(expected);
        }
        return (int) number;
    }

    /** A number from {@code min} to below {@code below}. */
    double number(double min, double below) {
        String expected = "a number from " + min + " to below " + below;
        double number =
                Double.parseDouble(matching(expected, t -> DECIMAL.matcher(t).matches()));
        if (number < min || number >= below) {
            throw expected(expected);
        }
        return number;
    }

    /** An amount of money of 0 or more. */
    BigDecimal amount() {
        String expected = "an amount of money, at least 0";
        BigDecimal amount =
                new BigDecimal(matching(expected, t -> DECIMAL.matcher(t).matches()));
        if (amount.signum() < 0) {
            throw expected(expected);
        }
        return amount;
    }

    /** A duration above zero. */
    Duration positiveDuration() {
        Duration duration = duration();
        if (duration.isZero()) {
            throw expected("a duration above zero");
        }
        return duration;
    }

    /** A duration, zero included. */
    Duration duration() {
        String expected = "a duration such as 500ms, 1s, 5m, 1h or 30d";
        try {
            return Durations.parse(text(expected));
        } catch (IllegalArgumentException e) {
            throw expected(e.getMessage());
        }
    }

    /** A size in units of 2^20 bytes. */
    int megabytes(int min) {
        String expected = "a size such as 512MB or 2GB, at least " + min + "MB";
        Matcher size = SIZE.matcher(text(expected));
        if (size.matches()) {
            boolean giga = size.group(2).equalsIgnoreCase("G");
            int megabytes = Integer.parseInt(size.group(1)) * (giga ? 1024 : 1);
            if (megabytes >= min) {
                return megabytes;
            }
        }
        throw expected(expected);
    }

    ZoneId zone() {
        String expected = "a time zone such as Europe/Berlin, Asia/Shanghai or UTC";
        try {
            return ZoneId.of(text(expected)).normalized();
        } catch (DateTimeException e) {
            throw expected(expected);
        }
    }

    String currency() {
        String expected = "an ISO 4217 currency such as USD or CNY";
        String code = text(expected).toUpperCase(Locale.ROOT);
        try {
            return Currency.getInstance(code).getCurrencyCode();
        } catch (IllegalArgumentException e) {
            throw expected(expected);
        }
    }

    Instant instant() {
        String expected = "an RFC 3339 time such as 2026-11-11T00:00:00+08:00";
        try {
            return OffsetDateTime.parse(text(expected)).toInstant();
        } catch (DateTimeException e) {
            throw expected(expected);
        }
    }

    /** One or more {@code host:port}, also as a list. */
    String servers() {
        String expected = "host:port, or several separated by commas";
        String servers = joined(expected);
        for (String server : servers.split(",", -1)) {
            if (!SERVERS.matcher(server).matches()
                    || Integer.parseInt(server.substring(server.lastIndexOf(':') + 1)) > 65_535) {
                throw expected(expected);
            }
        }
        return servers;
    }

    /** A scalar, or the scalars of a list joined by commas, as Kafka's properties want lists. */
    String joined(String expected) {
        if (!(value instanceof List<?> list)) {
            return value instanceof String text ? text : text(expected);
        }
        List<String> texts = new ArrayList<>();
        for (Object element : list) {
            if (!(element instanceof String text)) {
                throw expected(expected);
            }
            texts.add(text);
        }
        return String.join(",", texts);
    }

    String url() {
        String expected = "an http or https URL";
        return matching(expected, Node::isUrl);
    }

    /** A URL that nobody may see, perhaps in a file. */
    Secret secretUrl() {
        String url = revealed("an http or https URL, or file:/path of one");
        if (!isUrl(url)) {
            throw expected("an http or https URL, or file:/path of one");
        }
        return new Secret(url);
    }

    /** A text that nobody may see, perhaps in a file. */
    Secret secret() {
        return new Secret(revealed("a secret, or file:/path of one"));
    }

    private static boolean isUrl(String text) {
        try {
            URI uri = new URI(text);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** The text itself, or what is in the file that it names as {@code file:/path}. */
    String revealed(String expected) {
        String text = joined(expected);
        if (!text.startsWith("file:")) {
            if (text.isEmpty()) {
                throw expected(expected);
            }
            return text;
        }
        // file:/path and the URL form file:///path are the same file.
        String path = text.substring("file:".length());
        path = path.startsWith("//") ? path.substring(2) : path;
        String content;
        try {
            content = Files.readString(Path.of(path));
        } catch (IOException | InvalidPathException e) {
            throw new SettingsException(
                    key + " = 'file:" + path + "' (" + origin + "): expected a readable UTF-8 file at " + path);
        }
        // Editors and `echo` end a file with a newline that is no part of the secret.
        if (content.endsWith("\n")) {
            content = content.substring(0, content.length() - (content.endsWith("\r\n") ? 2 : 1));
        }
        if (content.isEmpty()) {
            throw new SettingsException(key + " = 'file:" + path + "' (" + origin + "): expected a secret in " + path
                    + ", but it is empty");
        }
        return content;
    }

    // --- structures

    /** The elements of a list. */
    List<Node> elements(String expected) {
        if (!(value instanceof List<?> list)) {
            throw expected(expected);
        }
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            nodes.add(new Node(key + "[" + i + "]", list.get(i), origin, secret));
        }
        return nodes;
    }

    boolean isText() {
        return value instanceof String;
    }

    /**
     * The fields of a mapping. Names may be written in camelCase or with dashes.
     *
     * @param known names in camelCase
     * @param secrets those whose values messages must not show
     */
    Fields fields(List<String> known, Set<String> secrets) {
        if (!(value instanceof Map<?, ?> map)) {
            throw expected("a mapping with " + String.join(", ", known));
        }
        Map<String, Node> nodes = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String written = (String) entry.getKey();
            String name = known.stream()
                    .filter(k -> k.equals(written) || dashed(k).equals(written))
                    .findFirst()
                    .orElseThrow(() -> new SettingsException(key + "." + written + " (" + origin
                            + "): no such key; expected one of " + String.join(", ", known)));
            if (!seen.add(name)) {
                throw new SettingsException(key + "." + name + " (" + origin + ") is given twice");
            }
            if (entry.getValue() != null) {
                nodes.put(name, new Node(key + "." + name, entry.getValue(), origin, secrets.contains(name)));
            }
        }
        return new Fields(this, nodes);
    }

    /** {@code lead-time} for {@code leadTime}. */
    static String dashed(String camelCase) {
        StringBuilder dashed = new StringBuilder();
        for (int i = 0; i < camelCase.length(); i++) {
            char c = camelCase.charAt(i);
            if (Character.isUpperCase(c)) {
                dashed.append('-').append(Character.toLowerCase(c));
            } else {
                dashed.append(c);
            }
        }
        return dashed.toString();
    }

    /** The fields of one mapping by their camelCase names; those without a value are absent. */
    record Fields(Node owner, Map<String, Node> nodes) {

        Node required(String name) {
            Node node = nodes.get(name);
            if (node == null) {
                throw new SettingsException(owner.key + "." + name + " (" + owner.origin + ") is missing; it has "
                        + (nodes.isEmpty() ? "no keys" : "only " + String.join(", ", new TreeSet<>(nodes.keySet()))));
            }
            return node;
        }

        <T> T optional(String name, java.util.function.Function<Node, T> read, T otherwise) {
            Node node = nodes.get(name);
            return node == null ? otherwise : read.apply(node);
        }
    }
}
