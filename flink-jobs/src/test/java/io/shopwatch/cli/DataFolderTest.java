package io.shopwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    Path folder;

    @Test
    void findsTheNewestCompleteCheckpointOfAnyRun() throws IOException {
        checkpoint("run-1/chk-90", "2026-11-11T00:00:00Z");
        Path newest = checkpoint("run-2/chk-3", "2026-11-11T00:05:00Z");
        Files.createDirectories(folder.resolve("run-2/chk-4")); // begun, not complete: no _metadata

        assertThat(DataFolder.newestCheckpoint(folder.toString())).contains(newest);
        assertThat(DataFolder.newestCheckpoint(folder.toUri().toString())).contains(newest);
    }

    @Test
    void findsNothingWhereNothingIsOrJavaCannotLook() throws IOException {
        assertThat(DataFolder.newestCheckpoint(folder.resolve("none").toString()))
                .isEmpty();
        assertThat(DataFolder.newestCheckpoint("s3://bucket/checkpoints")).isEmpty();
    }

    private Path checkpoint(String name, String time) throws IOException {
        Path checkpoint = Files.createDirectories(folder.resolve(name));
        Path metadata = Files.createFile(checkpoint.resolve("_metadata"));
        Files.setLastModifiedTime(metadata, FileTime.from(Instant.parse(time)));
        return checkpoint;
    }
}
