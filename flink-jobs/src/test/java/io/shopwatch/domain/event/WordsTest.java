package io.shopwatch.domain.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {
    private final Words words = new Words();

    private String read(String text) {
        byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
        return words.of(bytes, 1, bytes.length - 2);
    }

    @Test
    void givesTheSameStringForTheSameBytes() {
        String first = read("ios");
        assertThat(first).isEqualTo("ios");
        assertThat(read("ios")).isSameAs(first);
        assertThat(read("größe 尺寸")).isEqualTo("größe 尺寸");
        assertThat(read("")).isEmpty();
    }

    @Test
    void keepsWordsOfTheSameHashBesideEachOther() {
        // Polynomials of 31: "Aa" and "BB" have one hash, and so have all four texts of the two.
        List<String> sameHash = List.of("AaAa", "AaBB", "BBAa", "BBBB");
        List<String> first = new ArrayList<>();
        sameHash.forEach(word -> first.add(read(word)));
        for (int i = 0; i < sameHash.size(); i++) {
            assertThat(read(sameHash.get(i))).isSameAs(first.get(i));
        }
    }

    @Test
    void readsMoreWordsThanItCanKeep() {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 20_000; i++) {
                assertThat(read("word-" + i)).isEqualTo("word-" + i);
            }
        }
    }
}
