package io.shopwatch.domain.alert;

/**
 * Tail probabilities of the normal and the binomial distribution. Numbers of trials and successes may be fractions, as
 * they are once counts are corrected for maturity or dispersion.
 */
public final class Tails {
    /** Lanczos coefficients for g = 7, n = 9 (Godfrey 2001). */
    private static final double[] LANCZOS = {
        0.9999999999998099,
        676.5203681218851,
        -1259.1392167224028,
        771.3234287776531,
        -176.6150291621406,
        12.507343278686905,
        -0.13857109526572012,
        9.984369578019572e-6,
        1.5056327351493116e-7
    };

    private static final double TINY = 1e-300;

    private Tails() {}

    /** Natural logarithm of Γ(x) for x > 0 by the Lanczos approximation; relative error below 1e-13. */
    static double logGamma(double x) {
        if (x < 0.5) {
            return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
        }
        double shifted = x - 1;
        double sum = LANCZOS[0];
        for (int i = 1; i < LANCZOS.length; i++) {
            sum += LANCZOS[i] / (shifted + i);
        }
        double t = shifted + 7.5;
        return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
    }

    /**
     * The regularised incomplete beta function I<sub>x</sub>(a, b), by the continued fraction DLMF 8.17.22 (modified
     * Lentz).
     *
     * @param a above 0
     * @param b above 0
     * @param x 0 to 1
     */
    static double incompleteBeta(double a, double b, double x) {
        if (x <= 0) {
            return 0;
        }
        if (x >= 1) {
            return 1;
        }
        double front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
        // The fraction converges fast on this side of the mean; the symmetry I_x(a,b) = 1 − I_{1−x}(b,a) gives the
        // other.
        return x < (a + 1) / (a + b + 2)
                ? front * betaFraction(a, b, x) / a
                : 1 - front * betaFraction(b, a, 1 - x) / b;
    }

    private static double betaFraction(double a, double b, double x) {
        double c = 1;
        double d = 1 / away(1 - (a + b) * x / (a + 1));
        double fraction = d;
        for (int m = 1; m <= 10_000; m++) {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / away(1 + even * d);
            c = away(1 + even / c);
            fraction *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / away(1 + odd * d);
            c = away(1 + odd / c);
            double step = d * c;
            fraction *= step;
            if (Math.abs(step - 1) < 1e-14) {
                break;
            }
        }
        return fraction;
    }

    private static double away(double value) {
        return Math.abs(value) < TINY ? TINY : value;
    }

    /**
     * P(X ≤ successes) for X ~ Binomial(trials, p): I<sub>1−p</sub>(n − k, k + 1), DLMF 8.17.5.
     *
     * @param successes 0 or more
     * @param trials 0 or more
     * @param p 0 to 1
     */
    public static double binomialAtMost(double successes, double trials, double p) {
        if (successes >= trials) {
            return 1;
        }
        if (successes < 0) {
            return 0;
        }
        return incompleteBeta(trials - successes, successes + 1, 1 - p);
    }

    /** P(X ≥ successes) for X ~ Binomial(trials, p): I<sub>p</sub>(k, n − k + 1). */
    public static double binomialAtLeast(double successes, double trials, double p) {
        if (successes <= 0) {
            return 1;
        }
        if (successes > trials) {
            return 0;
        }
        return incompleteBeta(successes, trials - successes + 1, p);
    }

    /** P(Z ≥ z) for a standard normal Z. */
    public static double normalUpper(double z) {
        return Math.exp(logUpper(z));
    }

    /**
     * ln P(Z ≥ z). Above 0 by the continued fraction of Mills' ratio (DLMF 7.9.2), below by symmetry; the series of
     * the error function (DLMF 7.6.2) covers the middle, where the fraction is slow.
     */
    static double logUpper(double z) {
        if (z < 0) {
            return Math.log1p(-Math.exp(logUpper(-z)));
        }
        if (z < 2) {
            double term = z;
            double sum = z;
            for (int n = 1; n < 60; n++) {
                term *= z * z / (2 * n + 1);
                sum += term;
            }
            return Math.log(0.5 - sum * density(z));
        }
        double fraction = z;
        for (int k = 120; k > 0; k--) {
            fraction = z + k / fraction;
        }
        return -0.5 * z * z - 0.5 * Math.log(2 * Math.PI) - Math.log(fraction);
    }

    private static double density(double z) {
        return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
    }

    /**
     * The z with P(Z ≥ z) = p, by Newton's method on {@link #logUpper}; 37 for what is smaller than 1e-298.
     *
     * @param p above 0, below 1
     */
    public static double normalQuantileUpper(double p) {
        if (p >= 0.5) {
            return p == 0.5 ? 0 : -normalQuantileUpper(1 - p);
        }
        if (p < 1e-298) {
            return 37;
        }
        double target = Math.log(p);
        double z = Math.sqrt(Math.max(0, -2 * (target + Math.log(2))));
        for (int i = 0; i < 40; i++) {
            double log = logUpper(z);
            // d/dz ln Q(z) = −φ(z)/Q(z)
            double slope = -density(z) / Math.exp(log);
            double step = (log - target) / slope;
            z -= step;
            if (Math.abs(step) < 1e-12) {
                break;
            }
        }
        return z;
    }
}
