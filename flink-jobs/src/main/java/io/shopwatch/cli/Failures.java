package io.shopwatch.cli;

import io.shopwatch.settings.Settings;
import io.shopwatch.settings.SettingsException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What went wrong, as one line for a person, and the exit code that goes with it. */
final class Failures {

    /** Exit code when the command line or the settings are wrong. */
    static final int USAGE = 2;

    /** Exit code of every other failure. */
    static final int FAILURE = 1;

    /**
     * @param line one line
     * @param exitCode {@link #USAGE} or {@link #FAILURE}
     */
    record Report(String line, int exitCode) {}

    private Failures() {}

    /** The first exception of the chain of causes that says something to a user decides. */
    static Report describe(Throwable failure, CommandLine command) {
        List<Throwable> chain = chain(failure);
        for (Throwable e : chain) {
            if (e instanceof SettingsException || e instanceof UsageException || e instanceof ParameterException) {
                return new Report(oneLine(e.getMessage()), USAGE);
            }
            String line = explain(e, command);
            if (line != null) {
                return new Report(oneLine(line), FAILURE);
            }
        }
        Throwable innermost = chain.get(chain.size() - 1);
        for (Throwable e : chain) {
            if (!isWrapper(e)) {
                innermost = e;
                break;
            }
        }
        String message = innermost.getMessage();
        String name = innermost.getClass().getSimpleName();
        return new Report(oneLine(message == null || message.isBlank() ? name : name + ": " + message), FAILURE);
    }

    /** A sentence for failures that people meet, null for others. */
    private static String explain(Throwable e, CommandLine command) {
        if (e.getClass().getName().startsWith("io.shopwatch.") && e.getMessage() != null) {
            // Our own exceptions are written for people.
            return e.getMessage();
        }
        if (e instanceof TimeoutException || e instanceof org.apache.kafka.common.errors.DisconnectException) {
            return "Kafka at " + servers(command) + " does not answer: " + e.getMessage();
        }
        if (e instanceof ConfigException) {
            return isUnresolved(e)
                    ? "Kafka at " + servers(command) + " cannot be found: " + e.getMessage()
                    : "a Kafka client setting is wrong: " + e.getMessage();
        }
        if (e instanceof AuthenticationException || e instanceof AuthorizationException) {
            return "Kafka at " + servers(command) + " refuses: " + e.getMessage();
        }
        if (e instanceof UnsupportedVersionException) {
            return "Kafka at " + servers(command) + " is too old: " + e.getMessage();
        }
        if (e instanceof BindException) {
            return "cannot listen: " + e.getMessage();
        }
        if (e instanceof NoSuchFileException missing) {
            return "no such file: " + missing.getFile();
        }
        if (e instanceof AccessDeniedException denied) {
            return "access denied: " + denied.getFile();
        }
        if (e instanceof NotDirectoryException file) {
            return "not a folder: " + file.getFile();
        }
        if (e instanceof FileSystemException file) {
            return file.getFile() + ": " + (file.getReason() == null ? "cannot be used" : file.getReason());
        }
        if (e instanceof OutOfMemoryError) {
            return "out of memory (" + e.getMessage() + "); give the JVM more with -Xmx";
        }
        return null;
    }

    private static boolean isUnresolved(Throwable e) {
        return e.getMessage() != null && e.getMessage().contains("resolvable");
    }

    private static String servers(CommandLine command) {
        for (CommandSpec mixin : command.getCommandSpec().mixins().values()) {
            if (mixin.userObject() instanceof SettingsOptions options && options.loaded() != null) {
                Settings settings = options.loaded();
                return settings.kafka().bootstrapServers();
            }
        }
        return "its address";
    }

    private static List<Throwable> chain(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        // A chain of causes may run in a circle.
        for (Throwable e = failure; e != null && !chain.contains(e); e = e.getCause()) {
            chain.add(e);
        }
        return chain;
    }

    private static boolean isWrapper(Throwable e) {
        return e.getCause() != null
                && (e instanceof ExecutionException
                        || e instanceof CompletionException
                        || e instanceof UncheckedIOException
                        || e.getClass() == RuntimeException.class);
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", "; ").replaceAll("\\p{Cntrl}", "?");
    }
}
