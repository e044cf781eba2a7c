package io.shopwatch.job.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.shopwatch.wire.Alert;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.JobStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StockAlertsTest {
    private static final long T0 = 1_700_000_000_000L;

    private static InventoryResult level(String sku, long time, long available) {
        String state = available < 0 ? "oversold" : available == 0 ? "out" : "in_stock";
        return new InventoryResult(
                sku, "default", "shoes", time, available, 0, available, 12, null, 0, 0, state, "10", "USD", null, 9,
                null);
    }

    @Test
    void raisesOneAlertPerIncident() throws Exception {
        AlertRun run = new AlertRun();
        run.inventory.add(level("SKU-1", T0, 5));
        run.inventory.add(level("SKU-1", T0 + 1000, 0));
        run.inventory.add(level("SKU-1", T0 + 2000, 0));
        run.inventory.add(level("SKU-1", T0 + 100_000, 40));
        run.alive(T0 - 1);
        for (long t = T0; t < T0 + 300_000; t += 1000) {
            run.alive(t);
        }
        List<Alert> alerts = run.alerts();
        assertThat(alerts)
                .extracting(Alert::rule, Alert::status, Alert::startsAt, Alert::endsAt)
                .containsExactly(
                        tuple("stock-out", "firing", T0 + 1000, null),
                        tuple("stock-out", "resolved", T0 + 1000, T0 + 100_000));
        assertThat(alerts.get(0).id()).isEqualTo(alerts.get(1).id());
    }

    @Test
    void aHundredSwingsWithRepeatedAndLateRecordsAreOneIncident() throws Exception {
        AlertRun run = new AlertRun();
        for (int i = 0; i <= 100; i++) {
            long time = T0 + i * 600;
            run.inventory.add(level("SKU-2", time, i % 2 == 0 ? 1 : 0));
            run.inventory.add(level("SKU-2", time, i % 2 == 0 ? 1 : 0));
        }
        run.alive(T0 - 1);
        for (long t = T0; t < T0 + 300_000; t += 1000) {
            run.alive(t);
        }
        assertThat(run.alerts()).extracting(Alert::status).containsExactly("firing", "resolved");
    }

    @Test
    void saysWhenLevelsAreInDoubt() throws Exception {
        AlertRun run = new AlertRun();
        run.inventory.add(level("SKU-1", T0, 5));
        run.inventory.add(level("SKU-2", T0, 5));
        run.inventory.add(level("SKU-1", T0 + 200_000, 0));
        run.inventory.add(level("SKU-2", T0 + 400_000, 0));
        run.alive(T0 - 1);
        long orders = 0;
        for (long t = T0; t < T0 + 500_000; t += 1000) {
            // Clicks are never heard of after the first; orders stop after 300 s.
            orders += t < T0 + 300_000 ? 5 : 0;
            run.status.add(new JobStatus(
                    "inventory",
                    "run",
                    t,
                    t,
                    Map.of("orders", Map.of("accepted", orders), "clicks", Map.of("accepted", 9L)),
                    Map.of("orders", Math.min(t, T0 + 300_000), "clicks", T0)));
        }
        assertThat(run.alerts())
                .filteredOn(alert -> alert.kind().equals("stock_out"))
                .extracting(Alert::value, Alert::data)
                .containsExactly(tuple("SKU-1", "trusted"), tuple("SKU-2", "degraded"));
    }
}
