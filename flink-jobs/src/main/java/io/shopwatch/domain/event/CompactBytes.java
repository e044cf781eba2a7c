package io.shopwatch.domain.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes and reads what is kept of a visitor, in few bytes: small numbers in one byte, each time as its distance from
 * the one before, words by their numbers in a {@link Vocabulary}. What is read must be asked for in the order in which
 * it was written.
 *
 * <p>Not thread-safe.
 */
public final class CompactBytes {
    private static final long PANE_MILLIS = 1000;

    private final Words words = new Words();

    private byte[] written = new byte[512];
    private byte[] bytes = written;
    private int at;
    private long before;
    private Vocabulary vocabulary;
    private long now;

    /**
     * Begins anew.
     *
     * @param known numbers of words; what is written can be read with them alone
     * @param time event time of the write, epoch milliseconds
     */
    public void write(Vocabulary known, long time) {
        bytes = written;
        at = 0;
        before = 0;
        vocabulary = known;
        now = time;
    }

    /** What was written since it began. */
    public byte[] toBytes() {
        return Arrays.copyOf(written, at);
    }

    /**
     * Begins to read.
     *
     * @param stored what {@link #toBytes} returned
     * @param known what it was written with
     */
    public void read(byte[] stored, Vocabulary known) {
        bytes = stored;
        at = 0;
        before = 0;
        vocabulary = known;
    }

    private void need(int more) {
        if (at + more > written.length) {
            written = Arrays.copyOf(written, Math.max(written.length * 2, at + more));
            bytes = written;
        }
    }

    /** Four bytes, for what is large most of the time. */
    public void writeFixed(int number) {
        need(4);
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes[at++] = (byte) (number >>> shift);
        }
    }

    /** What {@link #writeFixed} wrote. */
    public int readFixed() {
        int number = 0;
        for (int i = 0; i < 4; i++) {
            number = (number << 8) | (bytes[at++] & 0xFF);
        }
        return number;
    }

    /** Seven bits a byte, lowest first; not negative. */
    public void writeNumber(long number) {
        need(10);
        long rest = number;
        while ((rest & ~0x7FL) != 0) {
            bytes[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[at++] = (byte) rest;
    }

    /** What {@link #writeNumber} wrote. */
    public long readNumber() {
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

    /** The first time of all is written as its distance from this one, epoch milliseconds. */
    public void startAt(long time) {
        before = time;
    }

    /** A time, epoch milliseconds, as its distance from the time or pane before. */
    public void writeTime(long time) {
        writeSigned(time - before);
        before = time;
    }

    /** What {@link #writeTime} wrote. */
    public long readTime() {
        before += readSigned();
        return before;
    }

    /** A pane, seconds since the epoch, as its distance from the time or pane before. */
    public void writePane(long pane) {
        writeSigned(pane - Math.floorDiv(before, PANE_MILLIS));
        before = pane * PANE_MILLIS;
    }

    /** What {@link #writePane} wrote. */
    public long readPane() {
        long pane = Math.floorDiv(before, PANE_MILLIS) + readSigned();
        before = pane * PANE_MILLIS;
        return pane;
    }

    /** Small either way: the sign goes to the lowest bit. */
    private void writeSigned(long number) {
        writeNumber((number << 1) ^ (number >> 63));
    }

    private long readSigned() {
        long number = readNumber();
        return (number >>> 1) ^ -(number & 1);
    }

    /** A word: its number and 1, or 0 and the word itself. */
    public void writeWord(String word) {
        int number = vocabulary.numberOf(word, now);
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

    /** What {@link #writeWord} wrote. */
    public String readWord() {
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
