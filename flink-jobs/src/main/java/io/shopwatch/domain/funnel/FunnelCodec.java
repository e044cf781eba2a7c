package io.shopwatch.domain.funnel;

import io.shopwatch.domain.event.Words;
import java.nio.charset.StandardCharsets;
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
    private static final long PANE_MILLIS = 1000;

    /** About as many attributes and categories are kept for the next visitors. */
    private static final int SPARES = 64;

    private final FunnelPlan plan;
    private final Words words = new Words();

    private byte[] bytes = new byte[512];
    private int at;
    private long before;
    private Vocabulary vocabulary;

    /** What was read last, and what it was made of: read again and again, for each event. */
    private final FunnelState last = new FunnelState();

    private final ArrayDeque<FunnelState.Origin> spareOrigins = new ArrayDeque<>();
    private final ArrayDeque<FunnelState.CategoryChain> spareChains = new ArrayDeque<>();

    /** For visitors of that plan. */
    public FunnelCodec(FunnelPlan plan) {
        this.plan = plan;
    }

    /**
     * The state as bytes.
     *
     * @param known numbers of words; the state can be read with them alone
     * @param time event time of the write, epoch milliseconds
     */
    public byte[] write(FunnelState state, Vocabulary known, long time) {
        at = 0;
        vocabulary = known;
        writeFixed(state.plan);
        writeNumber(state.timer == NONE ? 0 : Math.floorDiv(state.timer, MINUTE) + 1);
        before = state.timer == NONE ? 0 : state.timer;
        writeDistance(state.lastHit);
        writeNumber(state.origins.size());
        for (int i = 0; i < state.origins.size(); i++) {
            FunnelState.Origin origin = state.origins.get(i);
            writeWord(origin.channel, time);
            writeWord(origin.device, time);
            writeWord(origin.region, time);
            writeWord(origin.campaign, time);
        }
        for (int flat = 0; flat < state.chainStart.length; flat++) {
            if (state.chainStart[flat] != NONE) {
                writeNumber(flat + 1L);
                writeDistance(state.chainStart[flat]);
                if (state.origins.size() > 1) {
                    writeNumber(state.chainOrigin[flat]);
                }
            }
        }
        writeNumber(0);
        for (int i = 0; i < state.origins.size(); i++) {
            writePanes(state.origins.get(i).lastPane, state.chainStart, state.chainOrigin, i);
        }
        writeNumber(state.categories.size());
        for (FunnelState.CategoryChain chain : state.categories) {
            writeWord(chain.category, time);
            for (int flat = 0; flat < chain.chainStart.length; flat++) {
                if (chain.chainStart[flat] != NONE) {
                    writeNumber(flat + 1L);
                    writeDistance(chain.chainStart[flat]);
                }
            }
            writeNumber(0);
            writePanes(chain.lastPane, chain.chainStart, null, 0);
        }
        return Arrays.copyOf(bytes, at);
    }

    /**
     * Panes of the last hits. Of each first step that is where the chain began, if the chain carries these attributes;
     * so the bit says "as expected" and only others are written.
     */
    private void writePanes(long[] panes, long[] starts, int[] origins, int origin) {
        for (int flat = 0; flat < panes.length; flat++) {
            if (panes[flat] != expected(flat, starts, origins, origin)) {
                boolean never = panes[flat] == NONE;
                writeNumber((flat + 1L) << 1 | (never ? 0 : 1));
                if (!never) {
                    writePane(panes[flat]);
                }
            }
        }
        writeNumber(0);
    }

    private static long expected(int flat, long[] starts, int[] origins, int origin) {
        boolean carried = starts[flat] != NONE && (origins == null || origins[flat] == origin);
        return carried ? Math.floorDiv(starts[flat], PANE_MILLIS) : NONE;
    }

    /**
     * The state as it was written; of one that was written under other funnels only the timer is left. It is good until
     * the next one is read, which takes its place.
     *
     * @param stored what {@link #write} returned
     * @param known what it was written with
     */
    public FunnelState read(byte[] stored, Vocabulary known) {
        byte[] own = bytes;
        bytes = stored;
        vocabulary = known;
        at = 0;
        try {
            return read();
        } finally {
            bytes = own;
        }
    }

    private FunnelState read() {
        int written = readFixed();
        long minutes = readNumber();
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
        before = state.timer == NONE ? 0 : state.timer;
        state.lastHit = readDistance();
        int steps = plan.steps();
        int origins = (int) readNumber();
        for (int i = 0; i < origins; i++) {
            FunnelState.Origin origin = origin();
            origin.channel = readWord();
            origin.device = readWord();
            origin.region = readWord();
            origin.campaign = readWord();
            state.origins.add(origin);
        }
        state.chainStart = never(state.chainStart, steps);
        state.chainOrigin = state.chainOrigin.length == steps ? state.chainOrigin : new int[steps];
        Arrays.fill(state.chainOrigin, 0);
        for (int flat = (int) readNumber(); flat > 0; flat = (int) readNumber()) {
            state.chainStart[flat - 1] = readDistance();
            state.chainOrigin[flat - 1] = origins > 1 ? (int) readNumber() : 0;
        }
        for (int i = 0; i < origins; i++) {
            FunnelState.Origin origin = state.origins.get(i);
            origin.lastPane = readPanes(origin.lastPane, state.chainStart, state.chainOrigin, i);
        }
        int categories = (int) readNumber();
        for (int i = 0; i < categories; i++) {
            FunnelState.CategoryChain chain = chain();
            chain.category = readWord();
            chain.chainStart = never(chain.chainStart, steps);
            for (int flat = (int) readNumber(); flat > 0; flat = (int) readNumber()) {
                chain.chainStart[flat - 1] = readDistance();
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
        for (int next = (int) readNumber(); next > 0; next = (int) readNumber()) {
            panes[(next >> 1) - 1] = (next & 1) == 0 ? NONE : readPane();
        }
        return panes;
    }

    private static long[] never(long[] reused, int size) {
        long[] values = reused.length == size ? reused : new long[size];
        Arrays.fill(values, NONE);
        return values;
    }

    // --- bytes

    private void need(int more) {
        if (at + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, at + more));
        }
    }

    private void writeFixed(int number) {
        need(4);
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes[at++] = (byte) (number >>> shift);
        }
    }

    private int readFixed() {
        int number = 0;
        for (int i = 0; i < 4; i++) {
            number = (number << 8) | (bytes[at++] & 0xFF);
        }
        return number;
    }

    /** Seven bits a byte, lowest first. */
    private void writeNumber(long number) {
        need(10);
        long rest = number;
        while ((rest & ~0x7FL) != 0) {
            bytes[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[at++] = (byte) rest;
    }

    private long readNumber() {
        long number = 0;
        int shift = 0;
        while (true) {
            byte next = bytes[at++];
            number |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return number;
            }
            shift += 7;
        }
    }

    /** Small either way: the sign goes to the lowest bit. */
    private void writeDistance(long time) {
        long distance = time - before;
        writeNumber((distance << 1) ^ (distance >> 63));
        before = time;
    }

    private long readDistance() {
        long number = readNumber();
        before += (number >>> 1) ^ -(number & 1);
        return before;
    }

    /** In seconds, as panes are. */
    private void writePane(long pane) {
        long distance = pane - Math.floorDiv(before, PANE_MILLIS);
        writeNumber((distance << 1) ^ (distance >> 63));
        before = pane * PANE_MILLIS;
    }

    private long readPane() {
        long number = readNumber();
        long pane = Math.floorDiv(before, PANE_MILLIS) + ((number >>> 1) ^ -(number & 1));
        before = pane * PANE_MILLIS;
        return pane;
    }

    /** Its number and 1, or 0 and the word itself. */
    private void writeWord(String word, long time) {
        int number = vocabulary.numberOf(word, time);
        writeNumber(number + 1L);
        if (number != Vocabulary.NONE) {
            return;
        }
        byte[] utf8 = word.getBytes(StandardCharsets.UTF_8);
        writeNumber(utf8.length);
        need(utf8.length);
        System.arraycopy(utf8, 0, bytes, at, utf8.length);
        at += utf8.length;
    }

    private String readWord() {
        int number = (int) readNumber() - 1;
        if (number != Vocabulary.NONE) {
            return vocabulary.word(number);
        }
        int length = (int) readNumber();
        String word = words.of(bytes, at, length);
        at += length;
        return word;
    }
}
