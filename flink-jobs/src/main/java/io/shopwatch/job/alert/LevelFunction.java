package io.shopwatch.job.alert;

import io.shopwatch.domain.alert.Cause;
import io.shopwatch.domain.alert.ConversionSeries;
import io.shopwatch.domain.alert.ConversionWatch;
import io.shopwatch.domain.alert.DropReading;
import io.shopwatch.domain.alert.ExcessWatch;
import io.shopwatch.domain.alert.GmvPace;
import io.shopwatch.domain.alert.Rule;
import io.shopwatch.domain.alert.RuleKind;
import io.shopwatch.domain.alert.StreamHealth;
import io.shopwatch.domain.alert.Texts;
import io.shopwatch.domain.alert.Verdict;
import io.shopwatch.domain.event.Money;
import io.shopwatch.domain.window.Window;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.Keys;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.Collector;

/** Rules on traffic, bursts of orders, promotions and silent streams; keyed by rule. */
final class LevelFunction extends TickFunction {
    private static final long serialVersionUID = 1;

    /** Events missing that make a silent stream an incident: by chance once in e¹⁶ looks. */
    private static final double MISSING = 16;

    private final Settings settings;
    private final Alerts alerts;

    private transient MapState<String, ConversionSeries> series;
    private transient MapState<String, OpenIncident> incidents;
    private transient ValueState<Rule> evaluated;

    LevelFunction(RulesInForce builtIn, Settings settings) {
        super(builtIn);
        this.settings = settings;
        this.alerts = new Alerts(settings);
    }

    @Override
    public void open(OpenContext context) {
        super.open(context);
        // Both end with the rule; series also when their segment value is forgotten.
        series = getRuntimeContext()
                .getMapState(
                        new MapStateDescriptor<>("series", Types.STRING, TypeInformation.of(ConversionSeries.class)));
        incidents = getRuntimeContext()
                .getMapState(
                        new MapStateDescriptor<>("incidents", Types.STRING, TypeInformation.of(OpenIncident.class)));
        evaluated =
                getRuntimeContext().getState(new ValueStateDescriptor<>("evaluated", TypeInformation.of(Rule.class)));
    }

    @Override
    long step(Rule rule) {
        return Math.min(60_000, rule.everyMillis());
    }

    @Override
    boolean byCurrency() {
        // Promotions have a currency; for the rest of these rules the currencies are put together below.
        return true;
    }

    @Override
    void tick(
            Rule rule,
            long end,
            Collection<Counts> counts,
            StreamHealth health,
            Collection<InventoryResult> stock,
            OnTimerContext context,
            Collector<Signal> out)
            throws Exception {
        Rule before = evaluated.value();
        if (before != null && before.kind() != rule.kind()) {
            end(end, context, out);
        }
        if (before != null && !rule.sameHistory(before)) {
            forgetCalmSeries();
        }
        if (!rule.equals(before)) {
            evaluated.update(rule);
        }
        switch (rule.kind()) {
            case TRAFFIC_SURGE, ORDER_BURST -> excess(rule, end, counts, health, out);
            case GMV_BEHIND_TARGET -> pace(rule, end, counts, health, out);
            default -> silence(rule, end, health, out);
        }
    }

    private void forgetCalmSeries() throws Exception {
        List<String> calm = new ArrayList<>();
        for (Map.Entry<String, ConversionSeries> entry : series.entries()) {
            if (!entry.getValue().open) {
                calm.add(entry.getKey());
            }
        }
        for (String key : calm) {
            series.remove(key);
        }
    }

    private void excess(Rule rule, long end, Collection<Counts> counts, StreamHealth health, Collector<Signal> out)
            throws Exception {
        boolean orders = rule.kind() == RuleKind.ORDER_BURST;
        ExcessWatch watch = new ExcessWatch(
                rule.watch(3_600_000L),
                rule.factor(),
                rule.minOrders(),
                Window.ofWireName(rule.window()).panes() / 60,
                orders);
        Map<String, Counts> byValue = new TreeMap<>();
        for (Counts count : counts) {
            if (count.minute.length > 0) {
                byValue.computeIfAbsent(Keys.of(count.segment, count.value), key -> {
                            Counts sum = new Counts();
                            sum.segment = count.segment;
                            sum.value = count.value;
                            return sum;
                        })
                        .add(count);
            }
        }
        Map<String, ConversionSeries> all = new TreeMap<>();
        for (Map.Entry<String, ConversionSeries> entry : series.entries()) {
            all.put(entry.getKey(), entry.getValue());
        }
        for (Map.Entry<String, Counts> entry : byValue.entrySet()) {
            Counts count = entry.getValue();
            all.computeIfAbsent(entry.getKey(), key -> watch.newSeries(count.segment, count.value));
        }
        boolean trusted = !health.suspicious("clicks") && !(orders && health.suspicious("orders"));
        for (Map.Entry<String, ConversionSeries> entry : all.entrySet()) {
            Counts count = byValue.get(entry.getKey());
            double visitors = count == null ? 0 : (double) count.minute[0];
            double placed = count == null ? 0 : (double) count.minute[1];
            watch.sample(entry.getValue(), end, visitors, placed, trusted);
        }
        List<String> gone = new ArrayList<>();
        for (Map.Entry<String, ConversionSeries> entry : all.entrySet()) {
            if (!entry.getValue().open && !byValue.containsKey(entry.getKey())) {
                gone.add(entry.getKey());
            }
        }
        for (String key : gone) {
            all.remove(key);
            series.remove(key);
        }
        if (trusted) {
            for (ConversionWatch.Event event : watch.evaluate(all.values(), end)) {
                out.collect(excessSignal(rule, event, orders, health.doubts()));
            }
        }
        series.putAll(all);
    }

