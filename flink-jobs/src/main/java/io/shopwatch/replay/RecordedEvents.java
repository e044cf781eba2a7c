package io.shopwatch.replay;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.wire.DeadLetterReason;
import io.shopwatch.wire.Decoded;
import io.shopwatch.wire.EventDecoder;
import io.shopwatch.wire.Json;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleConsumer;

/**
 * Recorded events of any number of files, sorted by event time (those of the same time in the order of the files).
 * Opening reads everything once and sorts it, on disk where it does not fit into memory; then {@link #next} hands it
 * out.
 *
 * <p>Not thread-safe. Close it: that removes temporary files.
 */
public final class RecordedEvents implements Closeable {
    /** Memory for sorting where nothing else is said, bytes. */
    public static final long DEFAULT_MEMORY = 64L << 20;

    private static final long YEAR_2000 = Instant.parse("2000-01-01T00:00:00Z").toEpochMilli();

    /** Lines that are looked at to recognise a format. */
    private static final int LOOK_AT = 20;

    /**
     * How to read.
     *
     * @param format the format of all files; null recognises it file by file
     * @param passOn whether lines of a known stream that are no event are handed out raw, for the jobs to reject, as
     *     well as events from before 2000; else those are rejected here
     * @param rejects hears of rejected lines
     * @param memory bytes that sorting may take
     * @param tempFolder where sorting puts what does not fit
     * @param progress hears the share of all bytes that has been read while opening, 0 to 1
     */
    public record Options(
            Format format,
            boolean passOn,
            Reject.Handler rejects,
            long memory,
            Path tempFolder,
            DoubleConsumer progress) {

        /** For those who take only events: nothing is passed on raw, {@code rejects} hears of all that is wrong. */
        public static Options onlyEvents(Reject.Handler rejects) {
            return new Options(null, false, rejects, DEFAULT_MEMORY, systemTemp(), share -> {});
        }

        /** For those who send everything on and let the jobs judge. */
        public static Options passingOn(Reject.Handler rejects) {
            return new Options(null, true, rejects, DEFAULT_MEMORY, systemTemp(), share -> {});
        }

        /** The same with a format; null recognises it. */
        public Options withFormat(Format value) {
            return new Options(value, passOn, rejects, memory, tempFolder, progress);
        }

        /** The same with other memory and folder for sorting. */
        public Options withMemory(long bytes, Path folder) {
            return new Options(format, passOn, rejects, bytes, folder, progress);
        }

        /** The same with somebody who hears of the progress. */
        public Options withProgress(DoubleConsumer listener) {
            return new Options(format, passOn, rejects, memory, tempFolder, listener);
        }

        private static Path systemTemp() {
            return Path.of(System.getProperty("java.io.tmpdir"));
        }
    }

    /** A file, and what is known about it. */
    private record Source(Path file, Format format, EventStream stream, RowReader rows) {}

    private final Options options;
    private final ExternalSort sort;
    private final List<Source> sources = new ArrayList<>();
    private final Map<EventStream, EventDecoder> decoders = new EnumMap<>(EventStream.class);
    private final ArrayDeque<Recorded> ready = new ArrayDeque<>();

    /** Equal rows at {@link #occurrencesTime}, counted. */
    private final Map<String, Integer> occurrences = new HashMap<>();

    private long occurrencesTime;
    private long linesDone;
    private long rejected;
    private long skipped;

    private RecordedEvents(Options options) {
        this.options = options;
        sort = new ExternalSort(options.memory(), options.tempFolder());
        for (EventStream stream : EventStream.values()) {
            decoders.put(stream, new EventDecoder(stream, null));
        }
    }

    /**
     * Reads and sorts files.
     *
     * @param inputs files, or folders that hold {@code clicks.jsonl}, {@code carts.jsonl}, {@code orders.jsonl} and
     *     {@code stock.jsonl} (a missing one is an empty stream; {@code .jsonl.gz} will do)
     * @throws IllegalArgumentException if there is no such file, a folder holds none of the four, or a file's format
     *     can't be recognised
     * @throws IOException if a file can't be read
     */
    public static RecordedEvents open(List<Path> inputs, Options options) throws IOException {
        RecordedEvents events = new RecordedEvents(options);
        try {
            events.readAll(files(inputs));
            return events;
        } catch (IOException | RuntimeException e) {
            events.close();
            throw e;
        }
    }

