package io.shopwatch.domain.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DiscountsTest {

    @Test
    void spreadsADiscountByValueAndGivesTheRestToTheLargestRemainders() {
        // 100 over values 10, 20, 40 of 70: 14.28, 28.57, 57.14 → 14 + 28 + 57 = 99; the 1 left goes to .57
        assertThat(Discounts.spread(List.of(item(1, 10), item(2, 10), item(4, 10)), 100))
                .containsExactly(14, 29, 57);
        // three equal items: 33.33 each, the 1 left goes to the earliest
        assertThat(Discounts.spread(List.of(item(1, 5), item(1, 5), item(1, 5)), 100))
                .containsExactly(34, 33, 33);
        // a free item bears nothing
        assertThat(Discounts.spread(List.of(item(1, 0), item(1, 5)), 3)).containsExactly(0, 3);
        // nothing has a value: equal shares
        assertThat(Discounts.spread(List.of(item(1, 0), item(3, 0)), 5)).containsExactly(3, 2);
        assertThat(Discounts.spread(List.of(item(1, 5)), 0)).containsExactly(0);
        assertThat(Discounts.spread(List.of(), 7)).isEmpty();
    }

    @Test
    void spreadsTheLargestAmountsWithoutOverflow() {
        // 10^16 · 10^16 is far beyond a long
        long[] shares =
                Discounts.spread(List.of(item(1, Money.MAX_AMOUNT), item(1, Money.MAX_AMOUNT)), Money.MAX_AMOUNT);
        assertThat(shares).containsExactly(Money.MAX_AMOUNT / 2, Money.MAX_AMOUNT / 2);
    }

    @Test
    void sharesAlwaysSumUpToTheDiscountAndAreWithinOneOfTheExactShare() {
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            List<Item> items = new ArrayList<>();
            int n = 1 + random.nextInt(6);
            for (int i = 0; i < n; i++) {
                items.add(item(1 + random.nextInt(4), random.nextInt(30)));
            }
            long discount = random.nextInt(200);
            long[] shares = Discounts.spread(items, discount);
            assertThat(Arrays.stream(shares).sum()).isEqualTo(discount);
            long total = Discounts.value(items);
            for (int i = 0; i < n && total > 0; i++) {
                double exact = (double) discount * items.get(i).value() / total;
                assertThat((double) shares[i]).isBetween(exact - 1, exact + 1);
            }
        }
    }

    @Test
    void takesTheShareOfAPartOfAnOrder() {
        List<Item> whole = List.of(item(3, 100), item(1, 100));
        // 10 · 100 / 400 = 2.5 → 3
        assertThat(Discounts.shareOf(10, whole, List.of(item(1, 100)))).isEqualTo(3);
        assertThat(Discounts.shareOf(10, whole, whole)).isEqualTo(10);
        // more came back than was ordered: the whole discount, no more
        assertThat(Discounts.shareOf(10, whole, List.of(item(9, 100)))).isEqualTo(10);
        assertThat(Discounts.shareOf(10, List.of(item(1, 0)), List.of(item(1, 0))))
                .isZero();
    }

    private static Item item(long quantity, long unitPrice) {
        return new Item("sku", "category", quantity, unitPrice, "default");
    }
}
