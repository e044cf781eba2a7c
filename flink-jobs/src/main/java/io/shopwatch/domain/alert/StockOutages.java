package io.shopwatch.domain.alert;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * The SKUs that are out of stock, as causes of falling conversions.
 *
 * <p>Fields are public because this is also what a checkpoint holds.
 */
public class StockOutages {
    /** Out for longer than this is no news: the baseline knows it. */
    private static final long KEEP_MILLIS = 26 * 3_600_000L;

    /** How long before a drop a SKU may have run out to be its cause. */
    private static final long LEAD_MILLIS = 30 * 60_000L;

    public Map<String, Outage> outages = new HashMap<>();

    /**
     * @param since event time of the stock-out, epoch milliseconds
     * @param unitsPerHour units sold per hour until then
     */
    public record Outage(long since, double unitsPerHour) {}

    /**
     * Notes the state of a SKU in a warehouse.
     *
     * @param unitsPerHour velocity when it ran out
     */
    public void note(String sku, boolean out, long time, double unitsPerHour) {
        if (!out) {
            outages.remove(sku);
        } else {
            Outage known = outages.get(sku);
            if (known == null) {
                outages.put(sku, new Outage(time, unitsPerHour));
            }
        }
        outages.values().removeIf(outage -> outage.since() < time - KEEP_MILLIS);
    }

    /**
     * The SKUs that may have caused a drop, largest share first: what they sold per hour over what is missing per hour.
     *
     * @param start when the drop began
     * @param missingPerHour conversions missing per hour
     * @param clock tells a time as a person reads it
     */
    public List<Cause> causes(long start, double missingPerHour, LongFunction<String> clock) {
        List<Cause> causes = new ArrayList<>();
        if (missingPerHour <= 0) {
            return causes;
        }
        for (Map.Entry<String, Outage> entry : outages.entrySet()) {
            Outage outage = entry.getValue();
            double share = Math.min(1, outage.unitsPerHour() / missingPerHour);
            if (outage.since() >= start - LEAD_MILLIS && share >= 0.1) {
                causes.add(
                        new Cause("sku", entry.getKey(), share, "out of stock since " + clock.apply(outage.since())));
            }
        }
        causes.sort(Comparator.comparingDouble(Cause::share).reversed().thenComparing(Cause::value));
        return causes;
    }
}
