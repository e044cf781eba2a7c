package io.shopwatch.job.inventory;

import io.shopwatch.domain.inventory.OnHandHistory;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.FlinkRuntimeException;

/**
 * The movements of the current key in keyed state: one entry per second, so that a hot SKU reads and writes little per
 * movement on any state backend.
 */
final class StoredHistory implements OnHandHistory {
    private static final long SECOND = 1000;
    private static final long FORGET_EVERY = 60 * SECOND;

    /** Second → [time, units, time, units, …]. Old entries go with {@link #forgetBefore}, the rest with the SKU. */
    private final MapState<Long, long[]> seconds;

    /** Up to when movements have been forgotten, epoch milliseconds. */
    private final ValueState<Long> forgotten;

    StoredHistory(RuntimeContext context) {
        seconds = context.getMapState(new MapStateDescriptor<>(
                "movements", Types.LONG, PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO));
        forgotten = context.getState(new ValueStateDescriptor<>("movements-forgotten", Types.LONG));
    }

    @Override
    public void add(long time, long units) {
        try {
            long second = Math.floorDiv(time, SECOND);
            long[] pairs = seconds.get(second);
            int length = pairs == null ? 0 : pairs.length;
            long[] next = length == 0 ? new long[2] : Arrays.copyOf(pairs, length + 2);
            next[length] = time;
            next[length + 1] = units;
            seconds.put(second, next);
        } catch (Exception e) {
            throw new FlinkRuntimeException("could not store a movement", e);
        }
    }

    @Override
    public long sumAfter(long time) {
        try {
            long sum = 0;
            for (Map.Entry<Long, long[]> second : seconds.entries()) {
                if (second.getKey() >= Math.floorDiv(time, SECOND)) {
                    sum += sumAfter(second.getValue(), time);
                }
            }
            return sum;
        } catch (Exception e) {
            throw new FlinkRuntimeException("could not read movements", e);
        }
    }

    private static long sumAfter(long[] pairs, long time) {
        long sum = 0;
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i] > time) {
                sum += pairs[i + 1];
            }
        }
        return sum;
    }

    @Override
    public void forgetBefore(long time) {
        try {
            // Going through all entries with every row would cost a hot SKU more than it saves.
            Long last = forgotten.value();
            if (last != null && time < last + FORGET_EVERY) {
                return;
            }
            forgotten.update(time);
            boolean left = false;
            for (Iterator<Long> second = seconds.keys().iterator(); second.hasNext(); ) {
                if (second.next() < Math.floorDiv(time, SECOND)) {
                    second.remove();
                } else {
                    left = true;
                }
            }
            if (!left) {
                // An emptied map would still take its place in the state.
                seconds.clear();
            }
        } catch (Exception e) {
            throw new FlinkRuntimeException("could not forget movements", e);
        }
    }

    /** Forgets everything. */
    void clear() {
        seconds.clear();
        forgotten.clear();
    }
}
