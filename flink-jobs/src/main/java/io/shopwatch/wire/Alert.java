package io.shopwatch.wire;

import java.util.List;

/**
 * An incident, firing or resolved; value of the topic {@code alerts}, keyed by {@link #id}, and what the webhook
 * receiver posts.
 *
 * @param id hash of rule, segment, value and start time: the same incident has the same id after any restart
 * @param rule name of the rule
 * @param kind kind of the rule, for example {@code conversion_drop}
 * @param severity {@code info}, {@code warning} or {@code critical}
 * @param status {@code firing} or {@code resolved}
 * @param startsAt epoch milliseconds
 * @param endsAt epoch milliseconds, null while firing
 * @param segment segment, {@code sku} for stock alerts, {@code stream} for {@code no_data}
 * @param value value of the segment
 * @param summary one line for a phone
 * @param description what, from → to, since when, how sure
 * @param observed the observed figure (a ratio for conversions), null where there is none
 * @param baseline what it was compared with, null where there is nothing
 * @param dropPoints percentage points below the baseline, null where it is no ratio
 * @param sampleSize events or visitors behind {@code observed}
 * @param confidence 0 to 1, null where nothing is estimated
 * @param causes likely causes, largest share first
 * @param dashboardUrl where to look
 * @param runbookUrl what to do
 * @param data {@code trusted} or {@code degraded}
 * @param receivers names of the receivers that the rule addresses; null or empty means all of them
 */
public record Alert(
        String id,
        String rule,
        String kind,
        String severity,
        String status,
        long startsAt,
        Long endsAt,
        String segment,
        String value,
        String summary,
        String description,
        Double observed,
        Double baseline,
        Double dropPoints,
        Long sampleSize,
        Double confidence,
        List<Cause> causes,
        String dashboardUrl,
        String runbookUrl,
        String data,
        List<String> receivers) {

    /** A likely cause: a segment value, or a SKU that ran out, and its share (0 to 1) of the change. */
    public record Cause(String segment, String value, Double share, String detail) {}
}
