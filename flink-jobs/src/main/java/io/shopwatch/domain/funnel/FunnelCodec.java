package io.shopwatch.domain.funnel;

import io.shopwatch.domain.event.CompactBytes;
import io.shopwatch.domain.event.Vocabulary;
import io.shopwatch.domain.window.Window;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * A visitor's {@link FunnelState} as bytes, as small as it gets: there are millions of visitors, and most have seen two
 * or three items of one category. Only what is known is written, each time as its distance from the one before, words by
 * their numbers, and nothing twice: a visitor's last hit of a first step is where the chain began.
 *
 * <p>Not thread-safe.
 */
public final class FunnelCodec {
    private static final long NONE = FunnelState.NONE;
    private static final long MINUTE = 60_000;

    /** About as many attributes and categories are kept for the next visitors. */
    private static final int SPARES = 64;

    private final FunnelPlan plan;
    private final CompactBytes bytes = new CompactBytes();

    /** What was read last, and what it was made of: read again and again, for each event. */
    private final FunnelState last = new FunnelState();

    private final ArrayDeque<FunnelState.Origin> spareOrigins = new ArrayDeque<>();
    private final ArrayDeque<FunnelState.CategoryChain> spareChains = new ArrayDeque<>();

    /** For visitors of that plan. */
    public FunnelCodec(FunnelPlan plan) {
        this.plan = plan;
    }

    /**
     * The state as bytes, good until the next is written or read.
     *
     * @param known numbers of words; the state can be read with them alone
     * @param time event time of the write, epoch milliseconds
     */
    public CompactBytes write(FunnelState state, Vocabulary known, long time) {
        bytes.write(known, time);
        bytes.writeFixed(state.plan);
        bytes.writeNumber(state.timer == NONE ? 0 : Math.floorDiv(state.timer, MINUTE) + 1);
        bytes.startAt(state.timer == NONE ? 0 : state.timer);
        bytes.writeTime(state.lastHit);
        bytes.writeNumber(state.origins.size());
        for (int i = 0; i < state.origins.size(); i++) {
            FunnelState.Origin origin = state.origins.get(i);
            bytes.writeWord(origin.channel);
            bytes.writeWord(origin.device);
            bytes.writeWord(origin.region);
            bytes.writeWord(origin.campaign);
        }
        for (int flat = 0; flat < state.chainStart.length; flat++) {
            if (state.chainStart[flat] != NONE) {
                bytes.writeNumber(flat + 1L);
                bytes.writeTime(state.chainStart[flat]);
                if (state.origins.size() > 1) {
                    bytes.writeNumber(state.chainOrigin[flat]);
                }
            }
        }
        bytes.writeNumber(0);
        for (int i = 0; i < state.origins.size(); i++) {
            writePanes(state.origins.get(i).lastPane, state.chainStart, state.chainOrigin, i);
        }
        bytes.writeNumber(state.categories.size());
        for (FunnelState.CategoryChain chain : state.categories) {
            bytes.writeWord(chain.category);
            for (int flat = 0; flat < chain.chainStart.length; flat++) {
                if (chain.chainStart[flat] != NONE) {
                    bytes.writeNumber(flat + 1L);
                    bytes.writeTime(chain.chainStart[flat]);
                }
            }
            bytes.writeNumber(0);
            writePanes(chain.lastPane, chain.chainStart, null, 0);
        }
        return bytes;
    }

    /**
     * Panes of the last hits. Of each first step that is where the chain began, if the chain carries these attributes;
     * so the bit says "as expected" and only others are written.
     */
    private void writePanes(long[] panes, long[] starts, int[] origins, int origin) {
        for (int flat = 0; flat < panes.length; flat++) {
            if (panes[flat] != expected(flat, starts, origins, origin)) {
                boolean never = panes[flat] == NONE;
                bytes.writeNumber((flat + 1L) << 1 | (never ? 0 : 1));
                if (!never) {
                    bytes.writePane(panes[flat]);
                }
            }
        }
        bytes.writeNumber(0);
    }

