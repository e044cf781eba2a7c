package io.shopwatch.replay;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;

/**
 * Lines of a file as bytes, without their ends (LF or CRLF) and without a byte order mark; unpacks gzip, which it
 * recognises by its first bytes.
 */
final class LineReader implements Closeable {
    private static final int BUFFER = 1 << 16;

    private final Path file;
    private final InputStream in;
    private final int longest;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    private byte[] line = new byte[1024];
    private int length;
    private long number;

    /**
     * @param longest bytes of a line that are kept; the rest of a longer line is skipped, so that a file without line
     *     ends does not fill the memory
     * @param bytesRead hears how many bytes of the file as it lies on disk have been read, for progress
     */
    LineReader(Path file, int longest, LongConsumer bytesRead) throws IOException {
        this.file = file;
        this.longest = longest;
        InputStream raw = new BufferedInputStream(new Counting(Files.newInputStream(file), bytesRead), BUFFER);
        try {
            raw.mark(2);
            boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
            raw.reset();
            in = gzip ? new GZIPInputStream(raw, BUFFER) : raw;
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    /**
     * The next line, or null at the end.
     *
     * @throws IOException if the file can't be read, or is packed and cut off or damaged
     */
    byte[] next() throws IOException {
        length = 0;
        boolean any = false;
        while (position < limit || fill()) {
            any = true;
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            append(end);
            if (end < limit) {
                position = end + 1;
                return finish();
            }
            position = limit;
        }
        return any ? finish() : null;
    }

    /** Number of the line that {@link #next()} returned last; the first is 1. */
    long number() {
        return number;
    }

    private boolean fill() throws IOException {
        try {
            position = 0;
            limit = Math.max(0, in.read(buffer));
            return limit > 0;
        } catch (IOException e) {
            throw new IOException(file + ": after line " + number + ": " + e.getMessage(), e);
        }
    }

    private void append(int end) {
        // One byte too many tells that a line was too long.
        int count = Math.min(end - position, longest + 1 - length);
        if (length + count > line.length) {
            line = Arrays.copyOf(line, Math.max(length + count, line.length * 2));
        }
        System.arraycopy(buffer, position, line, length, count);
        length += count;
    }

    private byte[] finish() {
        number++;
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        boolean mark =
                number == 1 && end >= 3 && line[0] == (byte) 0xef && line[1] == (byte) 0xbb && line[2] == (byte) 0xbf;
        return Arrays.copyOfRange(line, mark ? 3 : 0, end);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** Counts what is read from disk. */
    private static final class Counting extends InputStream {
        private final InputStream in;
        private final LongConsumer listener;
        private long count;

        private Counting(InputStream in, LongConsumer listener) {
            this.in = in;
            this.listener = listener;
        }

        @Override
        public int read() throws IOException {
            int value = in.read();
            note(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] bytes, int offset, int wanted) throws IOException {
            int read = in.read(bytes, offset, wanted);
            note(Math.max(0, read));
            return read;
        }

        private void note(int read) {
            count += read;
            listener.accept(count);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
