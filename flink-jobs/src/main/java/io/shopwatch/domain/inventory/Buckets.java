package io.shopwatch.domain.inventory;

import java.util.Arrays;

/**
 * Sums by bucket number in one sparse array of pairs [bucket, sum, bucket, sum, …], ascending, without zero sums: a few
 * bytes for a SKU that sells seldom, and plain {@code long}s for whoever stores it.
 */
final class Buckets {
    static final long[] NONE = new long[0];

    private Buckets() {}

    /** The array with {@code amount} added to {@code bucket}; buckets before {@code oldest} are dropped. */
    static long[] add(long[] pairs, long bucket, long amount, long oldest) {
        int from = 0;
        while (from < pairs.length && pairs[from] < oldest) {
            from += 2;
        }
        if (bucket < oldest || amount == 0) {
            return from == 0 ? pairs : Arrays.copyOfRange(pairs, from, pairs.length);
        }
        int at = pairs.length;
        while (at > from && pairs[at - 2] >= bucket) {
            at -= 2;
        }
        boolean known = at < pairs.length && pairs[at] == bucket;
        long sum = known ? pairs[at + 1] + amount : amount;
        int rest = known ? at + 2 : at;
        int kept = sum == 0 ? 0 : 2;
        long[] next = new long[at - from + kept + pairs.length - rest];
        System.arraycopy(pairs, from, next, 0, at - from);
        if (kept > 0) {
            next[at - from] = bucket;
            next[at - from + 1] = sum;
        }
        System.arraycopy(pairs, rest, next, at - from + kept, pairs.length - rest);
        return next;
    }

    /** Sum over the buckets from {@code first} to {@code last}, both included. */
    static long sum(long[] pairs, long first, long last) {
        long sum = 0;
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i] >= first && pairs[i] <= last) {
                sum += pairs[i + 1];
            }
        }
        return sum;
    }
}
