package io.shopwatch.job.alert;

import io.shopwatch.wire.Alert;
import java.util.List;
import java.util.Map;
import org.apache.flink.cep.EventComparator;
import org.apache.flink.cep.functions.PatternProcessFunction;
import org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.cep.pattern.conditions.SimpleCondition;
import org.apache.flink.util.Collector;

/** The course of an incident as sequences of signals; keyed by rule, transition, segment and value. */
final class IncidentPatterns {
    private static final String FIRES = "fires";
    private static final String RECOVERS = "recovers";

    private IncidentPatterns() {}

    /** The run of breached evaluations is complete: the incident is announced. */
    static Pattern<Signal, ?> firing() {
        return Pattern.<Signal>begin(FIRES, AfterMatchSkipStrategy.skipPastLastEvent())
                .where(SimpleCondition.of(Signal::breached));
    }

    /** … and then, whatever lies between, the run of good ones: it is resolved. The match also clears the key's state. */
    static Pattern<Signal, ?> resolved() {
        return Pattern.<Signal>begin(FIRES, AfterMatchSkipStrategy.skipPastLastEvent())
                .where(SimpleCondition.of(Signal::breached))
                .followedBy(RECOVERS)
                .where(SimpleCondition.of(signal -> !signal.breached()));
    }

    /** Signals of one instant: an incident ends before the next one begins. */
    static final class Order implements EventComparator<Signal> {
        private static final long serialVersionUID = 1;

        @Override
        public int compare(Signal left, Signal right) {
            return Boolean.compare(left.breached(), right.breached());
        }
    }

    /** The alert as it fires. */
    static final class Fire extends PatternProcessFunction<Signal, Alert> {
        private static final long serialVersionUID = 1;

        @Override
        public void processMatch(Map<String, List<Signal>> match, Context context, Collector<Alert> out) {
            out.collect(match.get(FIRES).get(0).alert());
        }
    }

    /** The same alert as it is resolved: identity and beginning are those it fired with. */
    static final class Resolve extends PatternProcessFunction<Signal, Alert> {
        private static final long serialVersionUID = 1;

        @Override
        public void processMatch(Map<String, List<Signal>> match, Context context, Collector<Alert> out) {
            out.collect(Alerts.resolved(
                    match.get(FIRES).get(0).alert(), match.get(RECOVERS).get(0).alert()));
        }
    }
}
