package io.shopwatch.cli;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A JVM with the flags that suit a command. A jar cannot carry flags, so the command starts itself again; whoever chose
 * otherwise has chosen, and the command runs where it is. Of its standard input a child knows only when it ends.
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
    },

    /**
     * For work that is waited for all the time. G1 learns by itself how full a heap may be when it begins to look for what
     * is no longer needed, and until it has learned that it begins too late: old objects leave hardly any room for new
     * ones, and for ten seconds everything waits. A fixed threshold has no such time.
     */
    STEADY("-XX:-G1UseAdaptiveIHOP -XX:InitiatingHeapOccupancyPercent=30") {
        @Override
        boolean isChosen(String argument) {
            return (isCollector(argument) && !argument.equals("-XX:+UseG1GC"))
                    || argument.endsWith("G1UseAdaptiveIHOP")
                    || argument.startsWith("-XX:InitiatingHeapOccupancyPercent");
        }
    };

    private static final String PARENT = "shopwatch.parent";
    private static final String JAR = ".jar";
    private static final long STOP_SECONDS = 12;
    /** The exit code of a process that was killed. */
    private static final int KILLED = 137;

    /** Separated by spaces. */
    private final String flags;

    ChildJvm(String flags) {
        this.flags = flags;
    }

    /** Whether it takes another process, where java was given these arguments. */
    boolean isWanted(List<String> given) {
        return given.stream().noneMatch(argument -> isChosen(argument) || isForOne(argument));
    }

    /** Whether that argument of java says what this would choose. */
    abstract boolean isChosen(String argument);

    private static boolean isCollector(String argument) {
        return argument.startsWith("-XX:+Use") && argument.endsWith("GC");
    }

    /**
     * A debugger or an exporter may listen on a port, which a second process would find taken; a recording is written to a
     * file; and memory that is touched from the start is there whether it is used or not.
     */
    private static boolean isForOne(String argument) {
        return argument.startsWith("-agent")
                || argument.startsWith("-javaagent:")
                || argument.startsWith("-Dcom.sun.management.jmxremote")
                || argument.startsWith("-XX:StartFlightRecording")
                || argument.equals("-XX:+AlwaysPreTouch");
    }

    /**
     * Runs a command where it belongs: in this process if it is the child, if its user chose, or if java was given what can
     * be there only once; otherwise the same command line in a child process with this one's output, and waits for it.
     * Signals that end this process end the child first.
     *
     * @param spec the command
     * @param here what it does
     * @return its exit code
     */
    int run(CommandSpec spec, Callable<Integer> here) throws Exception {
        List<String> given = ManagementFactory.getRuntimeMXBean().getInputArguments();
        if (System.getProperty(PARENT) == null && isWanted(given)) {
            Optional<Integer> exit =
                    runChild(spec.root().commandLine().getParseResult().originalArgs());
            if (exit.isPresent()) {
                return exit.get();
            }
        }
        return here.call();
    }

    /** The child's exit code; empty if the JVM does not say how it was started. */
    private Optional<Integer> runChild(List<String> arguments) throws IOException, InterruptedException {
        Optional<String> java = ProcessHandle.current().info().command();
        if (java.isEmpty()) {
            return Optional.empty();
        }
        List<String> command = new ArrayList<>();
        command.add(java.get());
        command.addAll(List.of(flags.split(" ")));
        command.add("-D" + PARENT + "=" + ProcessHandle.current().pid());
        List<String> given = ManagementFactory.getRuntimeMXBean().getInputArguments();
        String classPath = System.getProperty("java.class.path");
        if (classPath.endsWith(JAR) && !classPath.contains(File.pathSeparator)) {
            Path jar = Path.of(classPath).toAbsolutePath();
            command.addAll(archiveOf(jar));
            command.addAll(given);
            // Only -jar reads the manifest, which opens what Flink asks for.
            command.addAll(List.of("-jar", jar.toString()));
        } else {
            command.addAll(given);
            command.addAll(List.of("-cp", classPath, Main.class.getName()));
        }
        command.addAll(arguments);
        Process child = new ProcessBuilder(command)
                .redirectOutput(Redirect.INHERIT)
                .redirectError(Redirect.INHERIT)
                .start();
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

    /**
     * Flags that let a JVM map a jar's classes from the archive that a build leaves next to the jar, instead of reading and
     * checking each; none if there is no archive. A JVM that is not the one it was made by, or finds a jar that is not the
     * one it was made of, does without it; that it says so helps nobody.
     */
    static List<String> archiveOf(Path jar) {
        String name = jar.getFileName().toString();
        Path archive = jar.resolveSibling(name.substring(0, name.length() - JAR.length()) + ".jsa");
        return Files.isReadable(archive)
                ? List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds=off", "-Xlog:cds+dynamic=off")
                : List.of();
    }

    private static void stop(Process child) {
        // Process.destroy would close the pipe as well, by which the child knows that this process was killed.
        child.toHandle().destroy();
        try {
            if (!child.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                child.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * In the child: what to do when the parent is gone without having ended it, killed for instance. Its standard input is a
     * pipe that ends with the parent, at once.
     */
    static void followParent(Runnable end) {
        if (System.getProperty(PARENT) == null) {
            return;
        }
        Thread follower = new Thread(
                () -> {
                    try {
                        System.in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        // Not a constant: the parent has no use for it, and starts half a second later with it.
                        LoggerFactory.getLogger(ChildJvm.class)
                                .debug("The parent's pipe broke, which says the same as its end", e);
                    }
                    end.run();
                },
                "shopwatch-parent");
        follower.setDaemon(true);
        follower.start();
    }

    /**
     * What {@link #followParent} does for a command that outlives being killed: whoever kills one process of it means all,
     * and may start it again at once, on the same ports and folders.
     */
    static void halt() {
        Runtime.getRuntime().halt(KILLED);
    }
}
