package io.shopwatch.domain.inventory;

import java.io.Serializable;
import java.time.Duration;

/**
 * When a SKU is to be reordered. With hourly demand of mean d and standard deviation σ, a lead time of mean L and
 * standard deviation σ_L (both in hours), and z the normal quantile of the service level:
 *
 * <pre>
 * safety stock  = z · √(L·σ² + d²·σ_L²)
 * reorder point = d·L + safety stock
 * </pre>
 *
 * <p>The formula for uncertain demand and lead time of Silver, Pyke and Peterson, "Inventory Management and Production
 * Planning and Scheduling" (3rd edition, 1998), section 7.10: demand of the hours is taken as independent.
 */
public final class ReorderPolicy implements Serializable {
    private static final long serialVersionUID = 1;
    private static final double MILLIS_PER_HOUR = 3_600_000;

    private final double leadHours;
    private final double leadDeviationHours;
    private final double z;
    private final long lowThreshold;

    /**
     * @param leadTime mean time from reorder to receipt
     * @param leadTimeDeviation its standard deviation
     * @param serviceLevel probability, between 0 and 1, of not running out during a lead time
     * @param lowThreshold units at which the SKU counts as low in any case; 0 for none
     * @throws IllegalArgumentException if a duration is negative or the service level is not between 0 and 1
     */
    public ReorderPolicy(Duration leadTime, Duration leadTimeDeviation, double serviceLevel, long lowThreshold) {
        if (leadTime.isNegative() || leadTimeDeviation.isNegative()) {
            throw new IllegalArgumentException("a lead time is not negative: " + leadTime + ", " + leadTimeDeviation);
        }
        leadHours = leadTime.toMillis() / MILLIS_PER_HOUR;
        leadDeviationHours = leadTimeDeviation.toMillis() / MILLIS_PER_HOUR;
        z = NormalQuantile.of(serviceLevel);
        this.lowThreshold = lowThreshold;
    }

    /** Units held against uncertain demand and lead time. */
    public double safetyStock(HourlyDemand.Estimate demand) {
        double mean = demand.mean();
        return z * Math.sqrt(leadHours * demand.variance() + mean * mean * leadDeviationHours * leadDeviationHours);
    }

    /** Units at which to reorder. */
    public double reorderPoint(HourlyDemand.Estimate demand) {
        return demand.mean() * leadHours + safetyStock(demand);
    }

    /** The state of a SKU whose stock is known. */
    public StockState state(long available, double reorderPoint) {
        if (available < 0) {
            return StockState.OVERSOLD;
        }
        if (available == 0) {
            return StockState.OUT;
        }
        return available <= reorderPoint || available <= lowThreshold ? StockState.LOW : StockState.IN_STOCK;
    }
}
