package io.shopwatch.domain.event;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes and reads what is kept of a visitor or an order, in few bytes: small numbers in one byte, each time as its distance from
 * the one before, words by their numbers in a {@link Vocabulary}. What is read must be asked for in the order in which
 * it was written, and says itself where it ends.
 *
 * <p>Not thread-safe.
 */
public final class CompactBytes {
    private static final long PANE_MILLIS = 1000;

    /** So many numbers of words that were read are remembered. */
    private static final int RECENT = 16;

    // Numbers alone: each reference that is written to what has grown old costs the garbage collector more than a look.
    private final int[] recent = new int[RECENT];
    private int lastRead;
    private int lastFound;

    private Words words; // made when it is needed: it has room for thousands

    private byte[] written = new byte[512];
    private byte[] bytes = written;
    private int at;
    private long before;
    private Vocabulary vocabulary;
    private long now;

    /** Begins anew, without words: texts are written as they are. */
    public void write() {
        write(null, 0);
    }

    /** Begins to read what was written without words. */
    public void read(byte[] stored, int offset) {
        read(stored, offset, null);
    }

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

    /** How many bytes were written since it began. */
    public int length() {
        return at;
    }

    /** What was written since it began. */
    public byte[] toBytes() {
        return Arrays.copyOf(written, at);
    }

    /** Hands on what was written since it began. */
    public void writeTo(OutputStream out) throws IOException {
        out.write(written, 0, at);
    }

    /** Writes the same into an array, from there on. */
    public void copyTo(byte[] target, int offset) {
        System.arraycopy(written, 0, target, offset, at);
    }

    /**
     * Begins to read.
     *
     * @param stored has what {@link #toBytes} returned
     * @param offset where that begins
     * @param known what it was written with
     */
    public void read(byte[] stored, int offset, Vocabulary known) {
        bytes = stored;
        at = offset;
        before = 0;
        vocabulary = known;
        lastFound = lastRead;
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
    public void writeSigned(long number) {
        writeNumber((number << 1) ^ (number >> 63));
    }

    /** What {@link #writeSigned} wrote. */
    public long readSigned() {
        long number = readNumber();
        return (number >>> 1) ^ -(number & 1);
    }

    /** A word: its number and 1, or 0 and the word itself. */
    public void writeWord(String word) {
        int number = numberOf(word);
        writeNumber(number + 1L);
        if (number != Vocabulary.NONE) {
            return;
        }
        writeText(word);
    }

    /** Most words that are written were read just before, in the same order, and are the very same strings. */
    private int numberOf(String word) {
        for (int i = 0; i < RECENT; i++) {
            lastFound = (lastFound + 1) % RECENT;
            if (vocabulary.confirms(word, recent[lastFound], now)) {
                return recent[lastFound];
            }
        }
        return vocabulary.numberOf(word, now);
    }

    /** A text of any kind. */
    public void writeText(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        writeBytes(utf8, utf8.length);
    }

    /** A text that may be null. */
    public void writeOptional(String text) {
        writeNumber(text == null ? 0 : 1);
        if (text != null) {
            writeText(text);
        }
    }

    /** The first bytes of an array. */
    public void writeBytes(byte[] source, int length) {
        writeNumber(length);
        need(length);
        System.arraycopy(source, 0, bytes, at, length);
        at += length;
    }

    /** What {@link #writeWord} wrote. */
    public String readWord() {
        int number = (int) readNumber() - 1;
        if (number != Vocabulary.NONE) {
            lastRead = (lastRead + 1) % RECENT;
            recent[lastRead] = number;
            return vocabulary.word(number);
        }
        int length = (int) readNumber();
        if (words == null) {
            words = new Words();
        }
        String word = words.of(bytes, at, length);
        at += length;
        return word;
    }

    /** What {@link #writeText} wrote. */
    public String readText() {
        int length = (int) readNumber();
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    /** What {@link #writeOptional} wrote. */
    public String readOptional() {
        return readNumber() == 0 ? null : readText();
    }

    /** What {@link #writeBytes} wrote. */
    public byte[] readBytes() {
        int length = (int) readNumber();
        byte[] read = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return read;
    }
}
