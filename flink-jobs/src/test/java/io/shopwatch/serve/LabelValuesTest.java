package io.shopwatch.serve;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LabelValuesTest {

    @Test
    void leavesOrdinaryTextOfAnyScriptAlone() {
        for (String value : new String[] {"", "email", "直播 🛒", "quote\" and \\ and\nfeed", "x".repeat(256)}) {
            assertThat(LabelValues.safe(value)).isSameAs(value);
        }
    }

    @Test
    void replacesWhatEndsATextForSomeParsersAndKeepsTwoValuesApart() {
        assertThat(LabelValues.safe("a\u0000")).startsWith("a\uFFFD~").isNotEqualTo(LabelValues.safe("a\u0001"));
        assertThat(LabelValues.safe("a\uD800b")).startsWith("a\uFFFDb~");
        assertThat(LabelValues.safe("\uDC00")).startsWith("\uFFFD~");
    }

    @Test
    void cutsLongTextWithoutCuttingACharacterInHalf() {
        String cut = LabelValues.safe("x".repeat(246) + "🛒".repeat(20));
        assertThat(cut).hasSize(256).isNotEqualTo(LabelValues.safe("x".repeat(246) + "🛒".repeat(21)));
        assertThat(cut.charAt(246)).isEqualTo('\uFFFD');
    }
}
