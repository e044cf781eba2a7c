package io.shopwatch.cli;

import io.shopwatch.settings.BuildInfo;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * Entry point: the command {@code shopwatch} and its sub-commands, each a class of this package that is a {@code
 * Callable<Integer>}. {@code --help}, {@code --version} and {@code --verbose} go for all of them.
 *
 * <p>Exits with 0 on success, 2 when the command line or the settings are wrong, 1 on any other failure; failures are
 * one line on standard error, with the stack trace only under {@code --verbose}.
 */
@Command(
        name = "shopwatch",
        description = "Live conversion funnels, sales and stock of a shop, and alerts that are right at 3 a.m.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        scope = ScopeType.INHERIT,
        usageHelpAutoWidth = true,
        subcommands = {
            BacktestCommand.class,
            DemoCommand.class,
            NotifyCommand.class,
            ReplayCommand.class,
            RulesCommand.class,
            RunCommand.class,
            ServeCommand.class,
            SimulateCommand.class
        })
public final class Main implements Runnable {

    @Spec
    private CommandSpec spec;

    private boolean verbose;

    private Main() {}

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Log what happens, and show stack traces of failures.")
    void setVerbose(boolean on) {
        // Called for the root and for the sub-command, each with its own part of the command line.
        verbose |= on;
    }

    /** Runs the command line and exits. */
    public static void main(String[] args) {
        System.exit(run(new Main(), args, utf8(System.out), utf8(System.err)));
    }

    /** In UTF-8 whatever the locale: containers mostly have none, and names of products are in any script. */
    private static PrintWriter utf8(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    /** Runs the command line with output and errors to the writers; gives the exit code. */
    static int run(String[] args, PrintWriter out, PrintWriter err, Object... moreCommands) {
        return run(new Main(), args, out, err, moreCommands);
    }

    private static int run(Main main, String[] args, PrintWriter out, PrintWriter err, Object... moreCommands) {
        CommandLine commandLine = new CommandLine(main);
        for (Object command : moreCommands) {
            commandLine.addSubcommand(command);
        }
        commandLine
                .setOut(out)
                .setErr(err)
                .setExecutionStrategy(parsed -> {
                    if (main.verbose) {
                        Configurator.setRootLevel(Level.INFO);
                    }
                    return new CommandLine.RunLast().execute(parsed);
                })
                .setParameterExceptionHandler((e, arguments) -> main.report(e, e.getCommandLine()))
                .setExecutionExceptionHandler((e, command, parsed) -> main.report(e, command));
        try {
            return commandLine.execute(args);
        } catch (Error e) {
            // picocli leaves errors (out of memory, a missing class) alone; here they end like other failures.
            return main.report(e, commandLine);
        } finally {
            out.flush();
            err.flush();
        }
    }

    private int report(Throwable failure, CommandLine command) {
        Failures.Report report = Failures.describe(failure, command);
        PrintWriter err = command.getErr();
        err.println("shopwatch: " + report.line());
        if (verbose) {
            failure.printStackTrace(err);
        }
        err.flush();
        return report.exitCode();
    }

    /** Without a sub-command there is nothing to do. */
    @Override
    public void run() {
        String commands = spec.subcommands().keySet().stream().collect(Collectors.joining(", "));
        throw new ParameterException(spec.commandLine(), "a command is expected: " + commands + " (--help says more)");
    }

    /** What {@code --version} prints. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"shopwatch " + BuildInfo.version()};
        }
    }
}
