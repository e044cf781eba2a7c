package io.shopwatch.wire;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * What the alert job expects of a conversion, beside what it sees; value of the topic {@code baselines}. Where several
 * rules watch the same transition, segment and window, the first of them reports.
 *
 * @param funnel name of the funnel
 * @param window window of the rule, {@code 1m}, {@code 5m}, {@code 1h} or {@code today}
 * @param from step that the conversion starts from
 * @param to step that it leads to
 * @param segment segment
 * @param value value of the segment
 * @param end exclusive end of the observed window, epoch milliseconds
 * @param observed observed conversion, 0 to 1; null without visitors at {@code from}
 * @param baseline expected conversion, 0 to 1; null while there is none
 * @param dropPoints 100 · (baseline − observed); null where either is
 */
public record BaselineResult(
        String funnel,
        String window,
        String from,
        String to,
        String segment,
        String value,
        long end,
        Double observed,
        Double baseline,
        Double dropPoints) {

    /** Key of the record: funnel, window, from, to, segment and value. */
    @JsonIgnore
    public String key() {
        return Keys.of(funnel, window, from, to, segment, value);
    }
}
