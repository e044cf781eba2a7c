package io.shopwatch.cli;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A JVM with the flags that suit a command. A jar cannot carry flags, so the command starts itself again; whoever chose
 * otherwise has chosen, and the command runs where it is.
 */
enum ChildJvm {
    /**
     * Of bounded memory. {@code java -jar} without flags takes a quarter of the machine for its heap, and a demo that runs
     * all day would grow into it. Heap for broker, four jobs and serve; with what they have outside of it the process stays
     * well under 2 GiB. The serial collector gives memory back and needs no threads of its own, and the first compiler
     * alone starts faster and leaves the cores to the jobs; at a demo's rate the second would never pay for itself.
     */
    SMALL("-Xms128m -Xmx1g -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:MaxDirectMemorySize=512m") {
        @Override
        boolean isChosen(String argument) {
            return argument.startsWith("-Xmx") || argument.startsWith("-XX:MaxRAM") || isCollector(argument);
        }
    },

    /**
     * For work that nobody waits for a second of: all that counts is when it ends. The parallel collector stops everything
     * for longer, and takes a sixth less processor time than the one that java takes by itself.
     */
    FAST("-XX:+UseParallelGC") {
        @Override
        boolean isChosen(String argument) {
            return isCollector(argument);
        }
    };

    private static final String PARENT = "shopwatch.parent";
    private static final long STOP_SECONDS = 12;

    /** Separated by spaces. */
    private final String flags;

    ChildJvm(String flags) {
        this.flags = flags;
    }

    /** Whether the command runs in this process: it is the child, or its user chose, or an agent can be here only once. */
    boolean isHere() {
        return System.getProperty(PARENT) != null
                || ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .anyMatch(argument -> isChosen(argument) || isAgent(argument));
    }

    /** Whether that argument of java says what this would choose. */
    abstract boolean isChosen(String argument);

    private static boolean isCollector(String argument) {
        return argument.startsWith("-XX:+Use") && argument.endsWith("GC");
    }

    /** A debugger or an exporter may listen on a port, which a second process would find taken. */
    private static boolean isAgent(String argument) {
        return argument.startsWith("-agent")
                || argument.startsWith("-javaagent:")
                || argument.startsWith("-Dcom.sun.management.jmxremote");
    }

    /**
     * Runs the same command line in a child process with this one's terminal, and waits for it. Signals that end this
     * process end the child first.
     *
     * @return the child's exit code; empty if the JVM does not say how it was started
     */
    Optional<Integer> run(List<String> arguments) throws IOException, InterruptedException {
        Optional<String> java = ProcessHandle.current().info().command();
        if (java.isEmpty()) {
            return Optional.empty();
        }
        List<String> command = new ArrayList<>();
        command.add(java.get());
        command.addAll(List.of(flags.split(" ")));
        command.add("-D" + PARENT + "=" + ProcessHandle.current().pid());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        String classPath = System.getProperty("java.class.path");
        if (classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator)) {
            // Only -jar reads the manifest, which opens what Flink asks for.
            command.add("-jar");
            command.add(Path.of(classPath).toAbsolutePath().toString());
        } else {
            command.add("-cp");
            command.add(classPath);
            command.add(Main.class.getName());
        }
        command.addAll(arguments);
        Process child = new ProcessBuilder(command).inheritIO().start();
        Thread hook = new Thread(() -> stop(child), "shopwatch-child");
        Runtime.getRuntime().addShutdownHook(hook);
        int exit = child.waitFor();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // This process was asked to end and waits for nothing but this.
            return Optional.of(exit);
        }
        return Optional.of(exit);
    }

    private static void stop(Process child) {
        child.destroy();
        try {
            if (!child.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                child.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** In the child: asks the command to end when the parent is gone, however it went. */
    static void followParent(Runnable end) {
        String parent = System.getProperty(PARENT);
        if (parent != null) {
            ProcessHandle.of(Long.parseLong(parent))
                    .ifPresentOrElse(
                            handle -> {
                                var unused = handle.onExit().thenRun(end);
                            },
                            end);
        }
    }
}
