package io.shopwatch.domain.event;

import java.util.Locale;

/** The four streams of shop events; each is a Kafka topic of the same name. */
public enum EventStream {
    CLICKS,
    CARTS,
    ORDERS,
    STOCK;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The stream's name on the outside: topic name, metric label, file name. */
    public String wireName() {
        return wireName;
    }
}
