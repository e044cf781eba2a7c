package io.shopwatch.serve;

import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.SalesResult;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Ratios of results; null where there is nothing to divide by, for then there is no ratio. */
final class Ratios {

    /** A conversion between two steps. */
    record Conversion(String from, String to, double ratio) {}

    private Ratios() {}

    /** Conversions between adjacent steps, then from the first to the last; those without visitors at the start left out. */
    static List<Conversion> conversions(FunnelResult result) {
        List<FunnelResult.Step> steps = result.steps();
        List<Conversion> conversions = new ArrayList<>();
        for (int i = 1; i < steps.size(); i++) {
            addConversion(conversions, steps.get(i - 1), steps.get(i));
        }
        if (steps.size() > 2) {
            addConversion(conversions, steps.get(0), steps.get(steps.size() - 1));
        }
        return conversions;
    }

    private static void addConversion(List<Conversion> conversions, FunnelResult.Step from, FunnelResult.Step to) {
        if (from.visitors() > 0) {
            conversions.add(new Conversion(from.step(), to.step(), (double) to.visitors() / from.visitors()));
        }
    }

    /** Paid GMV per paid order. */
    static Double averageOrderValue(SalesResult row) {
        return per(row.gmvPaid(), row.ordersPaid());
    }

    /** Paid GMV per visitor. */
    static Double visitorValue(SalesResult row) {
        return per(row.gmvPaid(), row.visitors());
    }

    /** Share of the carts that ended which ended as abandoned. */
    static Double cartAbandonment(SalesResult row) {
        long ended = row.cartsAbandoned() + row.cartsOrdered();
        return ended > 0 ? (double) row.cartsAbandoned() / ended : null;
    }

    private static Double per(String amount, long count) {
        return count > 0 ? new BigDecimal(amount).doubleValue() / count : null;
    }
}
