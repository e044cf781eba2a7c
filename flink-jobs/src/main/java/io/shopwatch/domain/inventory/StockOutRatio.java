package io.shopwatch.domain.inventory;

import java.util.Collection;
import java.util.OptionalDouble;

/**
 * Share of the SKUs with stock records (a SKU in two warehouses is two) that are out or oversold, from 0 to 1.
 *
 * @param bySku each SKU weighs the same; empty when there is no stock record
 * @param byDemand each SKU weighs what is asked of it per hour: those that are out the velocity they had when they ran
 *     out, the others their velocity now; empty when nothing sells
 */
public record StockOutRatio(OptionalDouble bySku, OptionalDouble byDemand) {

    /** The ratio over all SKUs; those whose stock is unknown do not count. */
    public static StockOutRatio of(Collection<StockStanding> all) {
        long skus = 0;
        long out = 0;
        double demand = 0;
        double demandOut = 0;
        for (StockStanding standing : all) {
            if (standing.state() == StockState.UNKNOWN) {
                continue;
            }
            double weight = standing.demandPerHour();
            skus++;
            demand += weight;
            if (standing.state().isOut()) {
                out++;
                demandOut += weight;
            }
        }
        return new StockOutRatio(
                skus == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) out / skus),
                demand <= 0 ? OptionalDouble.empty() : OptionalDouble.of(demandOut / demand));
    }
}
