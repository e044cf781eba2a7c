package io.shopwatch.domain.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VocabularyTest {
    private static final long HOUR = 3_600_000;

    private final Vocabulary words = new Vocabulary();

    @Test
    void givesAWordItsNumberForGood() {
        int search = words.numberOf("search", 0);
        int ads = words.numberOf("ads", 0);
        assertThat(ads).isNotEqualTo(search);
        assertThat(words.numberOf("search", HOUR)).isEqualTo(search);
        assertThat(words.word(search)).isEqualTo("search");
        assertThat(words.word(ads)).isEqualTo("ads");
    }

    @Test
    void givesNoMoreNumbersThanItHas() {
        Set<Integer> numbers = fill(0, HOUR);
        assertThat(numbers).hasSize(Vocabulary.MAX_WORDS).doesNotContain(Vocabulary.NONE);
        assertThat(words.numberOf("another", HOUR)).isEqualTo(Vocabulary.NONE);
        assertThat(words.numberOf("word-5", HOUR)).isIn(numbers);
    }

    @Test
    void givesLongWordsNone() {
        assertThat(words.numberOf("x".repeat(Vocabulary.MAX_LENGTH), 0)).isNotEqualTo(Vocabulary.NONE);
        assertThat(words.numberOf("x".repeat(Vocabulary.MAX_LENGTH + 1), 0)).isEqualTo(Vocabulary.NONE);
    }

    @Test
    void freesOnlyWhatNobodyCanRemember() {
        fill(0, HOUR);
        int used = words.numberOf("word-7", 3 * HOUR);
        // a word may come late: it was asked for at the later time all the same
        words.numberOf("word-7", 2 * HOUR);
        words.forget(2 * HOUR, HOUR);
        assertThat(words.numberOf("too-early", 3 * HOUR)).isEqualTo(Vocabulary.NONE);
        words.forget(3 * HOUR + 1, HOUR);
        int another = words.numberOf("another", 3 * HOUR);
        assertThat(another).isNotEqualTo(Vocabulary.NONE);
        assertThat(words.word(another)).isEqualTo("another");
        assertThat(words.numberOf("word-7", 3 * HOUR)).isEqualTo(used);
        assertThat(words.word(used)).isEqualTo("word-7");
    }

    @Test
    void waitsForThoseWhoLiveLongerThanTodaysSettingsSay() throws IOException {
        fill(0, HOUR);
        words.forget(2 * HOUR, 10 * HOUR);
        Vocabulary restored = copyOf(words);
        restored.forget(10 * HOUR, HOUR);
        assertThat(restored.numberOf("another", 10 * HOUR)).isEqualTo(Vocabulary.NONE);
        restored.forget(11 * HOUR + 1, HOUR);
        assertThat(restored.numberOf("another", 12 * HOUR)).isNotEqualTo(Vocabulary.NONE);
    }

    @Test
    void keepsAllWhileNumbersAreLeft() {
        int search = words.numberOf("search", 0);
        words.forget(100 * HOUR, HOUR);
        assertThat(words.numberOf("search", 100 * HOUR)).isEqualTo(search);
        assertThat(words.numberOf("ads", 100 * HOUR)).isNotEqualTo(search);
    }

    @Test
    void isReadAsItWasWritten() throws IOException {
        fill(0, HOUR);
        words.numberOf("word-9", 5 * HOUR);
        words.forget(3 * HOUR, HOUR);
        int ads = words.numberOf("ads", 5 * HOUR);
        Vocabulary read = copyOf(words);
        assertThat(read.word(ads)).isEqualTo("ads");
        assertThat(read.numberOf("ads", 5 * HOUR)).isEqualTo(ads);
        assertThat(read.numberOf("word-9", 5 * HOUR)).isEqualTo(words.numberOf("word-9", 5 * HOUR));
        assertThat(read.numberOf("new", 5 * HOUR)).isEqualTo(words.numberOf("new", 5 * HOUR));
    }

    private Set<Integer> fill(int from, long time) {
        Set<Integer> numbers = new HashSet<>();
        for (int i = from; i < from + Vocabulary.MAX_WORDS; i++) {
            numbers.add(words.numberOf("word-" + i, time));
        }
        return numbers;
    }

    private static Vocabulary copyOf(Vocabulary vocabulary) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        vocabulary.write(new DataOutputStream(bytes));
        return Vocabulary.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    }
}
