package io.shopwatch.notify;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.shopwatch.wire.MetricCatalogue;

/** {@code shopwatch_notifications_total}; takes up the stored totals after a restart. */
final class NotificationCounter {
    static final String DELIVERED = "delivered";
    static final String RETRIED = "retried";
    static final String FAILED = "failed";
    static final String SUPPRESSED = "suppressed";

    private final Counter counter;

    NotificationCounter(CollectorRegistry registry) {
        counter = Counter.build()
                .name(MetricCatalogue.NOTIFICATIONS.name())
                .help(MetricCatalogue.NOTIFICATIONS.help())
                .labelNames(MetricCatalogue.NOTIFICATIONS.labels().toArray(String[]::new))
                .register(registry);
    }

    /** Shows a receiver's series from the beginning, so that a rate can be taken of the first event. */
    void declare(String receiver) {
        for (String outcome : new String[] {DELIVERED, RETRIED, FAILED, SUPPRESSED}) {
            counter.labels(receiver, outcome).inc(0);
        }
    }

    void count(String receiver, String outcome, int times) {
        counter.labels(receiver, outcome).inc(times);
    }
}