    /**
     * The next of what was recorded, or null after the last.
     *
     * @throws IOException if a temporary file can't be read
     */
    public Recorded next() throws IOException {
        while (ready.isEmpty()) {
            ExternalSort.Entry entry = sort.next();
            if (entry == null) {
                return null;
            }
            linesDone++;
            interpret(entry);
        }
        return ready.poll();
    }

    /**
     * The next event, or null after the last; lines that are passed on raw are left out.
     *
     * @throws IOException if a temporary file can't be read
     */
    public ShopEvent nextEvent() throws IOException {
        Recorded recorded = next();
        while (recorded != null && recorded.event() == null) {
            recorded = next();
        }
        return recorded == null ? null : recorded.event();
    }

    /** Lines to hand out; a purchase is one line and two events. */
    public long lines() {
        return sort.count();
    }

    /** Lines handed out so far. */
    public long linesDone() {
        return linesDone;
    }

    /** Lines that were rejected. */
    public long rejected() {
        return rejected;
    }

    /** Rows that mean nothing to Shopwatch, as Taobao's {@code fav}. */
    public long skipped() {
        return skipped;
    }

    @Override
    public void close() throws IOException {
        sort.close();
    }

    private static List<Path> files(List<Path> inputs) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path input : inputs) {
            if (Files.isDirectory(input)) {
                files.addAll(filesOf(input));
            } else if (Files.isReadable(input)) {
                files.add(input);
            } else {
                throw new IllegalArgumentException(
                        input + (Files.exists(input) ? ": can't be read" : ": no such file or folder"));
            }
        }
        return files;
    }

    private static List<Path> filesOf(Path folder) {
        List<Path> files = new ArrayList<>();
        for (EventStream stream : EventStream.values()) {
            for (String ending : List.of(".jsonl", ".jsonl.gz")) {
                Path file = folder.resolve(stream.wireName() + ending);
                if (Files.isRegularFile(file)) {
                    files.add(file);
                }
            }
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException(
                    folder + ": holds none of clicks.jsonl, carts.jsonl, orders.jsonl, stock.jsonl");
        }
        return files;
    }

    private void readAll(List<Path> files) throws IOException {
        long total = 0;
        for (Path file : files) {
            total += Files.size(file);
        }
        long before = 0;
        for (Path file : files) {
            long start = before;
            long whole = Math.max(1, total);
            read(file, bytes -> options.progress().accept((double) (start + bytes) / whole));
            before += Files.size(file);
        }
        sort.finish();
    }

    private void read(Path file, java.util.function.LongConsumer bytesRead) throws IOException {
        Format format = options.format() == null ? recognise(file) : options.format();
        try (LineReader lines = new LineReader(file, EventDecoder.MAX_BYTES, bytesRead)) {
            switch (format) {
                case JSONL -> readJson(file, lines);
                case REES46 -> readRees46(file, lines);
                case TAOBAO -> readRows(file, format, lines, new Taobao(), null);
            }
        }
    }

    private static Format recognise(Path file) throws IOException {
        try (LineReader lines = new LineReader(file, EventDecoder.MAX_BYTES, bytes -> {})) {
            boolean empty = true;
            byte[] line = lines.next();
            for (int seen = 0; line != null && seen < LOOK_AT; line = lines.next()) {
                if (!isBlank(line)) {
                    empty = false;
                    seen++;
                    Optional<Format> format = Format.of(text(line).strip());
                    if (format.isPresent()) {
                        return format.get();
                    }
                }
            }
            if (empty || streamOf(file) != null) {
                return Format.JSONL;
            }
        }
        throw new IllegalArgumentException(
                file + ": format not recognised; expected one of " + Format.names() + " (see --format)");
    }

    /** The stream that the file's name tells: {@code orders.jsonl}, {@code orders-2026-11.jsonl.gz}; else null. */
    private static EventStream streamOf(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        for (EventStream stream : EventStream.values()) {
            if (name.matches(stream.wireName() + "([^a-z].*)?")) {
                return stream;
            }
        }
        return null;
    }

    private void readJson(Path file, LineReader lines) throws IOException {
        EventStream named = streamOf(file);
        int source = sources.size();
        sources.add(new Source(file, Format.JSONL, named, null));
        long lastTime = Long.MIN_VALUE;
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            if (isBlank(line)) {
                continue;
            }
            EventStream stream = named == null ? streamOf(line) : named;
            if (stream == null) {
                reject(new Reject(
                        file,
                        lines.number(),
                        null,
                        DeadLetterReason.UNKNOWN_TYPE,
                        "neither the file's name nor a field type tells the stream",
                        line));
                continue;
            }
            Decoded decoded = decoders.get(stream).decode(line, 0);
            if (decoded.isAccepted()) {
                lastTime = decoded.event().time();
            } else if (!options.passOn()) {
                reject(new Reject(file, lines.number(), stream, decoded.reason(), decoded.detail(), line));
                continue;
            }
            sort.add(new ExternalSort.Entry(lastTime, source, lines.number(), line));
        }
    }

    /** The stream that the field {@code type} tells, or null; every type belongs to one stream. */
    private static EventStream streamOf(byte[] line) {
        try (JsonParser parser = Json.mapper().getFactory().createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isType = parser.currentName().equals("type");
                if (parser.nextToken() == JsonToken.VALUE_STRING && isType) {
                    return streamOfType(parser.getText());
                }
                parser.skipChildren();
            }
            return null;
        } catch (IOException e) {
            // Not JSON: then nothing tells the stream, and the caller rejects the line.
            return null;
        }
    }

    private static EventStream streamOfType(String type) {
        for (EventStream stream : EventStream.values()) {
            if (EventType.of(stream, type).isPresent()) {
                return stream;
            }
        }
        return null;
    }

    private void readRees46(Path file, LineReader lines) throws IOException {
        byte[] first = lines.next();
        while (first != null && isBlank(first)) {
            first = lines.next();
        }
        if (first == null) {
            return;
        }
        if (!Rees46.isHeader(text(first))) {
            readRows(file, Format.REES46, lines, Rees46.ofDefaultColumns(), first);
            return;
        }
        try {
            readRows(file, Format.REES46, lines, Rees46.ofHeader(text(first)), null);
        } catch (RowException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private void readRows(Path file, Format format, LineReader lines, RowReader rows, byte[] firstOrNull)
            throws IOException {
        int source = sources.size();
        sources.add(new Source(file, format, null, rows));
        for (byte[] line = firstOrNull == null ? lines.next() : firstOrNull; line != null; line = lines.next()) {
            if (isBlank(line)) {
                continue;
            }
            try {
                RowReader.Row row = rows.read(row(line));
                if (row.action() == RowReader.Action.SKIP) {
                    skipped++;
                } else if (row.time() < YEAR_2000 && !options.passOn()) {
                    reject(new Reject(
                            file,
                            lines.number(),
                            row.stream(),
                            DeadLetterReason.TOO_OLD,
                            "time " + row.time() + " is before 2000",
                            line));
                } else {
                    sort.add(new ExternalSort.Entry(row.time(), source, lines.number(), line));
                }
            } catch (RowException e) {
                reject(new Reject(file, lines.number(), null, e.reason(), e.getMessage(), line));
            }
        }
    }

    private void interpret(ExternalSort.Entry entry) {
        Source source = sources.get(entry.source());
        if (source.format() == Format.JSONL) {
            EventStream stream = source.stream() == null ? streamOf(entry.bytes()) : source.stream();
            ShopEvent event = decoders.get(stream).decode(entry.bytes(), 0).event();
            ready.add(new Recorded(stream, entry.time(), event, entry.bytes()));
            return;
        }
        if (entry.time() != occurrencesTime) {
            occurrences.clear();
            occurrencesTime = entry.time();
        }
        try {
            String line = row(entry.bytes());
            int occurrence = occurrences.merge(line, 1, Integer::sum) - 1;
            RowReader.Row row = source.rows().read(line);
            for (ShopEvent event : row.events(source.format().wireName(), occurrence)) {
                ready.add(new Recorded(event.stream(), event.time(), event, null));
            }
        } catch (RowException e) {
            throw new IllegalStateException("a row that could be read can't be read again", e);
        }
    }

    private void reject(Reject reject) throws IOException {
        rejected++;
        options.rejects().rejected(reject);
    }

    private static String row(byte[] line) throws RowException {
        if (line.length > EventDecoder.MAX_BYTES) {
            throw new RowException(
                    DeadLetterReason.TOO_LARGE, "the row has more than " + EventDecoder.MAX_BYTES + " bytes");
        }
        return text(line);
    }

    private static String text(byte[] line) {
        return new String(line, StandardCharsets.UTF_8);
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }
}
