package io.shopwatch.domain.sales;

import io.shopwatch.domain.event.Segment;
import io.shopwatch.domain.window.SeriesKey;
import io.shopwatch.domain.window.SlidingSums;
import io.shopwatch.domain.window.Window;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The sales of one window, segment value and currency.
 *
 * <p>Which rows there are: one per currency that was seen in the segment value within the window or today, and one in
 * the shop's own currency in any case. Figures that know no currency are the same in all of them. A row that would say
 * the same as before is not repeated; a row of which nothing is left is written once more, with zeros.
 */
public final class SalesRow {

    /** Name of the series of sales. */
    public static final String SERIES = "sales";

    /** Number of fields of a series: one per {@link SalesFigure}, at its position. */
    public static final int FIELDS = SalesFigure.values().length;

    private static final SalesFigure[] FIGURES = SalesFigure.values();
    private static final Comparator<SegmentValue> BY_NAME =
            Comparator.comparing(SegmentValue::segment).thenComparing(SegmentValue::value);

    private final Window window;
    private final Segment segment;
    private final String value;
    private final String currency;
    private final long[] figures;

    private record SegmentValue(Segment segment, String value) {}

    private interface Sums {
        long[] of(SeriesKey key, Window window);
    }

    private SalesRow(Window window, Segment segment, String value, String currency, long[] figures) {
        this.window = window;
        this.segment = segment;
        this.value = value;
        this.currency = currency;
        this.figures = figures;
    }

    /**
     * Makes the rows that say something new, in a fixed order.
     *
     * @param shopCurrency ISO 4217 code of the shop's own currency
     * @param sums sums of series named {@link #SERIES}, without currency for figures that know none
     * @param changed what differs from the last time
     * @param rows takes the rows
     */
    public static void ofChanged(
            String shopCurrency, SlidingSums.View sums, List<SlidingSums.Changed> changed, Consumer<SalesRow> rows) {
        Map<SegmentValue, EnumSet<Window>> windows = new TreeMap<>(BY_NAME);
        for (SlidingSums.Changed change : changed) {
            EnumSet<Window> touched = windows.computeIfAbsent(
                    new SegmentValue(change.key().segment(), change.key().value()),
                    segmentValue -> EnumSet.noneOf(Window.class));
            if (change.window() == Window.TODAY && change.key().currency() != null) {
                // A currency that is seen today has a row in every window.
                touched.addAll(EnumSet.allOf(Window.class));
            } else {
                touched.add(change.window());
            }
        }
        windows.forEach((segmentValue, touched) -> {
            Set<String> currencies = currencies(sums.keysOf(segmentValue.segment, segmentValue.value), shopCurrency);
            for (Window window : touched) {
                for (String currency : currencies) {
                    boolean always = currency.equals(shopCurrency);
                    long[] now = figures(sums::sums, segmentValue, window, currency, always);
                    if (!Arrays.equals(now, figures(sums::previous, segmentValue, window, currency, always))) {
                        rows.accept(new SalesRow(window, segmentValue.segment, segmentValue.value, currency, now));
                    }
                }
            }
        });
    }

    private static Set<String> currencies(Collection<SeriesKey> keys, String shopCurrency) {
        Set<String> currencies = new TreeSet<>();
        currencies.add(shopCurrency);
        for (SeriesKey key : keys) {
            if (key.currency() != null) {
                currencies.add(key.currency());
            }
        }
        return currencies;
    }

    private static long[] figures(
            Sums sums, SegmentValue segmentValue, Window window, String currency, boolean always) {
        SeriesKey key = new SeriesKey(SERIES, segmentValue.segment, segmentValue.value, currency);
        long[] inCurrency = sums.of(key, window);
        long[] figures = new long[FIELDS];
        if (!always && isZero(inCurrency) && isZero(sums.of(key, Window.TODAY))) {
            return figures;
        }
        long[] inAny = sums.of(new SeriesKey(SERIES, segmentValue.segment, segmentValue.value, null), window);
        for (SalesFigure figure : FIGURES) {
            int field = figure.ordinal();
            figures[field] = figure.perCurrency() ? inCurrency[field] : inAny[field];
        }
        return figures;
    }

    private static boolean isZero(long[] figures) {
        for (long figure : figures) {
            if (figure != 0) {
                return false;
            }
        }
        return true;
    }

    /** The window. */
    public Window window() {
        return window;
    }

    /** The segment. */
    public Segment segment() {
        return segment;
    }

    /** The value of the segment. */
    public String value() {
        return value;
    }

    /** ISO 4217 code. */
    public String currency() {
        return currency;
    }

    /** A figure; money in 1/10000 currency units. */
    public long get(SalesFigure figure) {
        return figures[figure.ordinal()];
    }
}
