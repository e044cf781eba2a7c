package io.shopwatch.job.alert;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.MapState;

/** What waits in keyed state for its event time. */
final class Pending {
    private Pending() {}

    /** Adds an element to those of the same time; the caller sets the timer that takes them. */
    static <T> void add(MapState<Long, List<T>> state, long time, T element) throws Exception {
        List<T> known = state.get(time);
        List<T> all = known == null ? new ArrayList<>() : new ArrayList<>(known);
        all.add(element);
        state.put(time, all);
    }
}
