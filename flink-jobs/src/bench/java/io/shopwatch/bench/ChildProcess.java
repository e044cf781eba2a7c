package io.shopwatch.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own; it is ended with this one. */
final class ChildProcess implements AutoCloseable {
    private static final long STOP_SECONDS = 20;

    private final Process process;
    private final Path log;

    /**
     * How children are started.
     *
     * @param flags flags of the JVM
     * @param folder folder for what they print
     */
    record Maker(List<String> flags, Path folder) {

        /** Starts the class's main method, with this process' classes. */
        ChildProcess start(Class<?> main, String... arguments) throws IOException {
            return start(System.getProperty("java.class.path"), main.getName(), arguments);
        }

        /** Starts a main method of other classes. */
        ChildProcess start(String classpath, String main, String... arguments) throws IOException {
            List<String> command = new ArrayList<>();
            command.add(ProcessHandle.current().info().command().orElse("java"));
            command.addAll(flags);
            command.add("-cp");
            command.add(classpath);
            command.add(main);
            command.addAll(List.of(arguments));
            Files.createDirectories(folder);
            Path log = Files.createTempFile(folder, main, ".log");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new ChildProcess(process, log);
        }
    }

    private ChildProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Waits until it has ended by itself. */
    void await() throws IOException, InterruptedException {
        if (process.waitFor() != 0) {
            throw new IOException("a measured process failed:\n" + Files.readString(log));
        }
    }

    /** Does nothing while it runs. */
    void check() throws IOException {
        if (!process.isAlive()) {
            throw new IOException("a measured process ended early:\n" + Files.readString(log));
        }
    }

    /** Ends its standard input, which it takes for the end, and waits. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
