package io.shopwatch.job.sales;

import io.shopwatch.domain.event.Money;
import io.shopwatch.domain.sales.SalesFigure;
import io.shopwatch.domain.sales.SalesRow;
import io.shopwatch.domain.window.SlidingSums;
import io.shopwatch.job.common.Assembler;
import io.shopwatch.wire.SalesResult;
import java.util.List;
import org.apache.flink.util.Collector;

/** Writes the rows that say something new as {@link SalesResult}s. */
record SalesAssembler(String shopCurrency) implements Assembler<SalesResult> {

    @Override
    public void assemble(
            long end, SlidingSums.View sums, List<SlidingSums.Changed> changed, Collector<SalesResult> out) {
        SalesRow.ofChanged(shopCurrency, sums, changed, row -> out.collect(result(end, row)));
    }

    private static SalesResult result(long end, SalesRow row) {
        return new SalesResult(
                row.window().wireName(),
                end,
                row.segment().wireName(),
                row.value(),
                row.currency(),
                row.get(SalesFigure.VISITORS),
                row.get(SalesFigure.ORDERS_PLACED),
                row.get(SalesFigure.ORDERS_PAID),
                row.get(SalesFigure.BUYERS),
                row.get(SalesFigure.BUYERS_ANY_CURRENCY),
                row.get(SalesFigure.UNITS_PAID),
                Money.toString(row.get(SalesFigure.GMV_PLACED)),
                Money.toString(row.get(SalesFigure.GMV_PAID)),
                Money.toString(row.get(SalesFigure.REFUNDED)),
                row.get(SalesFigure.CARTS_ORDERED),
                row.get(SalesFigure.CARTS_ABANDONED),
                // Not the watermark of the moment: the same row is the same bytes in every run.
                end);
    }
}
