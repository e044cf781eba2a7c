package io.shopwatch.domain.alert;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * A rule for alerts, with every parameter filled in; {@link RuleParser} makes one from what a person wrote. Parameters
 * that a kind does not use are null or 0.
 *
 * @param name unique name
 * @param kind what it watches for
 * @param severity {@code info}, {@code warning} or {@code critical}
 * @param receivers {@code notify}: receivers by name; empty means all
 * @param everyMillis time between evaluations
 * @param breaches {@code for}: breached evaluations in a row that fire
 * @param recoveries {@code recoverFor}: good evaluations in a row that resolve
 * @param funnel funnel of a conversion rule
 * @param transitions conversions {@code from>to}; empty means all of adjacent steps, and first to last
 * @param segments segments watched, by wire name
 * @param window window in which rates are told, by wire name
 * @param baselineMillis length of a trailing baseline
 * @param seasonMillis period of a seasonal baseline; 0 where it is trailing
 * @param cycles cycles of a seasonal baseline
 * @param dropPoints percentage points that matter
 * @param dropPercent relative drop in percent that matters too, or null
 * @param recoverPoints percentage points under which a drop is over
 * @param falseAlarmsPerWeek budget of false alarms of the whole rule
 * @param horizonMillis {@code horizon} of {@code stock_out_imminent}
 * @param minSales sales that must be behind the velocity for {@code stock_out_imminent}
 * @param afterMillis {@code after}: how long without a receipt, a payment, an event
 * @param factor times the usual that is a burst or a surge
 * @param minOrders orders in the window below which there is no burst
 * @param promotion promotion watched, null for all
 * @param level target level, {@code base}, {@code goal} or {@code stretch}
 * @param pacePercent share of the expected pace in percent below which a promotion is behind
 * @param streams input streams watched for silence
 */
public record Rule(
        String name,
        RuleKind kind,
        String severity,
        List<String> receivers,
        long everyMillis,
        int breaches,
        int recoveries,
        String funnel,
        List<String> transitions,
        List<String> segments,
        String window,
        long baselineMillis,
        long seasonMillis,
        int cycles,
        double dropPoints,
        Double dropPercent,
        double recoverPoints,
        double falseAlarmsPerWeek,
        long horizonMillis,
        long minSales,
        long afterMillis,
        double factor,
        long minOrders,
        String promotion,
        String level,
        double pacePercent,
        List<String> streams)
        implements Serializable {

    /** How a conversion rule, or one that compares like it, watches. */
    public ConversionWatch.Settings watch(long maxDelayMillis) {
        return new ConversionWatch.Settings(
                dropPoints,
                dropPercent,
                recoverPoints,
                falseAlarmsPerWeek,
                everyMillis,
                breaches,
                recoveries,
                baselineMillis,
                seasonMillis,
                cycles,
                maxDelayMillis);
    }

    /** Whether histories kept for the other rule serve this one too. */
    public boolean sameHistory(Rule other) {
        return kind == other.kind
                && everyMillis == other.everyMillis
                && Objects.equals(funnel, other.funnel)
                && Objects.equals(window, other.window)
                && baselineMillis == other.baselineMillis
                && seasonMillis == other.seasonMillis
                && cycles == other.cycles;
    }
}
