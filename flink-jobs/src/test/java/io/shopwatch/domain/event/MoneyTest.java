package io.shopwatch.domain.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoneyTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 0.0001",
        "-1, -0.0001",
        "10, 0.001",
        "100, 0.01",
        "125000, 12.5",
        "-125000, -12.5",
        "30000, 3",
        "-30000, -3",
        "100500, 10.05",
        "9223372036854775807, 922337203685477.5807",
        "-9223372036854775808, -922337203685477.5808"
    })
    void isWrittenWithoutNeedlessZeros(long amount, String text) {
        assertThat(Money.toString(amount)).isEqualTo(text);
    }

    @Test
    void isWrittenAsWhatItIs() {
        Random random = new Random(3);
        for (int i = 0; i < 100_000; i++) {
            long amount = random.nextLong() >> random.nextInt(64);
            assertThat(Money.toString(amount))
                    .isEqualTo(
                            amount == 0
                                    ? "0"
                                    : Money.toUnits(amount).stripTrailingZeros().toPlainString());
        }
    }
}
