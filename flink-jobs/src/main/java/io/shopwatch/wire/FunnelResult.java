package io.shopwatch.wire;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;

/**
 * Distinct visitors of each step of a funnel in one window; value of the topic {@code funnels}.
 *
 * @param funnel name of the funnel
 * @param window {@code 1m}, {@code 5m}, {@code 1h} or {@code today}
 * @param end exclusive end of the window, epoch milliseconds
 * @param segment {@code all}, {@code channel}, {@code device}, {@code region}, {@code campaign} or {@code category}
 * @param value value of the segment
 * @param steps the steps in order
 * @param watermark event time up to which everything is in the figures, epoch milliseconds
 */
public record FunnelResult(
        String funnel, String window, long end, String segment, String value, List<Step> steps, long watermark) {

    /** Visitors who reached a step. */
    public record Step(String step, long visitors) {}

    /** Key of the record: funnel, window, segment and value. */
    @JsonIgnore
    public String key() {
        return Keys.of(funnel, window, segment, value);
    }
}
