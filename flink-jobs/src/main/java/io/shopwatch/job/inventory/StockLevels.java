package io.shopwatch.job.inventory;

import io.shopwatch.domain.inventory.ReorderPolicy;
import io.shopwatch.domain.inventory.StockLevel;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Keys;
import java.io.Serializable;
import java.time.Duration;
import java.util.HashMap;

/** The rules of each SKU: its own, those of the SKU in any warehouse, or the defaults. */
final class StockLevels implements Serializable {

    private static final long serialVersionUID = 1;

    private final StockLevel standard;
    private final HashMap<String, StockLevel> exceptions = new HashMap<>();

    StockLevels(Settings.Inventory settings) {
        standard = level(settings, new Settings.SkuSettings(null, null, null, null, null, null));
        for (Settings.SkuSettings sku : settings.skus()) {
            exceptions.put(
                    sku.warehouse() == null ? Keys.of(sku.sku()) : Keys.of(sku.sku(), sku.warehouse()),
                    level(settings, sku));
        }
    }

    private static StockLevel level(Settings.Inventory settings, Settings.SkuSettings sku) {
        Duration leadTime = sku.leadTime() == null ? settings.leadTime() : sku.leadTime();
        Duration deviation = sku.leadTimeDeviation() == null ? settings.leadTimeDeviation() : sku.leadTimeDeviation();
        double serviceLevel = sku.serviceLevel() == null ? settings.serviceLevel() : sku.serviceLevel();
        long threshold = sku.lowThreshold() == null ? 0 : sku.lowThreshold();
        return new StockLevel(
                new ReorderPolicy(leadTime, deviation, serviceLevel, threshold),
                settings.halfLife(),
                settings.history());
    }

    StockLevel of(String sku, String warehouse) {
        if (exceptions.isEmpty()) {
            return standard;
        }
        StockLevel exact = exceptions.get(Keys.of(sku, warehouse));
        return exact == null ? exceptions.getOrDefault(Keys.of(sku), standard) : exact;
    }
}
