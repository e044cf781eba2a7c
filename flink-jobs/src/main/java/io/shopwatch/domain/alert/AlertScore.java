package io.shopwatch.domain.alert;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** How well alerts match incidents that are known to have happened. */
public final class AlertScore {
    private AlertScore() {}

    /**
     * An alert as it was raised.
     *
     * @param kind kind of the rule
     * @param segment segment
     * @param value value of the segment
     * @param startsAt when the incident began, by the alert's own account
     * @param firedAt event time at which it was raised
     * @param endsAt when it ended, null if it did not
     */
    public record Raised(String kind, String segment, String value, long startsAt, long firedAt, Long endsAt) {}

    /**
     * An incident that is known to have happened.
     *
     * @param kind kind of the rule that should see it
     * @param segment segment where it happened, null where any will do
     * @param value value of the segment, null where any will do
     * @param from beginning, epoch milliseconds
     * @param until end, epoch milliseconds
     */
    public record Truth(String kind, String segment, String value, long from, long until) {}

    /**
     * The score of a kind.
     *
     * @param kind kind of the rule
     * @param raised alerts raised
     * @param right alerts that belong to an incident
     * @param incidents incidents
     * @param found incidents with at least one alert
     * @param medianDelayMillis median time from an incident's beginning to its first alert, 0 where one already stood;
     *     NaN where none was found
     * @param told whether the truth tells of incidents of that kind; where it does not, alerts are neither right nor wrong
     */
    public record Score(
            String kind, int raised, int right, int incidents, int found, double medianDelayMillis, boolean told) {
        /** Share of the alerts that are right, 1 where none was raised, NaN where nobody can say. */
        public double precision() {
            if (!told) {
                return Double.NaN;
            }
            return raised == 0 ? 1 : (double) right / raised;
        }

        /** Share of the incidents that were found, 1 where there was none, NaN where nobody can say. */
        public double recall() {
            if (!told) {
                return Double.NaN;
            }
            return incidents == 0 ? 1 : (double) found / incidents;
        }
    }

    /**
     * Scores by kind, in the order of their names. An alert belongs to an incident of its kind if it was raised while
     * the incident lasted or within {@code graceMillis} after, and does not contradict its place: {@code all}, or a
     * segment other than the incident's, may see it too. An incident is also found where an alert of its very place
     * still stands: stock that runs out again within a minute is told once.
     *
     * @param told kinds of which the truth has every incident, though it be none; kinds of {@code incidents} are told too
     */
    public static List<Score> of(List<Raised> alerts, List<Truth> incidents, Set<String> told, long graceMillis) {
        TreeMap<String, List<Raised>> raised = new TreeMap<>();
        TreeMap<String, List<Truth>> truths = new TreeMap<>();
        alerts.forEach(alert ->
                raised.computeIfAbsent(alert.kind(), k -> new ArrayList<>()).add(alert));
        incidents.forEach(truth ->
                truths.computeIfAbsent(truth.kind(), k -> new ArrayList<>()).add(truth));
        raised.keySet().forEach(kind -> truths.putIfAbsent(kind, List.of()));
        List<Score> scores = new ArrayList<>();
        truths.forEach((kind, mine) -> scores.add(score(
                kind,
                raised.getOrDefault(kind, List.of()),
                mine,
                told.contains(kind) || !mine.isEmpty(),
                graceMillis)));
        return scores;
    }

    private static Score score(String kind, List<Raised> alerts, List<Truth> truths, boolean told, long grace) {
        int right = 0;
        for (Raised alert : alerts) {
            right += truths.stream().anyMatch(truth -> matches(alert, truth, grace)) ? 1 : 0;
        }
        List<Long> delays = new ArrayList<>();
        for (Truth truth : truths) {
            alerts.stream()
                    .filter(alert -> matches(alert, truth, grace) || stands(alert, truth))
                    .min(Comparator.comparingLong(Raised::firedAt))
                    .ifPresent(alert -> delays.add(Math.max(0, alert.firedAt() - truth.from())));
        }
        delays.sort(null);
        int n = delays.size();
        double median = n == 0
                ? Double.NaN
                : n % 2 == 1 ? delays.get(n / 2) : (delays.get(n / 2 - 1) + delays.get(n / 2)) / 2.0;
        return new Score(kind, alerts.size(), right, truths.size(), n, median, told);
    }

    private static boolean matches(Raised alert, Truth truth, long grace) {
        if (alert.firedAt() < truth.from() || alert.firedAt() > truth.until() + grace) {
            return false;
        }
        boolean anywhere = truth.segment() == null
                || truth.value() == null
                || alert.segment().equals("all");
        return anywhere
                || !alert.segment().equals(truth.segment())
                || alert.value().equals(truth.value());
    }

    private static boolean stands(Raised alert, Truth truth) {
        return alert.firedAt() < truth.from()
                && (alert.endsAt() == null || alert.endsAt() > truth.from())
                && alert.segment().equals(truth.segment())
                && alert.value().equals(truth.value());
    }
}
