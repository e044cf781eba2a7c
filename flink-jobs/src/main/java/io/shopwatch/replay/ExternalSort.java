package io.shopwatch.replay;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Sorts lines by time, lines of the same time in the order in which they were added, in bounded memory: what does not
 * fit goes to sorted temporary files, which are then merged and removed.
 */
final class ExternalSort implements Closeable {
    /** Temporary files that are read at the same time at most. */
    private static final int FAN_IN = 64;

    private static final int BUFFER = 1 << 16;

    /** What an entry takes besides the bytes of its line, roughly. */
    private static final int OVERHEAD = 64;

    private static final Comparator<Entry> BY_TIME = Comparator.comparingLong(Entry::time);

    /**
     * A line.
     *
     * @param time what it is sorted by
     * @param source number of the file that it comes from
     * @param line its number there
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
    record Entry(long time, int source, long line, byte[] bytes) {}

    private final long memory;
    private final Path folder;
    private List<Entry> inMemory = new ArrayList<>();
    private long inMemoryBytes;
    private final List<Path> runs = new ArrayList<>();
    private final PriorityQueue<Cursor> merging = new PriorityQueue<>(
            Comparator.comparing((Cursor cursor) -> cursor.head, BY_TIME).thenComparingInt(cursor -> cursor.rank));
    private Path tempFolder;
    private int runsWritten;
    private long count;
    private int nextInMemory = -1;

    /**
     * @param memory bytes that lines may take in memory
     * @param folder where temporary files go
     */
    ExternalSort(long memory, Path folder) {
        this.memory = memory;
        this.folder = folder;
    }

    void add(Entry entry) throws IOException {
        inMemory.add(entry);
        inMemoryBytes += entry.bytes().length + OVERHEAD;
        count++;
        if (inMemoryBytes > memory) {
            spill();
        }
    }

    /** Lines added. */
    long count() {
        return count;
    }

    /** Temporary files written. */
    int runsWritten() {
        return runsWritten;
    }

    /** Ends the adding; {@link #next} follows. */
    void finish() throws IOException {
        inMemory.sort(BY_TIME);
        nextInMemory = 0;
        openRuns();
    }

    /** The next line in order of time, or null after the last. */
    Entry next() throws IOException {
        Cursor first = merging.peek();
        Entry own = nextInMemory < inMemory.size() ? inMemory.get(nextInMemory) : null;
        // What is still in memory was added last, so a line of a file goes first at the same time.
        if (first == null || (own != null && own.time() < first.head.time())) {
            if (own != null) {
                // Lines that have been handed out need not stay in memory.
                inMemory.set(nextInMemory++, null);
            }
            return own;
        }
        merging.poll();
        Entry next = first.head;
        if (first.advance()) {
            merging.add(first);
        } else {
            first.close();
        }
        return next;
    }

    private void spill() throws IOException {
        inMemory.sort(BY_TIME);
        Path run = newRun();
        try (DataOutputStream out = output(run)) {
            for (Entry entry : inMemory) {
                write(out, entry);
            }
        }
        runs.add(run);
        inMemory = new ArrayList<>();
        inMemoryBytes = 0;
        if (runs.size() == FAN_IN) {
            mergeRuns();
        }
    }

    /** Makes one file of all; it stays the first, so that lines of the same time keep their order. */
    private void mergeRuns() throws IOException {
        Path merged = newRun();
        openRuns();
        try (DataOutputStream out = output(merged)) {
            for (Cursor cursor = merging.poll(); cursor != null; cursor = merging.poll()) {
                write(out, cursor.head);
                if (cursor.advance()) {
                    merging.add(cursor);
                } else {
                    cursor.close();
                }
            }
        }
        runs.clear();
        runs.add(merged);
    }

    private void openRuns() throws IOException {
        for (int i = 0; i < runs.size(); i++) {
            Cursor cursor = new Cursor(runs.get(i), i);
            if (cursor.advance()) {
                merging.add(cursor);
            } else {
                cursor.close();
            }
        }
    }

    private Path newRun() throws IOException {
        if (tempFolder == null) {
            Files.createDirectories(folder);
            tempFolder = Files.createTempDirectory(folder, "shopwatch-sort");
        }
        return tempFolder.resolve("run-" + runsWritten++);
    }

    private static DataOutputStream output(Path file) throws IOException {
        return new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), BUFFER));
    }

    private static void write(DataOutputStream out, Entry entry) throws IOException {
        out.writeLong(entry.time());
        out.writeInt(entry.source());
        out.writeLong(entry.line());
        out.writeInt(entry.bytes().length);
        out.write(entry.bytes());
    }

    /** Removes all temporary files. */
    @Override
    public void close() throws IOException {
        for (Cursor cursor : merging) {
            cursor.close();
        }
        merging.clear();
        inMemory = List.of();
        for (Path run : runs) {
            Files.deleteIfExists(run);
        }
        if (tempFolder != null) {
            try (var left = Files.newDirectoryStream(tempFolder)) {
                for (Path file : left) {
                    Files.delete(file);
                }
            }
            Files.deleteIfExists(tempFolder);
        }
    }

    /** Reads a temporary file, which goes when it is closed. */
    private static final class Cursor implements Closeable {
        private final DataInputStream in;
        private final int rank;
        private Entry head;
        private long left;

        private Cursor(Path run, int rank) throws IOException {
            this.rank = rank;
            left = Files.size(run);
            in = new DataInputStream(new BufferedInputStream(
                    Files.newInputStream(run, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE), BUFFER));
        }

        private boolean advance() throws IOException {
            if (left == 0) {
                return false;
            }
            long time = in.readLong();
            int source = in.readInt();
            long line = in.readLong();
            byte[] bytes = new byte[in.readInt()];
            in.readFully(bytes);
            left -= Long.BYTES + Integer.BYTES + Long.BYTES + Integer.BYTES + bytes.length;
            head = new Entry(time, source, line, bytes);
            return true;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
