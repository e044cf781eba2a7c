package io.shopwatch.domain.alert;

/** What one evaluation of a rule says about one series. */
public enum Verdict {
    /** The condition of the rule holds. */
    BREACHED,
    /** The condition does not hold, and there is data to say so. */
    GOOD,
    /** Too little data, or data that cannot be trusted: counts neither towards firing nor towards recovery. */
    NEITHER
}
