package io.shopwatch.job.common;

import io.shopwatch.domain.event.EventStream;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.functions.AbstractRichFunction;
import org.apache.flink.util.OutputTag;

/**
 * What a keyed operator does with elements that come in order of event time; see {@link OrderedOperator}. Keys are
 * strings. Keyed state is had in {@code open}: from {@link #bytes}, or from {@code getRuntimeContext()}.
 *
 * @param <I> elements; never modified after they were handed over
 * @param <O> results
 */
public abstract class OrderedFunction<I, O> extends AbstractRichFunction {

    private static final long serialVersionUID = 1;

    private final Vocabularies words = new Vocabularies();

    private transient State state;

    /** Where a function's keyed state is. */
    @FunctionalInterface
    interface State {
        KeyedBytes bytes(String name) throws Exception;
    }

    /** Numbers that keyed state may hold instead of words; checkpoints keep them beside it. */
    protected final Vocabularies words() {
        return words;
    }

    /**
     * State of that name for a function that is being opened: some bytes per key. Who keeps bytes keeps no other keyed
     * state: see {@link PagedBytes}.
     */
    protected final KeyedBytes bytes(String name) throws Exception {
        return state.bytes(name);
    }

    /** Says where keyed state is, before the function is opened. */
    final void state(State its) {
        state = its;
    }

    /** Event time of an element, epoch milliseconds. */
    public abstract long timeOf(I element);

    /** Order of elements of one key and instant; must not depend on the order of arrival. */
    public abstract Comparator<I> order();

    /** The stream under which the element is counted here, or null if another operator counts it. */
    public abstract EventStream countedAs(I element);

    /**
     * Takes all elements of the current key at one instant, in {@link #order()}. Instants of a key come in ascending
     * order, and before the timers of the same watermark: what was due before the instant must be settled first. The
     * list is only valid during the call.
     */
    public abstract void onInstant(List<I> sameInstant, Context<O> context) throws Exception;

    /** Takes an element whose time the watermark had passed when it came, at once and in any order. */
    public abstract void onLate(I element, Context<O> context) throws Exception;

    /** A timer of the current key is due. */
    public abstract void onTimer(long time, Context<O> context) throws Exception;

    /**
     * All elements and timers up to {@code time} have been handed over, and nothing earlier will be but late elements.
     * What the function has gathered since and others need by then must be emitted now. There is no current key.
     */
    public void onReached(long time, Context<O> context) {}

    /** A checkpoint is about to be taken: whatever the function has gathered must be emitted now. */
    public void beforeCheckpoint(Context<O> context) {}

    /** What the function may do beside reading and writing state. */
    public interface Context<O> {
        /** Emits a result. */
        void collect(O result);

        /** Emits to a side output. */
        <X> void output(OutputTag<X> tag, X value);

        /** Registers an event-time timer of the current key. */
        void registerTimer(long time) throws Exception;

        /** Deletes an event-time timer of the current key. */
        void deleteTimer(long time) throws Exception;

        /**
         * Calls {@link #onTimer} for the current key at that time, once for each time it was asked for. Costs far less
         * than a timer where many keys ask for the same time, so round it; it cannot be deleted.
         */
        void wakeAt(long time) throws Exception;

        /** The current key. */
        String key();

        /** The key group that the current key belongs to. */
        int keyGroup();

        /** The watermark before the one that is being worked on; {@link Long#MIN_VALUE} before the first. */
        long watermark();

        /**
         * Counts one element of this call as a duplicate, instead of as accepted or late.
         *
         * @param stream the stream it is counted under
         */
        void countDuplicate(EventStream stream);
    }
}
