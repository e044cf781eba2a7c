package io.shopwatch.domain.event;

import java.util.List;

/**
 * One event of any of the four streams, as its producer meant it; fields that its type does not have are null, 0 or
 * false. Optional strings are null where the producer gave none ({@link Segment#valueOf} reads those as {@code
 * unknown}).
 *
 * @param type what happened
 * @param eventId unique id of the event
 * @param time event time, epoch milliseconds
 * @param visitorId visitor; null in the stock stream
 * @param sessionId session of the visitor
 * @param channel marketing channel
 * @param campaign marketing campaign
 * @param device kind of device
 * @param region region
 * @param sku stock keeping unit of clicks, carts and stock
 * @param category category of clicks and carts
 * @param warehouse warehouse of stock events; {@code default} where the producer gave none
 * @param quantity units of carts and stock; negative only for {@link EventType#ADJUSTED}
 * @param unitPrice price of carts in 1/10000 currency units
 * @param orderId order, in the orders stream
 * @param items lines of the order; null means "the whole order as placed"
 * @param currency ISO 4217 code of orders; null where the producer gave none (the shop's default currency)
 * @param discount discount of the order in 1/10000 currency units; null where the producer gave none
 * @param coupon coupon code
 * @param paymentMethod payment method
 * @param restock whether refunded units go back on the shelf
 */
public record ShopEvent(
        EventType type,
        String eventId,
        long time,
        String visitorId,
        String sessionId,
        String channel,
        String campaign,
        String device,
        String region,
        String sku,
        String category,
        String warehouse,
        long quantity,
        long unitPrice,
        String orderId,
        List<Item> items,
        String currency,
        Long discount,
        String coupon,
        String paymentMethod,
        boolean restock) {

    /** The stream that carries this event. */
    public EventStream stream() {
        return type.stream();
    }

    /** Starts an event of that type, id and time (epoch milliseconds). */
    public static Builder builder(EventType type, String eventId, long time) {
        return new Builder(type, eventId, time);
    }

    /** The same event at another time (epoch milliseconds). */
    public ShopEvent withTime(long newTime) {
        return new ShopEvent(
                type,
                eventId,
                newTime,
                visitorId,
                sessionId,
                channel,
                campaign,
                device,
                region,
                sku,
                category,
                warehouse,
                quantity,
                unitPrice,
                orderId,
                items,
                currency,
                discount,
                coupon,
                paymentMethod,
                restock);
    }

    /** A builder that starts with all fields of this event. */
    public Builder toBuilder() {
        Builder builder = new Builder(type, eventId, time);
        builder.visitorId = visitorId;
        builder.sessionId = sessionId;
        builder.channel = channel;
        builder.campaign = campaign;
        builder.device = device;
        builder.region = region;
        builder.sku = sku;
        builder.category = category;
        builder.warehouse = warehouse;
        builder.quantity = quantity;
        builder.unitPrice = unitPrice;
        builder.orderId = orderId;
        builder.items = items;
        builder.currency = currency;
        builder.discount = discount;
        builder.coupon = coupon;
        builder.paymentMethod = paymentMethod;
        builder.restock = restock;
        return builder;
    }

    /** Builds events field by field; what is not set stays null, 0 or false. */
    public static final class Builder {
        private final EventType type;
        private final String eventId;
        private final long time;
        private String visitorId;
        private String sessionId;
        private String channel;
        private String campaign;
        private String device;
        private String region;
        private String sku;
        private String category;
        private String warehouse;
        private long quantity;
        private long unitPrice;
        private String orderId;
        private List<Item> items;
        private String currency;
        private Long discount;
        private String coupon;
        private String paymentMethod;
        private boolean restock;

        private Builder(EventType type, String eventId, long time) {
            this.type = type;
            this.eventId = eventId;
            this.time = time;
        }

        public Builder visitor(String value) {
            visitorId = value;
            return this;
        }

        public Builder session(String value) {
            sessionId = value;
            return this;
        }

        public Builder channel(String value) {
            channel = value;
            return this;
        }

        public Builder campaign(String value) {
            campaign = value;
            return this;
        }

        public Builder device(String value) {
            device = value;
            return this;
        }

        public Builder region(String value) {
            region = value;
            return this;
        }

        public Builder sku(String value) {
            sku = value;
            return this;
        }

        public Builder category(String value) {
            category = value;
            return this;
        }

        public Builder warehouse(String value) {
            warehouse = value;
            return this;
        }

        public Builder quantity(long value) {
            quantity = value;
            return this;
        }

        public Builder unitPrice(long value) {
            unitPrice = value;
            return this;
        }

        public Builder order(String value) {
            orderId = value;
            return this;
        }

        public Builder items(List<Item> value) {
            items = value;
            return this;
        }

        public Builder currency(String value) {
            currency = value;
            return this;
        }

        public Builder discount(Long value) {
            discount = value;
            return this;
        }

        public Builder coupon(String value) {
            coupon = value;
            return this;
        }

        public Builder paymentMethod(String value) {
            paymentMethod = value;
            return this;
        }

        public Builder restock(boolean value) {
            restock = value;
            return this;
        }

        /** The event. */
        public ShopEvent build() {
            return new ShopEvent(
                    type,
                    eventId,
                    time,
                    visitorId,
                    sessionId,
                    channel,
                    campaign,
                    device,
                    region,
                    sku,
                    category,
                    warehouse,
                    quantity,
                    unitPrice,
                    orderId,
                    items,
                    currency,
                    discount,
                    coupon,
                    paymentMethod,
                    restock);
        }
    }
}
