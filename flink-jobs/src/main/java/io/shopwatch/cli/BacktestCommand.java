package io.shopwatch.cli;

import io.shopwatch.backtest.Backtest;
import io.shopwatch.domain.alert.AlertScore;
import io.shopwatch.domain.alert.Rule;
import io.shopwatch.replay.Format;
import io.shopwatch.replay.RecordedEvents;
import io.shopwatch.settings.RulesFile;
import io.shopwatch.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code backtest}: the jobs over recorded events, without Kafka. */
@Command(
        name = "backtest",
        description = "Runs the very same jobs over recorded events, without Kafka, and writes every figure to files.")
final class BacktestCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private SettingsOptions settings;

    @ArgGroup(multiplicity = "1")
    private Input input;

    /** One of the two. */
    static final class Input {
        @Option(
                names = "--input",
                paramLabel = "DIR",
                description =
                        "Folder with clicks.jsonl, carts.jsonl, orders.jsonl and stock.jsonl; a missing one is an "
                                + "empty stream.")
        private Path folder;

        @Option(names = "--csv", paramLabel = "FILE", description = "REES46 or Taobao UserBehavior CSV, plain or gzip.")
        private Path csv;
    }

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "Format of the file, where it is not recognised: ${COMPLETION-CANDIDATES}.")
    private Format format;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description =
                    "Folder for funnels.jsonl, sales.jsonl, inventory.jsonl, alerts.jsonl and dead-letters.jsonl.")
    private Path out;

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description = "Rules for alerts (YAML); without it the built-in ones.")
    private Path rules;

    @Option(
            names = "--truth",
            paramLabel = "FILE",
            description =
                    "Incidents that happened, as simulate --truth writes them: prints precision, recall and delay.")
    private Path truth;

    @Override
    public Integer call() throws Exception {
        return ChildJvm.FAST.run(spec, this::runHere);
    }

    private int runHere() throws Exception {
        // Not as if killed: what it wrote for itself in the meantime is cleared away.
        ChildJvm.followParent(() -> Runtime.getRuntime().exit(1));
        Settings loaded = settings.load();
        List<Rule> watched = rules == null
                ? RulesFile.parser(loaded).defaults()
                : RulesCommand.read(rules, loaded, spec.commandLine().getOut())
                        .result()
                        .rules();
        List<AlertScore.Truth> incidents = truth == null ? null : AlertTable.truth(truth);
        Path from = input.folder != null ? input.folder : input.csv;
        Backtest.Summary summary;
        try (Progress progress = Progress.of("events", 0)) {
            summary = Backtest.run(List.of(from), this::options, loaded, watched, out, progress::update);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
        spec.commandLine()
                .getOut()
                .println(String.format(
                        Locale.ROOT,
                        "%,d events; skipped %,d, rejected %,d; results in %s",
                        summary.events(),
                        summary.skipped(),
                        summary.rejected(),
                        out));
        AlertTable.print(summary.alerts(), incidents, loaded, spec.commandLine().getOut());
        return 0;
    }

    private RecordedEvents.Options options(RecordedEvents.Options basic) {
        return format == null ? basic : basic.withFormat(format);
    }
}
