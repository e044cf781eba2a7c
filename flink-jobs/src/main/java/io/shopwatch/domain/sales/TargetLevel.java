package io.shopwatch.domain.sales;

import java.util.Locale;

/** The three levels of a promotion's target, lowest first. */
public enum TargetLevel {
    BASE,
    GOAL,
    STRETCH;

    /** The level's name on the outside, for example {@code goal}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
