package io.shopwatch.notify;

import java.nio.charset.StandardCharsets;
import java.text.BreakIterator;
import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/** Strings that came from outside, made fit for a message: one line, no invisible tricks, cut between characters. */
final class Texts {
    private static final String ELLIPSIS = "…";
    // More than any product shows of one part; what is longer would only cost time.
    private static final int LONGEST = 4000;

    private Texts() {}

    /**
     * One line of visible characters. Line breaks and control characters become spaces, runs of spaces one; format
     * characters go (a bidirectional override can make a message read backwards); half a surrogate pair becomes U+FFFD. What
     * comes after some 4000 characters is left out.
     *
     * @param text may be null, which is the empty string
     */
    static String clean(String text) {
        if (text == null) {
            return "";
        }
        StringBuilder cleaned = new StringBuilder(text.length());
        boolean space = false;
        int i = 0;
        while (i < text.length() && cleaned.length() < LONGEST) {
            int character = text.codePointAt(i);
            i += Character.charCount(character);
            int type = Character.getType(character);
            if (Character.isWhitespace(character)
                    || Character.isSpaceChar(character)
                    || type == Character.CONTROL
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR) {
                space = true;
                continue;
            }
            // The zero-width joiner holds emoji together and shows nothing else than they do.
            if (type == Character.FORMAT && character != 0x200D) {
                continue;
            }
            if (space && cleaned.length() > 0) {
                cleaned.append(' ');
            }
            space = false;
            cleaned.appendCodePoint(type == Character.SURROGATE ? 0xFFFD : character);
        }
        return cleaned.toString();
    }

    /** At most {@code limit} UTF-16 units, with an ellipsis where something was cut. */
    static String cut(String text, int limit) {
        return fit(text, limit, UnaryOperator.identity(), String::length);
    }

    /** The longest beginning of {@code text} whose escaped form keeps the limit; what is cut is cut before escaping. */
    static String fit(String text, int limit, UnaryOperator<String> escape, ToIntFunction<String> measure) {
        String whole = escape.apply(text);
        if (measure.applyAsInt(whole) <= limit) {
            return whole;
        }
        BreakIterator characters = BreakIterator.getCharacterInstance(Locale.ROOT);
        characters.setText(text);
        String best = "";
        int low = 0;
        int high = text.length();
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int end = characters.isBoundary(middle) ? middle : characters.preceding(middle);
            String candidate = escape.apply(text.substring(0, Math.max(0, end)).stripTrailing() + ELLIPSIS);
            if (measure.applyAsInt(candidate) <= limit) {
                best = candidate;
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return best;
    }

    /** Length in UTF-8. */
    static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
