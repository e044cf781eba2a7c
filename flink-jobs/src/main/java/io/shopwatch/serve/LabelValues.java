package io.shopwatch.serve;

/**
 * Label values from outside, made fit for a scrape: a name in an event is any text, and one that breaks the exposition
 * format would take all metrics with it. Quotes, backslashes and line feeds are escaped by the text format itself.
 */
final class LabelValues {

    /** As long as the longest string that an event may carry. */
    static final int MAX_LENGTH = 256;

    private static final char REPLACEMENT = '\uFFFD';

    private LabelValues() {}

    /**
     * The value without control characters and lone surrogates, which some parsers take for the end of the text, and at
     * most {@value #MAX_LENGTH} characters long. A value that had to be changed gets a hash of the original, so that
     * two values never become one series.
     */
    static String safe(String value) {
        int length = value.length();
        boolean clean = length <= MAX_LENGTH;
        for (int i = 0; clean && i < length; i++) {
            clean = isPlain(value, i);
        }
        if (clean) {
            return value;
        }
        int kept = Math.min(length, MAX_LENGTH - 9);
        StringBuilder safe = new StringBuilder(MAX_LENGTH);
        for (int i = 0; i < kept; i++) {
            safe.append(isPlain(value, i) ? value.charAt(i) : REPLACEMENT);
        }
        if (Character.isHighSurrogate(safe.charAt(kept - 1))) {
            safe.setCharAt(kept - 1, REPLACEMENT);
        }
        return safe.append('~').append(String.format("%08x", value.hashCode())).toString();
    }

    private static boolean isPlain(String value, int at) {
        char c = value.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 < value.length() && Character.isLowSurrogate(value.charAt(at + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return at > 0 && Character.isHighSurrogate(value.charAt(at - 1));
        }
        return !Character.isISOControl(c) || c == '\n';
    }
}
