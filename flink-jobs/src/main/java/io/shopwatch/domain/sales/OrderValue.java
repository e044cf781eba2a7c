package io.shopwatch.domain.sales;

import io.shopwatch.domain.event.Discounts;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.Segment;
import io.shopwatch.domain.event.ShopEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an order, or a part of it, is worth.
 *
 * @param units Σ quantity
 * @param gmv gross merchandise value: Σ quantity × unit price − discount, in 1/10000 currency units
 */
public record OrderValue(long units, long gmv) {

    private static final OrderValue NOTHING = new OrderValue(0, 0);

    /** The value of a fact, whose items and discount are known. */
    public static OrderValue of(ShopEvent fact) {
        return of(fact.items(), fact.discount());
    }

    /** The value of items under a discount. */
    public static OrderValue of(List<Item> items, long discount) {
        long units = 0;
        for (Item item : items) {
            units += item.quantity();
        }
        return new OrderValue(units, Discounts.value(items) - discount);
    }

    /**
     * The value per category, the discount spread over the items by value; the parts sum up to the whole. Items without
     * category count under {@code unknown}.
     */
    public static Map<String, OrderValue> byCategory(List<Item> items, long discount) {
        long[] discounts = Discounts.spread(items, discount);
        Map<String, OrderValue> byCategory = new LinkedHashMap<>();
        for (int i = 0; i < discounts.length; i++) {
            Item item = items.get(i);
            String category = item.category() == null ? Segment.UNKNOWN : item.category();
            OrderValue part = new OrderValue(item.quantity(), item.value() - discounts[i]);
            byCategory.put(category, part.plus(byCategory.getOrDefault(category, NOTHING)));
        }
        return byCategory;
    }

    private OrderValue plus(OrderValue other) {
        return new OrderValue(units + other.units, gmv + other.gmv);
    }
}
