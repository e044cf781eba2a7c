package io.shopwatch.domain.window;

import io.shopwatch.domain.event.Segment;

/**
 * Names a series of figures.
 *
 * @param name what is counted, for example the name of a funnel
 * @param segment segment
 * @param value value of the segment
 * @param currency ISO 4217, or null where the figures are no money
 */
public record SeriesKey(String name, Segment segment, String value, String currency) {}
