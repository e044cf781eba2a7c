package io.shopwatch.notify;

import java.util.function.Function;
import java.util.function.ToIntFunction;

/** Makes a message fit a product's limit: all parts are cut alike, until what is written is small enough. */
final class Shortening {
    private static final int[] PART_LIMITS = {1000, 500, 250, 150, 80, 40, 20};

    private Shortening() {}

    /**
     * The longest form that keeps the limit, or the shortest there is.
     *
     * @param write writes the message for the product
     * @param measure size of what is written
     */
    static <T> T fit(AlertMessage message, int limit, Function<AlertMessage, T> write, ToIntFunction<T> measure) {
        T written = null;
        for (int partLimit : PART_LIMITS) {
            written = write.apply(message.shortened(partLimit));
            if (measure.applyAsInt(written) <= limit) {
                return written;
            }
        }
        return written;
    }
}
