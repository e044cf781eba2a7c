package io.shopwatch.domain.sales;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.shopwatch.domain.event.Item;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderValueTest {
    private static final List<Item> ITEMS =
            List.of(item("shoes", 2, 100), item(null, 1, 50), item("hats", 1, 50), item("shoes", 1, 100));

    @Test
    void isQuantityTimesPriceLessDiscount() {
        // 2·100 + 50 + 50 + 100 − 30 = 370; 2 + 1 + 1 + 1 = 5 units
        assertThat(OrderValue.of(ITEMS, 30)).isEqualTo(new OrderValue(5, 370));
    }

    @Test
    void isSplitByCategoryWithTheDiscountSpreadByValue() {
        // shares of 30 over 400: 15, 3.75, 3.75, 7.5 → 15 + 3 + 3 + 7 = 28; the 2 left to the two .75
        assertThat(OrderValue.byCategory(ITEMS, 30))
                .containsExactly(
                        entry("shoes", new OrderValue(3, 300 - 22)),
                        entry("unknown", new OrderValue(1, 50 - 4)),
                        entry("hats", new OrderValue(1, 50 - 4)));
    }

    private static Item item(String category, long quantity, long unitPrice) {
        return new Item("sku", category, quantity, unitPrice, "default");
    }
}
