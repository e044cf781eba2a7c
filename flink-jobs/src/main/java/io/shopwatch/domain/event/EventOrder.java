package io.shopwatch.domain.event;

import java.util.Comparator;

/** Orders of events that do not depend on how they arrived. */
public final class EventOrder {

    /**
     * Events of one instant: in the order of a purchase ({@link EventType}), then by event id. Two events of one type,
     * id and instant are told apart by their whole content, so that even of contradictory copies always the same one
     * comes first.
     */
    public static final Comparator<ShopEvent> WITHIN_INSTANT = Comparator.comparing(ShopEvent::type)
            .thenComparing(ShopEvent::eventId)
            .thenComparing((a, b) -> a.equals(b) ? 0 : a.toString().compareTo(b.toString()));

    /** By event time, then {@link #WITHIN_INSTANT}. */
    public static final Comparator<ShopEvent> IN_TIME =
            Comparator.comparingLong(ShopEvent::time).thenComparing(WITHIN_INSTANT);

    private EventOrder() {}
}
