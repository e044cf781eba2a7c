package io.shopwatch.domain.alert;

/**
 * A likely cause of a change.
 *
 * @param segment segment, or {@code sku}
 * @param value value of the segment
 * @param share part of the change it accounts for, 0 to 1
 * @param detail what happened there, for a person
 */
public record Cause(String segment, String value, double share, String detail) {}
