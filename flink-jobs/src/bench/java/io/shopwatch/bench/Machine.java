package io.shopwatch.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What the figures were measured on; without it they mean nothing.
 *
 * @param processor model of the processor
 * @param processors processors that the JVM sees
 * @param memory bytes of memory
 * @param system operating system
 * @param java version of the JVM
 * @param load average load of the last minute, when the run began
 */
record Machine(String processor, int processors, long memory, String system, String java, double load) {

    /** This machine. */
    static Machine here() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        long memory = system instanceof com.sun.management.OperatingSystemMXBean sun ? sun.getTotalMemorySize() : 0;
        return new Machine(
                processorModel(),
                Runtime.getRuntime().availableProcessors(),
                memory,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                Runtime.version().toString(),
                system.getSystemLoadAverage());
    }

    private static String processorModel() {
        Path facts = Path.of("/proc/cpuinfo");
        try (Stream<String> lines = Files.lines(facts, StandardCharsets.UTF_8)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch"); // not Linux
        }
    }

    /** One line for people. */
    String describe() {
        return String.join(
                ", ",
                List.of(
                        processors + " × " + processor,
                        String.format(Locale.ROOT, "%.0f GiB", memory / (double) (1L << 30)),
                        system,
                        "Java " + java,
                        String.format(Locale.ROOT, "load %.1f at the start", load)));
    }
}
