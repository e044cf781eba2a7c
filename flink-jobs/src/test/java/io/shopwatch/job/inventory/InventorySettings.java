package io.shopwatch.job.inventory;

import io.shopwatch.settings.Settings;
import io.shopwatch.settings.Settings.CommitOn;
import io.shopwatch.settings.Settings.SkuSettings;
import java.time.Duration;
import java.util.List;

/** Settings of tests: the defaults but for stock. */
final class InventorySettings {
    private InventorySettings() {}

    static Settings with(CommitOn commitOn, Duration history, Duration dedupTtl, SkuSettings... skus) {
        Settings defaults = Settings.defaults();
        Settings.Events events = defaults.events();
        Settings.Inventory inventory = defaults.inventory();
        return new Settings(
                defaults.shop(),
                defaults.kafka(),
                new Settings.Events(
                        events.outOfOrderness(), events.maxAhead(), dedupTtl, events.idleness(), events.catchUpHold()),
                defaults.orders(),
                defaults.funnels(),
                new Settings.Inventory(
                        commitOn,
                        inventory.halfLife(),
                        Duration.ofHours(6),
                        Duration.ofHours(2),
                        inventory.serviceLevel(),
                        history,
                        List.of(skus)),
                defaults.promotions(),
                defaults.metrics(),
                defaults.serve(),
                defaults.flink(),
                defaults.receivers(),
                defaults.links());
    }
}
