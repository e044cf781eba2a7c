package io.shopwatch.domain.inventory;

import java.io.Serializable;
import java.time.Duration;

/**
 * How fast a SKU sells: v(t) = (ln 2 / h) · Σ qᵢ · 2^(−(t − tᵢ)/h), per hour. A sale weighs 1 when it happens, half of
 * that a half-life h later; ln 2 / h makes a steady rate of r units per hour give v = r.
 *
 * <p>The sum runs over units placed (q &gt; 0, t of the order) and cancelled (q &lt; 0, t of the cancellation), so v is
 * the net rate. A cancellation does not undo the past: what was sold an hour ago and is cancelled now lowers v now,
 * below 0 if nothing else sells.
 */
public final class SalesVelocity implements Serializable {
    private static final long serialVersionUID = 1;

    private final double halfLifeMillis;

    /** @throws IllegalArgumentException if the half-life is not positive */
    public SalesVelocity(Duration halfLife) {
        if (halfLife.isNegative() || halfLife.isZero()) {
            throw new IllegalArgumentException("a half-life is positive, not " + halfLife);
        }
        halfLifeMillis = halfLife.toMillis();
    }

    /** What is left of {@code weight} after {@code elapsed} milliseconds. */
    double decayed(double weight, long elapsed) {
        return elapsed == 0 ? weight : weight * Math.pow(2, -elapsed / halfLifeMillis);
    }

    /** Units per hour for a sum of weighted units. */
    double perHour(double weightedUnits) {
        return Math.log(2) / (halfLifeMillis / HourlyDemand.HOUR_MILLIS) * weightedUnits;
    }
}