    private Signal excessSignal(Rule rule, ConversionWatch.Event event, boolean orders, String doubts) {
        ConversionSeries one = event.series();
        DropReading reading = event.reading();
        Alerts.Place place = new Alerts.Place("", one.segment, one.value);
        String times = reading.baseline() > 0 ? Texts.number(reading.observed() / reading.baseline()) + "×" : "above";
        String figures = orders
                ? Math.round(reading.conversions()) + " orders where " + Math.round(reading.expected()) + " were due"
                : Texts.number(reading.observed()) + " visitors a minute, usual " + Texts.number(reading.baseline());
        String summary;
        if (!event.firing()) {
            summary = place.text() + (orders ? "orders per visitor are" : "traffic is") + " as usual again after "
                    + Texts.duration(event.endsAt() - event.startsAt());
        } else if (orders) {
            summary = place.text() + "orders per visitor " + times + " usual, suspected brushing: " + figures;
        } else {
            summary = place.text() + "traffic " + times + " usual: " + figures;
        }
        StringBuilder description = new StringBuilder(summary)
                .append("; since ")
                .append(clock(event))
                .append('.');
        if (event.firing() && !orders && reading.conversions() >= 0) {
            for (Cause cause : event.causes()) {
                description
                        .append(' ')
                        .append(Math.round(100 * cause.share()))
                        .append(" % of it from ")
                        .append(cause.segment())
                        .append(' ')
                        .append(cause.value())
                        .append(": ")
                        .append(cause.detail())
                        .append('.');
            }
        }
        return alerts.signal(
                rule,
                place,
                event.firing(),
                event.at(),
                event.startsAt(),
                event.endsAt(),
                summary,
                description.toString(),
                new Alerts.Figures(
                        reading.observed(),
                        reading.baseline(),
                        null,
                        Math.round(reading.entries()),
                        reading.confidence(),
                        Alerts.figures(reading, event.causes()).causes()),
                doubts);
    }

    private String clock(ConversionWatch.Event event) {
        return alerts.clock(event.startsAt());
    }

    private void silence(Rule rule, long end, StreamHealth health, Collector<Signal> out) throws Exception {
        for (String stream : rule.streams()) {
            OpenIncident incident = incident(stream);
            long silent = health.silentMillis(stream, end);
            Verdict verdict = health.newest(stream) == Long.MIN_VALUE
                    ? Verdict.NEITHER
                    : silent < Math.min(rule.afterMillis(), 30_000)
                            ? Verdict.GOOD
                            : silent >= rule.afterMillis() && health.missing(stream, end) >= MISSING
                                    ? Verdict.BREACHED
                                    : Verdict.NEITHER;
            long newest = health.newest(stream);
            if (step(rule, incident, verdict, end, incident.open ? incident.startsAt : newest + 1)) {
                boolean firing = incident.open;
                String since = alerts.clock(incident.startsAt);
                String lasted = Texts.duration(end - incident.startsAt);
                out.collect(alerts.signal(
                        rule,
                        new Alerts.Place("", "stream", stream),
                        firing,
                        end,
                        incident.startsAt,
                        incident.endsAt,
                        firing ? "no " + stream + " since " + since : stream + " are back after " + lasted,
                        firing
                                ? "No " + stream + " since " + since + ", " + Math.round(health.missing(stream, end))
                                        + " were due; figures made of them say nothing."
                                : stream + " arrive again after " + lasted + ".",
                        Alerts.Figures.NONE,
                        health.doubts()));
            }
            incidents.put(stream, incident);
        }
    }

