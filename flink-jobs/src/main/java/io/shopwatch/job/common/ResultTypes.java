package io.shopwatch.job.common;

import io.shopwatch.domain.window.SeriesChange;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.SalesResult;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * Flink's types of figures and of what they are made of, for the ways between operators. State keeps Flink's own types,
 * which can be read when the records have changed.
 */
public final class ResultTypes {
    /** Changes of series, by {@link SeriesChangeSerializer}. */
    public static final TypeInformation<SeriesChange> SERIES_CHANGE =
            EventTypes.of(SeriesChange.class, new SeriesChangeSerializer());

    /** Rows of funnels, by {@link FunnelResultSerializer}. */
    public static final TypeInformation<FunnelResult> FUNNELS =
            EventTypes.of(FunnelResult.class, new FunnelResultSerializer());

    /** Rows of sales, by {@link SalesResultSerializer}. */
    public static final TypeInformation<SalesResult> SALES =
            EventTypes.of(SalesResult.class, new SalesResultSerializer());

    /** Rows of stock, by {@link InventoryResultSerializer}. */
    public static final TypeInformation<InventoryResult> INVENTORY =
            EventTypes.of(InventoryResult.class, new InventoryResultSerializer());

    private ResultTypes() {}

    /** The type of records of the wire package. */
    @SuppressWarnings("unchecked") // each type is that of its own class
    static <T> TypeInformation<T> of(Class<T> type) {
        for (TypeInformation<?> known : List.of(FUNNELS, SALES, INVENTORY, StatusTypes.JOB_STATUS)) {
            if (known.getTypeClass() == type) {
                return (TypeInformation<T>) known;
            }
        }
        return TypeInformation.of(type);
    }
}
