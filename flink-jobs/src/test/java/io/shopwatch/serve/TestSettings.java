package io.shopwatch.serve;

import io.shopwatch.settings.Settings;
import java.util.List;

/** The defaults with a few things changed. */
final class TestSettings {
    private TestSettings() {}

    static Settings with(List<Settings.Promotion> promotions, Settings.Metrics metrics) {
        Settings d = Settings.defaults();
        return new Settings(
                d.shop(),
                d.kafka(),
                d.events(),
                d.orders(),
                d.funnels(),
                d.inventory(),
                promotions,
                metrics,
                d.serve(),
                d.flink(),
                d.receivers(),
                d.links());
    }

    static Settings with(Settings.Kafka kafka, Settings.Serve serve) {
        Settings d = Settings.defaults();
        return new Settings(
                d.shop(),
                kafka,
                d.events(),
                d.orders(),
                d.funnels(),
                d.inventory(),
                d.promotions(),
                d.metrics(),
                serve,
                d.flink(),
                d.receivers(),
                d.links());
    }
}
