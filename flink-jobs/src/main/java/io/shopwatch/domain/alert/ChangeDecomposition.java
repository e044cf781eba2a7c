package io.shopwatch.domain.alert;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Splits the change of a rate over the values of a segment:
 *
 * <pre>  ΔR = Σ w₁(r₁ − r₀)  [rate: these visitors behave differently]
 *      + Σ (w₁ − w₀)(r₀ − R₀)  [mix: there are more or fewer of them]</pre>
 *
 * with w the value's share of entries, r its rate, before (0) and after (1), and R₀ the rate of all before. The two sums
 * together are exactly R₁ − R₀.
 */
public final class ChangeDecomposition {
    private ChangeDecomposition() {}

    /**
     * Figures of one segment value.
     *
     * @param value the value
     * @param entries0 entries before
     * @param conversions0 conversions before
     * @param entries1 entries after
     * @param conversions1 conversions after
     */
    public record Slice(String value, double entries0, double conversions0, double entries1, double conversions1) {}

    /**
     * What one value contributes.
     *
     * @param value the value
     * @param rate change of the whole rate by the value's own rate
     * @param mix change of the whole rate by the value's share of entries
     * @param rate0 the value's rate before
     * @param rate1 the value's rate after
     */
    public record Part(String value, double rate, double mix, double rate0, double rate1) {
        /** Change of the whole rate that the value accounts for. */
        public double total() {
            return rate + mix;
        }
    }

    /** The parts, the one that pulled the rate down most first; empty where a side has no entries. */
    public static List<Part> of(List<Slice> slices) {
        double entries0 = 0;
        double entries1 = 0;
        double conversions0 = 0;
        for (Slice slice : slices) {
            entries0 += slice.entries0();
            entries1 += slice.entries1();
            conversions0 += slice.conversions0();
        }
        if (entries0 <= 0 || entries1 <= 0) {
            return List.of();
        }
        double whole0 = conversions0 / entries0;
        List<Part> parts = new ArrayList<>();
        for (Slice slice : slices) {
            double w0 = slice.entries0() / entries0;
            double w1 = slice.entries1() / entries1;
            // A value that was not there before has no rate of its own to compare with: all of it is mix.
            double r0 = slice.entries0() > 0
                    ? slice.conversions0() / slice.entries0()
                    : slice.entries1() > 0 ? slice.conversions1() / slice.entries1() : whole0;
            double r1 = slice.entries1() > 0 ? slice.conversions1() / slice.entries1() : r0;
            parts.add(new Part(slice.value(), w1 * (r1 - r0), (w1 - w0) * (r0 - whole0), r0, r1));
        }
        parts.sort(Comparator.comparingDouble(Part::total).thenComparing(Part::value));
        return parts;
    }
}
