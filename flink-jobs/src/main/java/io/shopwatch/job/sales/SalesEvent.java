package io.shopwatch.job.sales;

import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.job.common.EventTypes;
import io.shopwatch.job.common.OrderFacts;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * What the sales of a visitor are made from: a click, a cart event or the fact of an order.
 *
 * @param event the event
 * @param late whether it is a fact whose time has been reported already, so that it counts for its day only
 * @param takenAt event time at which it takes its turn, epoch milliseconds: its own, unless it became known late
 */
public record SalesEvent(ShopEvent event, boolean late, long takenAt) {

    /** Flink's type; by itself Flink would take the event apart by reflection. */
    static final TypeInformation<SalesEvent> TYPE = Types.POJO(
            SalesEvent.class, Map.of("event", EventTypes.SHOP_EVENT, "late", Types.BOOLEAN, "takenAt", Types.LONG));

    static SalesEvent inTime(ShopEvent event) {
        return new SalesEvent(event, false, event.time());
    }

    static SalesEvent late(OrderFacts.LateFact late) {
        return new SalesEvent(late.fact(), true, late.knownAt());
    }
}
