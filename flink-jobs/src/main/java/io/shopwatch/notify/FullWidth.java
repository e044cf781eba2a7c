package io.shopwatch.notify;

/**
 * Takes the meaning out of markup for robots whose Markdown has no documented escape: characters that could begin a
 * heading, a link, an emphasis, a tag or a mention become their full-width twins, which look alike and mean nothing.
 */
final class FullWidth {
    private static final String MARKUP = "<>[]()*`#@!|~\\&";
    private static final int DISTANCE = 0xFF01 - '!';

    private FullWidth() {}

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean markup = MARKUP.indexOf(c) >= 0
                    // Lists and rules only at the beginning, where a minus sign of a number stays readable too.
                    || (i == 0 && (c == '-' || c == '+' || c == '_' || c == '='));
            escaped.append(markup ? (char) (c + DISTANCE) : c);
        }
        return escaped.toString();
    }
}
