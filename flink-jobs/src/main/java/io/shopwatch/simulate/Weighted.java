package io.shopwatch.simulate;

import java.util.Arrays;

/** Picks indexes in proportion to fixed weights. */
final class Weighted {
    private final double[] upTo;

    Weighted(double... weights) {
        upTo = new double[weights.length];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i];
            upTo[i] = sum;
        }
        for (int i = 0; i < weights.length; i++) {
            upTo[i] /= sum;
        }
    }

    /** The index whose share of [0, 1) holds {@code point}. */
    int at(double point) {
        int found = Arrays.binarySearch(upTo, point);
        return Math.min(found < 0 ? -found - 1 : found + 1, upTo.length - 1);
    }

    /** The share of an index. */
    double share(int index) {
        return index == 0 ? upTo[0] : upTo[index] - upTo[index - 1];
    }
}
