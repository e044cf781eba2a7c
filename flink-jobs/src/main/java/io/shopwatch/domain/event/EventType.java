package io.shopwatch.domain.event;

import java.util.Locale;
import java.util.Optional;

/**
 * What happened. Names follow GA4's recommended e-commerce events where GA4 has one. The order of the constants is the
 * natural order of a purchase; events of one instant are taken in this order where nothing else decides.
 */
public enum EventType {
    PAGE_VIEW(EventStream.CLICKS),
    SEARCH(EventStream.CLICKS),
    VIEW_LIST(EventStream.CLICKS),
    VIEW_ITEM(EventStream.CLICKS),
    ADD_TO_CART(EventStream.CARTS),
    REMOVE_FROM_CART(EventStream.CARTS),
    BEGIN_CHECKOUT(EventStream.CARTS),
    PLACED(EventStream.ORDERS),
    PAID(EventStream.ORDERS),
    SHIPPED(EventStream.ORDERS),
    CANCELLED(EventStream.ORDERS),
    REFUNDED(EventStream.ORDERS),
    COUNTED(EventStream.STOCK),
    RECEIVED(EventStream.STOCK),
    ADJUSTED(EventStream.STOCK);

    private final EventStream stream;
    private final String wireName = name().toLowerCase(Locale.ROOT);

    EventType(EventStream stream) {
        this.stream = stream;
    }

    /** The stream that carries this type. */
    public EventStream stream() {
        return stream;
    }

    /** The value of the JSON field {@code type}, for example {@code view_item}. */
    public String wireName() {
        return wireName;
    }

    /** The type of {@code stream} with that wire name, if there is one. */
    public static Optional<EventType> of(EventStream stream, String wireName) {
        for (EventType type : values()) {
            if (type.stream == stream && type.wireName.equals(wireName)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
