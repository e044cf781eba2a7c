package io.shopwatch.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class TextsTest {

    @Test
    void makesOneCleanLine() {
        assertThat(Texts.clean(null)).isEmpty();
        assertThat(Texts.clean("  a\r\n\tb\u0000c\u2028d\u00A0 e  ")).isEqualTo("a b c d e");
        assertThat(Texts.clean("x\u202Egpj.exe\u200B")).isEqualTo("xgpj.exe");
        assertThat(Texts.clean("half \uD83D pair")).isEqualTo("half \uFFFD pair");
        assertThat(Texts.clean("\uDE00")).isEqualTo("\uFFFD");
        assertThat(Texts.clean("家族 👨‍👩‍👧")).isEqualTo("家族 👨‍👩‍👧");
    }

    @Test
    void cutsBetweenCharactersAndSaysSo() {
        assertThat(Texts.cut("abcdef", 6)).isEqualTo("abcdef");
        assertThat(Texts.cut("abcdef", 5)).isEqualTo("abcd…");
        // 😀 is two units: 3 units hold one of them and the ellipsis, never a half
        assertThat(Texts.cut("😀😀😀", 3)).isEqualTo("😀…");
        assertThat(Texts.cut("😀😀😀", 4)).isEqualTo("😀…");
        // e and its accent stay together
        assertThat(Texts.cut("e\u0301e\u0301e\u0301", 4)).isEqualTo("e\u0301…");
        assertThat(Texts.cut("abc", 0)).isEmpty();
    }

    @Test
    void neverCutsThroughAnEscape() {
        // & becomes &amp;: 5 units each, the ellipsis one
        assertThat(Texts.fit("&&&&", 12, s -> s.replace("&", "&amp;"), String::length))
                .isEqualTo("&amp;&amp;…");
    }

    @Test
    void findsTheLongestBeginningThatFits() {
        Random random = new Random(7);
        String[] alphabet = {"a", "é", "中", "😀", "&", " ", "e\u0301"};
        UnaryOperator<String> escape = s -> s.replace("&", "&amp;");
        for (int run = 0; run < 500; run++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i >= 0; i--) {
                text.append(alphabet[random.nextInt(alphabet.length)]);
            }
            int limit = 3 + random.nextInt(60);
            String fitted = Texts.fit(text.toString(), limit, escape, Texts::bytes);
            assertThat(Texts.bytes(fitted)).isLessThanOrEqualTo(limit);
            assertThat(fitted).isEqualTo(bruteForce(text.toString(), limit, escape));
        }
    }

    /** Tries every end from the longest down; an end inside a pair, or before a combining accent, does not count. */
    private static String bruteForce(String text, int limit, UnaryOperator<String> escape) {
        if (Texts.bytes(escape.apply(text)) <= limit) {
            return escape.apply(text);
        }
        for (int end = text.length(); end >= 0; end--) {
            boolean inside = end > 0
                    && end < text.length()
                    && (Character.isLowSurrogate(text.charAt(end)) || text.charAt(end) == '\u0301');
            String candidate = escape.apply(text.substring(0, end).stripTrailing() + "…");
            if (!inside && Texts.bytes(candidate) <= limit) {
                return candidate;
            }
        }
        return "";
    }
}
