package io.shopwatch.cli;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Entry point on a Flink cluster: the same commands as {@link Main}, but the process is not ours to end. */
public final class FlinkMain {
    private FlinkMain() {}

    /**
     * Runs the command line and returns when the jobs are submitted.
     *
     * @throws IllegalStateException if the command failed; Flink then ends the application
     */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), true);
        PrintWriter err = new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true);
        int exitCode = Main.run(args, out, err);
        if (exitCode != 0) {
            throw new IllegalStateException("shopwatch " + String.join(" ", args) + " failed with " + exitCode);
        }
    }
}
