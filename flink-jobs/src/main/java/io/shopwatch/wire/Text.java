package io.shopwatch.wire;

/** Text from outside, made fit for messages. */
final class Text {
    private static final int SHORT = 40;
    private static final int LINE = 200;

    private Text() {}

    /** The text in quotes, shortened. */
    static String quote(String text) {
        return '"' + shorten(text) + '"';
    }

    /** At most 40 characters of the text. */
    static String shorten(String text) {
        return text.length() <= SHORT ? text : text.substring(0, SHORT) + "…";
    }

    /** One line of at most 200 characters, with {@code ?} for control characters and halves of surrogate pairs. */
    static String clean(String text) {
        int length = Math.min(text.length(), LINE);
        StringBuilder line = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1))) {
                line.append(c).append(text.charAt(++i));
            } else {
                line.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
            }
        }
        return line.toString();
    }

    /** Whether a half of a surrogate pair stands alone; such a text has no UTF-8. */
    static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }
}
