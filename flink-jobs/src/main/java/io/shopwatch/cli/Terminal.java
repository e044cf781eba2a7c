package io.shopwatch.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;

/** The terminal that a person sits at, if there is one. */
public final class Terminal {
    private Terminal() {}

    /** Writes to the terminal; empty when standard input or output is piped or redirected. */
    @SuppressWarnings("SystemConsoleNull") // null before Java 22 only, which isTerminal() knows
    public static Optional<PrintWriter> writer() {
        Console console = System.console();
        return console != null && isTerminal(console) ? Optional.of(console.writer()) : Optional.empty();
    }

    /** From Java 22 on there is always a console, and a method that tells whether it is a terminal. */
    private static boolean isTerminal(Console console) {
        if (Runtime.version().feature() < 22) {
            return true;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("java.io.Console.isTerminal", e);
        }
    }
}
