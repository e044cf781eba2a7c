package io.shopwatch.simulate;

/**
 * Random numbers that are the same on every machine and in every Java version: SplitMix64 (Steele, Lea and Flood, "Fast
 * splittable pseudorandom number generators", OOPSLA 2014) and {@link StrictMath}. The generators of {@code java.util}
 * fix their bits, but not how bounded and floating-point numbers come from them.
 */
final class SeededRandom {
    private static final long GAMMA = 0x9e3779b97f4a7c15L;
    private static final double UNIT = 0x1.0p-53;

    private long state;
    private double spareGaussian;
    private boolean hasSpare;

    SeededRandom(long seed) {
        state = seed;
    }

    /** A well-mixed function of a number: the output function of SplitMix64. */
    static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    long nextLong() {
        state += GAMMA;
        return mix(state);
    }

    /** Uniform in [0, 1). */
    double nextDouble() {
        return (nextLong() >>> 11) * UNIT;
    }

    /** Uniform in [low, high). */
    double between(double low, double high) {
        return low + (high - low) * nextDouble();
    }

    /** Uniform in [0, bound); the bias is under bound / 2³¹. */
    int below(int bound) {
        return (int) (((nextLong() >>> 33) * bound) >>> 31);
    }

    boolean chance(double probability) {
        return nextDouble() < probability;
    }

    /** Exponentially distributed with that mean. */
    double exponential(double mean) {
        return -mean * StrictMath.log(1 - nextDouble());
    }

    /** Standard normal, by Marsaglia's polar method. */
    double gaussian() {
        if (hasSpare) {
            hasSpare = false;
            return spareGaussian;
        }
        double u;
        double v;
        double s;
        do {
            u = 2 * nextDouble() - 1;
            v = 2 * nextDouble() - 1;
            s = u * u + v * v;
        } while (s >= 1 || s == 0);
        double factor = StrictMath.sqrt(-2 * StrictMath.log(s) / s);
        spareGaussian = v * factor;
        hasSpare = true;
        return u * factor;
    }

    /** Log-normal with that median; {@code sigma} is the deviation of the logarithm. */
    double logNormal(double median, double sigma) {
        return median * StrictMath.exp(sigma * gaussian());
    }
}
