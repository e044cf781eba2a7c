package io.shopwatch.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** A folder that one process at a time keeps its data in. */
final class DataFolder implements AutoCloseable {
    private static final int CHECKPOINT_DEPTH = 4;
    private static final String LOCK = "lock";

    private final Path path;
    private final FileChannel channel;
    private final boolean isNew;

    private DataFolder(Path path, FileChannel channel, boolean isNew) {
        this.isNew = isNew;
        this.path = path;
        this.channel = channel;
    }

    /**
     * Takes the folder, making it if need be.
     *
     * @throws FailureException if another process has it, or it cannot be written
     */
    static DataFolder take(Path path) throws IOException {
        FileChannel channel = null;
        try {
            Files.createDirectories(path);
            boolean isNew = Files.notExists(path.resolve(LOCK));
            channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new DataFolder(path, channel, isNew);
            }
        } catch (OverlappingFileLockException e) {
            throw taken(path, channel, e);
        } catch (IOException e) {
            throw new FailureException("the data folder " + path + " cannot be written: " + e.getMessage(), e);
        }
        throw taken(path, channel, null);
    }

    private static FailureException taken(Path path, FileChannel channel, Exception cause) throws IOException {
        channel.close();
        return new FailureException(
                "the data folder " + path + " is in use by another shopwatch; choose another with --data", cause);
    }

    /** Whether nobody has taken it before. */
    boolean isNew() {
        return isNew;
    }

    /** When it was taken for the first time. */
    Instant madeAt() throws IOException {
        // Nothing is ever written into the file.
        return Files.getLastModifiedTime(path.resolve(LOCK)).toInstant();
    }

    /** A folder within. */
    Path resolve(String name) {
        return path.resolve(name);
    }

    /**
     * The same for a folder given as a path or a URI; nothing for a file system that Java does not know (there, name the
     * checkpoint to Flink by {@code execution.state-recovery.path}).
     */
    static Optional<Path> newestCheckpoint(String folder) throws IOException {
        URI uri = URI.create(folder);
        if (uri.getScheme() == null) {
            return newestCheckpoint(Path.of(folder));
        }
        return uri.getScheme().equals("file") ? newestCheckpoint(Path.of(uri.getPath())) : Optional.empty();
    }

    /** The newest complete checkpoint below {@code folder}, if there is one. */
    static Optional<Path> newestCheckpoint(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(folder, CHECKPOINT_DEPTH, new FileVisitOption[0])) {
            return files.filter(file -> file.endsWith("_metadata"))
                    .max(Comparator.comparingLong(DataFolder::modified))
                    .map(Path::getParent);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static long modified(Path file) {
        try {
            return Files.getLastModifiedTime(file).toMillis();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
