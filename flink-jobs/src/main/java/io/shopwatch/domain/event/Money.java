package io.shopwatch.domain.event;

import java.math.BigDecimal;

/**
 * Money as a whole number of 1/10000 currency units in a {@code long}: sums are exact and cheap. The bound on one
 * event's value keeps a day's sum of real shops far from the limit of a {@code long} (9.2·10¹⁴ currency units).
 */
public final class Money {

    /** Steps per currency unit. */
    public static final long SCALE = 10_000;

    /** Decimal places that {@link #SCALE} stands for. */
    public static final int DECIMALS = 4;

    /** Largest amount that one event may carry, in 1/10000: 10¹² currency units. */
    public static final long MAX_AMOUNT = 1_000_000_000_000L * SCALE;

    private Money() {}

    /**
     * Exact conversion from currency units.
     *
     * @throws ArithmeticException if the amount is finer than 1/10000 or larger than {@link #MAX_AMOUNT} either way
     */
    public static long of(BigDecimal units) {
        // Compared before rescaling: 1e999999999 would otherwise be written out digit by digit.
        if (units.signum() != 0 && (long) units.precision() - units.scale() > 14) {
            throw new ArithmeticException("amount out of range");
        }
        if (units.stripTrailingZeros().scale() > DECIMALS) {
            throw new ArithmeticException("amount finer than 1/10000");
        }
        long amount = units.movePointRight(DECIMALS).longValueExact();
        if (Math.abs(amount) > MAX_AMOUNT) {
            throw new ArithmeticException("amount out of range");
        }
        return amount;
    }

    /** The amount in currency units. */
    public static BigDecimal toUnits(long amount) {
        return BigDecimal.valueOf(amount, DECIMALS);
    }

    /** The amount as a plain decimal string without needless zeros: {@code 12.5}, {@code 0}, {@code -3}. */
    public static String toString(long amount) {
        // Without BigDecimal: several in each row of sales.
        long units = amount / SCALE;
        int part = (int) Math.abs(amount % SCALE);
        if (part == 0) {
            return Long.toString(units);
        }
        StringBuilder text = new StringBuilder(24);
        if (units == 0 && amount < 0) {
            text.append('-');
        }
        text.append(units).append('.');
        for (int digit = (int) SCALE / 10; part != 0; digit /= 10) {
            text.append((char) ('0' + part / digit));
            part %= digit;
        }
        return text.toString();
    }
}
