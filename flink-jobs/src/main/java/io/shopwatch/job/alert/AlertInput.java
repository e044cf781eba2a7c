package io.shopwatch.job.alert;

import io.shopwatch.job.common.EventTypes;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.JobStatus;
import io.shopwatch.wire.SalesResult;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** One record of any of the result topics; all fields but one are null. */
public record AlertInput(FunnelResult funnel, SalesResult sales, InventoryResult stock, JobStatus status) {
    /** Flink's type, by {@link AlertInputSerializer}. */
    static final TypeInformation<AlertInput> TYPE = EventTypes.of(AlertInput.class, new AlertInputSerializer());

    static AlertInput of(FunnelResult result) {
        return new AlertInput(result, null, null, null);
    }

    static AlertInput of(SalesResult result) {
        return new AlertInput(null, result, null, null);
    }

    static AlertInput of(InventoryResult result) {
        return new AlertInput(null, null, result, null);
    }

    static AlertInput of(JobStatus status) {
        return new AlertInput(null, null, null, status);
    }
}
