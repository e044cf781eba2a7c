package io.shopwatch.domain.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CompactBytesTest {
    private final CompactBytes bytes = new CompactBytes();

    private byte[] written(List<String> words, Vocabulary vocabulary) {
        bytes.write(vocabulary, 0);
        words.forEach(bytes::writeWord);
        return bytes.toBytes();
    }

    private List<String> read(byte[] written, int words, Vocabulary vocabulary) {
        bytes.read(written, 0, vocabulary);
        return Stream.generate(bytes::readWord).limit(words).toList();
    }

    @Test
    void aNumberThatWasReadIsOnlyWrittenForItsOwnWord() {
        // Here the words have one another's numbers.
        Vocabulary one = new Vocabulary();
        Vocabulary other = new Vocabulary();
        List<String> words = List.of("search", "email", "social");
        List<String> backwards = List.of("social", "email", "search");
        byte[] inOne = written(words, one);
        byte[] inOther = written(backwards, other);

        List<String> known = read(inOne, 3, one);
        assertThat(known).isEqualTo(words);
        assertThat(read(written(known, other), 3, other)).isEqualTo(words);
        assertThat(read(inOther, 3, other)).isEqualTo(backwards);
        assertThat(written(known, one)).isEqualTo(inOne);
        // As many as there are, in any order, more often than they are remembered.
        List<String> many =
                IntStream.range(0, 60).mapToObj(i -> words.get(i * 7 % 3)).toList();
        assertThat(read(written(many, one), 60, one)).isEqualTo(many);
    }
}
