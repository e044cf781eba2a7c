package io.shopwatch.cli;

import io.shopwatch.notify.ReceiverTrial;
import io.shopwatch.settings.Settings;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code shopwatch notify}: what has to do with receivers. */
@Command(name = "notify", description = "Tries the receivers of alerts.", subcommands = NotifyCommand.Trial.class)
final class NotifyCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is expected: notify test RECEIVER");
    }

    /** {@code shopwatch notify test RECEIVER}. */
    @Command(
            name = "test",
            description = "Sends a receiver a sample alert, firing and resolved, and says what became of it.")
    static final class Trial implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Mixin
        private SettingsOptions settingsOptions;

        @Parameters(paramLabel = "RECEIVER", description = "Name of a receiver in the settings.")
        private String name;

        @Override
        public Integer call() throws InterruptedException {
            Settings settings = settingsOptions.load();
            Settings.Receiver receiver = find(settings.receivers());
            PrintWriter out = spec.commandLine().getOut();
            for (ReceiverTrial.Step step :
                    ReceiverTrial.run(receiver, settings.shop().timezone(), Clock.systemUTC())) {
                if (!step.delivered()) {
                    throw new FailureException(
                            "receiver " + name + " did not take the " + step.status() + " alert: " + step.detail());
                }
                out.println(name + " (" + receiver.type() + "): " + step.status() + " delivered in "
                        + step.took().toMillis() + " ms");
            }
            return 0;
        }

        private Settings.Receiver find(List<Settings.Receiver> receivers) {
            return receivers.stream()
                    .filter(receiver -> receiver.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new UsageException("RECEIVER is '" + name + "', expected "
                            + (receivers.isEmpty()
                                    ? "one of the settings' receivers, of which there are none"
                                    : receivers.stream()
                                            .map(Settings.Receiver::name)
                                            .collect(Collectors.joining(", ", "one of ", "")))));
        }
    }
}