    private void pace(Rule rule, long end, Collection<Counts> counts, StreamHealth health, Collector<Signal> out)
            throws Exception {
        ZoneId zone = settings.shop().timezone();
        for (Settings.Promotion promotion : settings.promotions()) {
            if (rule.promotion() != null && !rule.promotion().equals(promotion.name())) {
                continue;
            }
            OpenIncident incident = incident(promotion.name());
            ZonedDateTime start = promotion.start().atZone(zone);
            for (Counts count : counts) {
                if (count.window.length > 0 && count.currency.equals(promotion.currency())) {
                    long day = Instant.ofEpochMilli(count.windowEnd - 1)
                            .atZone(zone)
                            .toLocalDate()
                            .toEpochDay();
                    incident.pace.note(
                            day,
                            Money.toUnits(count.window[3]),
                            count.windowEnd > promotion.start().toEpochMilli()
                                    && count.windowEnd <= promotion.end().toEpochMilli(),
                            start.toLocalDate().toEpochDay(),
                            start.toLocalTime().equals(LocalTime.MIDNIGHT));
                }
            }
            double elapsed = GmvPace.elapsed(
                    end, promotion.start().toEpochMilli(), promotion.end().toEpochMilli());
            BigDecimal target =
                    switch (rule.level()) {
                        case "stretch" -> promotion.stretch();
                        case "goal" -> promotion.goal();
                        default -> promotion.base();
                    };
            double attainment = target == null ? Double.NaN : incident.pace.attainment(target, elapsed);
            boolean over = end >= promotion.end().toEpochMilli();
            Verdict verdict = over
                    ? incident.open ? Verdict.GOOD : Verdict.NEITHER
                    : Double.isNaN(attainment)
                            ? Verdict.NEITHER
                            : 100 * attainment < rule.pacePercent() ? Verdict.BREACHED : Verdict.GOOD;
            if (step(rule, incident, verdict, end, incident.open ? incident.startsAt : incident.streak.since)) {
                String figures = incident.pace.gmv.toPlainString() + " of "
                        + target.toPlainString() + " " + promotion.currency() + " (" + rule.level() + ") after "
                        + Texts.percent(elapsed) + " of the time, projected "
                        + incident.pace.projected(elapsed).toPlainString();
                boolean firing = incident.open;
                out.collect(alerts.signal(
                        rule,
                        new Alerts.Place("", "promotion", promotion.name()),
                        firing,
                        end,
                        incident.startsAt,
                        incident.endsAt,
                        promotion.name()
                                + (firing ? ": GMV at " : over ? " is over, GMV at " : ": back on pace, GMV at ")
                                + Texts.percent(attainment) + " of the pace",
                        promotion.name() + ": GMV " + figures + ".",
                        new Alerts.Figures(attainment, 1.0, null, null, null, List.of()),
                        health.doubts()));
            }
            incidents.put(promotion.name(), incident);
        }
    }

    private OpenIncident incident(String key) throws Exception {
        OpenIncident incident = incidents.get(key);
        return incident == null ? new OpenIncident() : incident;
    }

    /** Counts the verdict; returns whether the incident opened or closed. */
    private static boolean step(Rule rule, OpenIncident incident, Verdict verdict, long end, long startsAt) {
        incident.streak.add(verdict, end);
        if (!incident.open && verdict == Verdict.BREACHED && incident.streak.breached >= rule.breaches()) {
            incident.open = true;
            incident.startsAt = startsAt == 0 ? incident.streak.since : startsAt;
            incident.streak.reset();
            return true;
        }
        if (incident.open && verdict == Verdict.GOOD && incident.streak.good >= rule.recoveries()) {
            incident.open = false;
            incident.endsAt = incident.streak.since;
            incident.streak.reset();
            return true;
        }
        return false;
    }

    @Override
    void end(long end, OnTimerContext context, Collector<Signal> out) throws Exception {
        Rule before = evaluated.value();
        if (before != null) {
            for (ConversionSeries one : series.values()) {
                if (one.open) {
                    out.collect(gone(before, new Alerts.Place("", one.segment, one.value), end, one.startsAt));
                }
            }
            String segment = before.kind() == RuleKind.NO_DATA ? "stream" : "promotion";
            for (Map.Entry<String, OpenIncident> entry : incidents.entries()) {
                if (entry.getValue().open) {
                    out.collect(gone(
                            before, new Alerts.Place("", segment, entry.getKey()), end, entry.getValue().startsAt));
                }
            }
        }
        series.clear();
        incidents.clear();
        evaluated.clear();
    }

    private Signal gone(Rule rule, Alerts.Place place, long end, long startsAt) {
        return alerts.signal(
                rule,
                place,
                false,
                end,
                startsAt,
                end,
                place.text() + "no longer watched after " + Texts.duration(end - startsAt),
                "The rule " + rule.name() + " changed or was removed.",
                Alerts.Figures.NONE,
                "");
    }
}
