package io.shopwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a command runs, by what java was given. */
class ChildJvmTest {

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    # argument of java,                     demo,  backtest, run
                    -Xms128m,                               true,  true,     true
                    -Xmx2g,                                 false, true,     true
                    -XX:MaxRAMPercentage=50,                false, true,     true
                    -XX:+UseParallelGC,                     false, false,    false
                    -XX:+UseZGC,                            false, false,    false
                    -XX:+UseG1GC,                           false, false,    true
                    -XX:+UseStringDeduplication,            true,  true,     true
                    -XX:InitiatingHeapOccupancyPercent=45,  true,  true,     false
                    -XX:+G1UseAdaptiveIHOP,                 true,  true,     false
                    -Dsome.property=1,                      true,  true,     true
                    -agentlib:jdwp=transport=dt_socket,     false, false,    false
                    -javaagent:exporter.jar=9404,           false, false,    false
                    -Dcom.sun.management.jmxremote.port=1,  false, false,    false
                    -XX:StartFlightRecording=filename=a,    false, false,    false
                    -XX:+AlwaysPreTouch,                    false, false,    false
                    """)
    void aCommandStartsAJvmOfItsOwnUnlessItsUserChoseOrOnlyOneCanBe(
            String argument, boolean demo, boolean backtest, boolean run) {
        List<String> arguments = List.of("-Dfile.encoding=UTF-8", argument);

        assertThat(ChildJvm.SMALL.isWanted(arguments)).isEqualTo(demo);
        assertThat(ChildJvm.FAST.isWanted(arguments)).isEqualTo(backtest);
        assertThat(ChildJvm.STEADY.isWanted(arguments)).isEqualTo(run);
    }

    @Test
    void aJarsClassesComeFromTheArchiveNextToItIfThereIsOne(@TempDir Path folder) throws IOException {
        Path jar = folder.resolve("shop.jar.jar");
        Files.createFile(folder.resolve("shop.jsa"));
        assertThat(ChildJvm.archiveOf(jar)).isEmpty();

        Path archive = Files.createFile(folder.resolve("shop.jar.jsa"));
        assertThat(ChildJvm.archiveOf(jar)).contains("-XX:SharedArchiveFile=" + archive);
    }
}