    private static long expected(int flat, long[] starts, int[] origins, int origin) {
        boolean carried = starts[flat] != NONE && (origins == null || origins[flat] == origin);
        return carried ? Window.paneOf(starts[flat]) : NONE;
    }

    /**
     * The state as it was written; of one that was written under other funnels only the timer is left. It is good until
     * the next one is read, which takes its place.
     *
     * @param stored has what {@link #write} returned, as an array
     * @param offset where that begins
     * @param known what it was written with
     */
    public FunnelState read(byte[] stored, int offset, Vocabulary known) {
        bytes.read(stored, offset, known);
        int written = bytes.readFixed();
        long minutes = bytes.readNumber();
        long timer = minutes == 0 ? NONE : (minutes - 1) * MINUTE;
        if (written != plan.fingerprint()) {
            FunnelState other = new FunnelState();
            other.plan = written;
            other.timer = timer;
            return other;
        }
        FunnelState state = recycled();
        state.plan = written;
        state.timer = timer;
        bytes.startAt(state.timer == NONE ? 0 : state.timer);
        state.lastHit = bytes.readTime();
        int steps = plan.steps();
        int origins = (int) bytes.readNumber();
        for (int i = 0; i < origins; i++) {
            FunnelState.Origin origin = origin();
            origin.channel = bytes.readWord();
            origin.device = bytes.readWord();
            origin.region = bytes.readWord();
            origin.campaign = bytes.readWord();
            state.origins.add(origin);
        }
        state.chainStart = never(state.chainStart, steps);
        state.chainOrigin = state.chainOrigin.length == steps ? state.chainOrigin : new int[steps];
        Arrays.fill(state.chainOrigin, 0);
        for (int flat = (int) bytes.readNumber(); flat > 0; flat = (int) bytes.readNumber()) {
            state.chainStart[flat - 1] = bytes.readTime();
            state.chainOrigin[flat - 1] = origins > 1 ? (int) bytes.readNumber() : 0;
        }
        for (int i = 0; i < origins; i++) {
            FunnelState.Origin origin = state.origins.get(i);
            origin.lastPane = readPanes(origin.lastPane, state.chainStart, state.chainOrigin, i);
        }
        int categories = (int) bytes.readNumber();
        for (int i = 0; i < categories; i++) {
            FunnelState.CategoryChain chain = chain();
            chain.category = bytes.readWord();
            chain.chainStart = never(chain.chainStart, steps);
            for (int flat = (int) bytes.readNumber(); flat > 0; flat = (int) bytes.readNumber()) {
                chain.chainStart[flat - 1] = bytes.readTime();
            }
            chain.lastPane = readPanes(chain.lastPane, chain.chainStart, null, 0);
            state.categories.add(chain);
        }
        return state;
    }

    private FunnelState recycled() {
        // What visitors got since they were read is kept as well, so there is a limit.
        if (spareOrigins.size() < SPARES) {
            spareOrigins.addAll(last.origins);
        }
        last.origins.clear();
        if (spareChains.size() < SPARES) {
            spareChains.addAll(last.categories);
        }
        last.categories.clear();
        return last;
    }

    private FunnelState.Origin origin() {
        FunnelState.Origin spare = spareOrigins.poll();
        return spare == null ? new FunnelState.Origin() : spare;
    }

    private FunnelState.CategoryChain chain() {
        FunnelState.CategoryChain spare = spareChains.poll();
        return spare == null ? new FunnelState.CategoryChain() : spare;
    }

    private long[] readPanes(long[] reused, long[] starts, int[] origins, int origin) {
        long[] panes = reused.length == starts.length ? reused : new long[starts.length];
        for (int flat = 0; flat < panes.length; flat++) {
            panes[flat] = expected(flat, starts, origins, origin);
        }
        for (int next = (int) bytes.readNumber(); next > 0; next = (int) bytes.readNumber()) {
            panes[(next >> 1) - 1] = (next & 1) == 0 ? NONE : bytes.readPane();
        }
        return panes;
    }

    private static long[] never(long[] reused, int size) {
        long[] values = reused.length == size ? reused : new long[size];
        Arrays.fill(values, NONE);
        return values;
    }
}
