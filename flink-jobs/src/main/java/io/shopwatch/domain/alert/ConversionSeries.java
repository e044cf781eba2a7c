package io.shopwatch.domain.alert;

/**
 * One transition of one segment value under one rule: its history and, while there is one, its incident.
 *
 * <p>Fields are public because this is also what a checkpoint holds.
 */
public class ConversionSeries {
    public String from = "";
    public String to = "";
    public int fromIndex;
    public int toIndex;
    public String segment = "";
    public String value = "";

    public RateHistory history = new RateHistory();

    /** Null where the baseline is trailing. */
    public SeasonalProfile seasonal;

    public Streak streak = new Streak();
    public boolean flooded;

    public boolean open;
    public long startsAt;

    /** Part of the conversions, 0 to 1, that it costs, by the most cautious estimate so far. */
    public double lost;

    /** Event time at which it was confirmed. */
    public long firedAt;

    /** End of the last incident; the next can't have begun before. */
    public long lastEndsAt;

    /** For the checkpoint's reader. */
    public ConversionSeries() {}

    ConversionSeries(Transition transition, String segment, String value) {
        this.from = transition.from();
        this.to = transition.to();
        this.fromIndex = transition.fromIndex();
        this.toIndex = transition.toIndex();
        this.segment = segment;
        this.value = value;
    }

    Transition transition() {
        return new Transition(from, to, fromIndex, toIndex);
    }

    boolean isAll() {
        return segment.equals("all");
    }

    /** Whether a fault in {@code other} shows in this series too. */
    boolean reflects(ConversionSeries other) {
        if (!transition().overlaps(other.transition())) {
            return false;
        }
        // Values of one segment are different visitors; anything else shares some.
        return !segment.equals(other.segment) || value.equals(other.value);
    }
}
