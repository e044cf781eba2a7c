package io.shopwatch.domain.event;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/** Taking discounts apart by value. All amounts are in 1/10000 of a currency unit, see {@link Money}. */
public final class Discounts {
    private Discounts() {}

    /**
     * Spreads a discount over items in proportion to their value, by the method of largest remainders: every share is
     * rounded down, and what is left over goes, 1/10000 each, to the items with the largest remainders (of equal ones,
     * to the earlier). Items without any value share equally.
     *
     * @return a share per item; their sum is {@code discount} exactly
     */
    public static long[] spread(List<Item> items, long discount) {
        long[] shares = new long[items.size()];
        if (discount == 0 || shares.length == 0) {
            return shares;
        }
        if (discount < 0) {
            long[] positive = spread(items, -discount);
            Arrays.setAll(shares, i -> -positive[i]);
            return shares;
        }
        long total = value(items);
        BigInteger whole = BigInteger.valueOf(total == 0 ? shares.length : total);
        BigInteger[] remainders = new BigInteger[shares.length];
        long left = discount;
        for (int i = 0; i < shares.length; i++) {
            long weight = total == 0 ? 1 : items.get(i).value();
            BigInteger[] parts = BigInteger.valueOf(discount)
                    .multiply(BigInteger.valueOf(weight))
                    .divideAndRemainder(whole);
            shares[i] = parts[0].longValueExact();
            remainders[i] = parts[1];
            left -= shares[i];
        }
        for (; left > 0; left--) {
            int largest = 0;
            for (int i = 1; i < shares.length; i++) {
                if (remainders[i].compareTo(remainders[largest]) > 0) {
                    largest = i;
                }
            }
            shares[largest]++;
            remainders[largest] = BigInteger.ONE.negate();
        }
        return shares;
    }

    /**
     * The part of an order's discount that belongs to some of its items: {@code discount × value of part / value of
     * whole}, rounded half up; never more than the discount, and 0 when the whole has no value.
     */
    public static long shareOf(long discount, List<Item> whole, List<Item> part) {
        long wholeValue = value(whole);
        long partValue = Math.min(value(part), wholeValue);
        if (wholeValue == 0) {
            return 0;
        }
        BigInteger divisor = BigInteger.valueOf(wholeValue);
        return BigInteger.valueOf(discount)
                .multiply(BigInteger.valueOf(partValue))
                .shiftLeft(1)
                .add(divisor)
                .divide(divisor.shiftLeft(1))
                .longValueExact();
    }

    /** Σ quantity × unit price. */
    public static long value(List<Item> items) {
        long sum = 0;
        for (Item item : items) {
            sum += item.value();
        }
        return sum;
    }
}
