package io.shopwatch.replay;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.Money;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.wire.DeadLetterReason;
import io.shopwatch.wire.EventDecoder;
import java.math.BigDecimal;
import java.util.List;

/** Reads the rows of one public data set. */
interface RowReader {

    /**
     * What a row says.
     *
     * @param line the row, without its end
     * @throws RowException if it can't be read
     */
    Row read(String line) throws RowException;

    /** What a row can mean. */
    enum Action {
        VIEW,
        ADD,
        REMOVE,
        PURCHASE,
        /** Nothing that Shopwatch measures. */
        SKIP
    }

    /**
     * A row.
     *
     * @param time event time, epoch milliseconds
     * @param session session, or null
     * @param category category, or null
     * @param unitPrice in 1/10000 currency units; 0 where the data set has none
     */
    record Row(
            Action action, long time, String visitor, String session, String product, String category, long unitPrice) {

        /**
         * The events of this row. Ids come from what the row says and how many equal rows of the same time were before
         * it: reading a file twice gives the same ids. Orders have no id in these data sets; the id of a purchase is
         * made of session (or visitor), product and time, so equal rows are one purchase that was recorded twice.
         *
         * @param occurrence 0 for the first of equal rows
         */
        List<ShopEvent> events(String prefix, int occurrence) {
            String origin = prefix + "-" + (session == null ? visitor : session) + "-" + product + "-" + time;
            String id = origin + "-" + action.name().charAt(0) + (occurrence == 0 ? "" : "-" + occurrence);
            return switch (action) {
                case VIEW ->
                    List.of(visit(EventType.VIEW_ITEM, id)
                            .sku(product)
                            .category(category)
                            .build());
                case ADD -> List.of(cart(EventType.ADD_TO_CART, id));
                case REMOVE -> List.of(cart(EventType.REMOVE_FROM_CART, id));
                case PURCHASE ->
                    List.of(
                            visit(EventType.PLACED, id + "-placed")
                                    .order(origin)
                                    .items(List.of(
                                            new Item(product, category, 1, unitPrice, EventDecoder.DEFAULT_WAREHOUSE)))
                                    .build(),
                            visit(EventType.PAID, id + "-paid").order(origin).build());
                case SKIP -> List.of();
            };
        }

        /** The stream of this row's events; null where it has none. */
        EventStream stream() {
            return switch (action) {
                case VIEW -> EventStream.CLICKS;
                case ADD, REMOVE -> EventStream.CARTS;
                case PURCHASE -> EventStream.ORDERS;
                case SKIP -> null;
            };
        }

        private ShopEvent cart(EventType type, String id) {
            return visit(type, id)
                    .sku(product)
                    .category(category)
                    .quantity(1)
                    .unitPrice(unitPrice)
                    .build();
        }

        private ShopEvent.Builder visit(EventType type, String id) {
            return ShopEvent.builder(type, id, time).visitor(visitor).session(session);
        }
    }

    /**
     * A required field.
     *
     * @throws RowException if it is empty or longer than ids may be
     */
    static String required(String name, String value) throws RowException {
        if (value.isEmpty()) {
            throw new RowException(DeadLetterReason.MISSING_FIELD, name + " is empty");
        }
        return bounded(name, value);
    }

    /**
     * An optional field: null if it is empty.
     *
     * @throws RowException if it is longer than events may carry
     */
    static String optional(String name, String value) throws RowException {
        return value.isEmpty() ? null : bounded(name, value);
    }

    /**
     * An amount in currency units.
     *
     * @throws RowException if it is none, negative, or not exact in 1/10000
     */
    static long money(String name, String value) throws RowException {
        try {
            long amount = Money.of(new BigDecimal(value));
            if (amount < 0) {
                throw new RowException(DeadLetterReason.INVALID_FIELD, name + " is negative: " + value);
            }
            return amount;
        } catch (ArithmeticException e) {
            throw new RowException(DeadLetterReason.OUT_OF_RANGE, name + ": " + e.getMessage());
        } catch (NumberFormatException e) {
            throw new RowException(DeadLetterReason.INVALID_FIELD, name + " is no number: " + value);
        }
    }

    private static String bounded(String name, String value) throws RowException {
        // The ids made of session, product and time stay within what events may carry.
        if (value.length() > 100) {
            throw new RowException(DeadLetterReason.STRING_TOO_LONG, name + " has more than 100 characters");
        }
        return value;
    }
}
