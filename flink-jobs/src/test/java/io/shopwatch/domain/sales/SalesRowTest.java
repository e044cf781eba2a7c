package io.shopwatch.domain.sales;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.Segment;
import io.shopwatch.domain.window.Scope;
import io.shopwatch.domain.window.SeriesKey;
import io.shopwatch.domain.window.SlidingSums;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows over four seconds and a day, written as "window currency visitors gmvPaid". */
class SalesRowTest {
    private static final long DAY = 86_400;
    private static final long START = 100 * DAY;

    private final SlidingSums sums = new SlidingSums(SalesRow.FIELDS, ZoneOffset.UTC);

    @Test
    void everyCurrencySeenHasARowAndWhatKnowsNoCurrencyIsTheSameInAll() {
        visitor(START);
        assertThat(rowsAt(START + 1)).containsExactly("1m USD 1 0", "5m USD 1 0", "1h USD 1 0", "today USD 1 0");

        paid("EUR", 7, START + 1);
        assertThat(rowsAt(START + 2)).containsExactly("1m EUR 1 7", "5m EUR 1 7", "1h EUR 1 7", "today EUR 1 7");

        visitor(START + 2);
        assertThat(rowsAt(START + 3))
                .startsWith("1m EUR 2 7", "1m USD 2 0")
                .endsWith("today EUR 2 7", "today USD 2 0")
                .hasSize(8);
    }

    @Test
    void aRowEndsWithZerosOnceNeitherWindowNorDayKnowsItsCurrency() {
        paid("EUR", 7, START);
        rowsAt(START + 1);
        // the minute loses the payment; the day still has it, so the row stays, with zeros already
        assertThat(rowsAt(START + 61)).containsExactly("1m EUR 0 0");
        assertThat(rowsAt(START + 301)).containsExactly("5m EUR 0 0");

        visitor(START + 400);
        assertThat(rowsAt(START + 401)).contains("1m EUR 1 0", "1m USD 1 0");
        assertThat(rowsAt(START + 3601)).contains("1h EUR 1 0");

        // a new day: nothing said about the minute, whose row was zero before
        visitor(START + DAY - 10);
        rowsAt(START + DAY);
        assertThat(rowsAt(START + DAY + 1))
                .containsExactly("1m EUR 0 0", "5m EUR 0 0", "1h EUR 0 0", "today EUR 0 0", "today USD 0 0");
        assertThat(rowsAt(START + 2 * DAY)).containsExactly("1m USD 0 0", "5m USD 0 0", "1h USD 0 0");
        assertThat(sums.size()).isZero();
    }

    @Test
    void aPaymentThatCameLateOpensItsCurrencyInEveryWindow() {
        visitor(START);
        rowsAt(START + 1);
        sums.add(key("EUR"), SalesFigure.GMV_PAID.ordinal(), START, SlidingSums.NONE, 7, Scope.TODAY);
        assertThat(rowsAt(START + 2)).containsExactly("1m EUR 1 0", "5m EUR 1 0", "1h EUR 1 0", "today EUR 1 7");
        sums.add(key("EUR"), SalesFigure.GMV_PAID.ordinal(), START, SlidingSums.NONE, 2, Scope.TODAY);
        assertThat(rowsAt(START + 3)).containsExactly("today EUR 1 9");
    }

    private void visitor(long pane) {
        sums.add(key(null), SalesFigure.VISITORS.ordinal(), pane, SlidingSums.NONE, 1, Scope.BOTH);
    }

    private void paid(String currency, long amount, long pane) {
        sums.add(key(currency), SalesFigure.GMV_PAID.ordinal(), pane, SlidingSums.NONE, amount, Scope.BOTH);
    }

    private static SeriesKey key(String currency) {
        return new SeriesKey(SalesRow.SERIES, Segment.ALL, Segment.ALL_VALUE, currency);
    }

    private List<String> rowsAt(long end) {
        List<String> rows = new ArrayList<>();
        sums.advanceTo(
                end * 1000,
                (at, view, changed) -> SalesRow.ofChanged(
                        "USD",
                        view,
                        changed,
                        row -> rows.add(row.window().wireName() + " " + row.currency() + " "
                                + row.get(SalesFigure.VISITORS) + " " + row.get(SalesFigure.GMV_PAID))));
        return rows;
    }
}
