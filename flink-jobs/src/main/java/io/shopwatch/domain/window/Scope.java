package io.shopwatch.domain.window;

/** Which windows a change belongs to. */
public enum Scope {
    /** All windows. */
    BOTH,
    /** The windows that slide, not {@link Window#TODAY}. */
    SLIDING,
    /** Only {@link Window#TODAY}: late events still count for the day. */
    TODAY
}
