package io.shopwatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.cli.Main;
import io.shopwatch.domain.alert.RuleKind;
import io.shopwatch.domain.alert.RuleParser;
import io.shopwatch.domain.event.EventStream;
import io.shopwatch.settings.Options;
import io.shopwatch.settings.RulesFile;
import io.shopwatch.settings.Settings;
import io.shopwatch.settings.SettingsLoader;
import io.shopwatch.wire.Decoded;
import io.shopwatch.wire.EventDecoder;
import io.shopwatch.wire.MetricCatalogue;
import io.shopwatch.wire.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What the README says is what the code does: its tables, its commands, its examples and its links. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..");
    private static final String README = read("README.md");

    /** How a command line of ours begins in the README. */
    private static final Pattern SHOPWATCH =
            Pattern.compile("^(?:.*&& )?(?:java -jar flink-jobs/target/shopwatch\\.jar|shopwatch) (.+)$");

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");

    @Test
    void settingsTableIsTheCatalogueOfSettings() {
        assertThat(String.join("\n", tableOf("Settings")) + "\n").isEqualTo(Options.markdownTable());
    }

    @Test
    void metricsTableIsTheCatalogueOfMetrics() {
        List<String> declared = MetricCatalogue.all().stream()
                .map(metric -> "| `" + metric.name() + "` | "
                        + metric.type().name().toLowerCase(Locale.ROOT) + " | "
                        + String.join(", ", metric.labels()) + " | " + metric.unit() + " | " + metric.help() + " |")
                .toList();

        assertThat(rowsOf("Metrics")).containsExactlyElementsOf(declared);
    }

    @Test
    void topicsTableHasEveryTopicOnce() {
        Set<String> ours = new TreeSet<>(Topics.INPUTS);
        ours.addAll(Topics.COMPACTED);
        ours.add(Topics.DEAD_LETTERS);

        assertThat(rowsOf("Topics")).extracting(row -> codesOf(row).get(0)).containsExactlyInAnyOrderElementsOf(ours);
    }

    @Test
    void topicsTableSaysWhichTopicsAreCompacted() {
        assertThat(rowsOf("Topics"))
                .filteredOn(row -> row.contains("latest of each key"))
                .extracting(row -> codesOf(row).get(0))
                .containsExactlyInAnyOrderElementsOf(Topics.COMPACTED);
    }

    @Test
    void commandsTableHasEveryCommandOnce() {
        List<String> shown = rowsOf("Commands").stream()
                .flatMap(row -> codesOf(cellsOf(row).get(0)).stream())
                .map(text -> pathOf(text.split(" ")))
                .toList();

        assertThat(shown).containsExactlyInAnyOrderElementsOf(leaves(program(), ""));
    }

    @Test
    void flagsInTheCommandsTableExist() {
        for (String row : rowsOf("Commands")) {
            List<String> commands = codesOf(cellsOf(row).get(0));
            CommandSpec command = find(pathOf(commands.get(0).split(" ")));
            assertThat(command.optionsMap().keySet()).as(row).containsAll(flagsIn(row));
        }
    }

    static Stream<String> commandLines() {
        return Stream.of("README.md", "CONTRIBUTING.md")
                .flatMap(file -> blocksOf(read(file), "sh").stream())
                .flatMap(String::lines)
                .map(line -> line.replaceFirst("\\s+#.*$", "").strip())
                .filter(line -> SHOPWATCH.matcher(line).matches());
    }

    @ParameterizedTest
    @MethodSource("commandLines")
    void commandLinesAreUnderstood(String line) {
        String[] arguments = SHOPWATCH
                .matcher(line)
                .replaceFirst("$1")
                .replaceFirst(" [|>&].*$", "")
                .split(" +");

        CommandLine.ParseResult parsed = new CommandLine(Main.class).parseArgs(arguments);

        assertThat(parsed.hasSubcommand()).as(line).isTrue();
    }

    @ParameterizedTest
    @EnumSource(EventStream.class)
    void exampleRecordsAreAccepted(EventStream stream) {
        EventDecoder decoder = new EventDecoder(stream, null);
        List<String> examples = blocksOf(section("Bring your own events"), "json").stream()
                .filter(block -> block.startsWith("// " + stream.wireName() + "\n"))
                .flatMap(block -> block.lines().skip(1))
                .toList();

        assertThat(examples).isNotEmpty().allSatisfy(line -> {
            Decoded decoded = decoder.decode(line.getBytes(StandardCharsets.UTF_8), 0);
            assertThat(decoded.isAccepted())
                    .as("%s: %s", line, decoded.detail())
                    .isTrue();
        });
    }

    @Test
    void mainClassForFlinkIsTheOneOfTheComposeFile() {
        String mainClass = codesOf(rowsOf("On a Flink cluster").get(0)).get(0);

        assertThat(read("docker/compose.yaml")).contains("--job-classname, " + mainClass + ",");
        assertThat(ROOT.resolve("flink-jobs/src/main/java/" + mainClass.replace('.', '/') + ".java"))
                .exists();
    }

    @Test
    void exampleSettingsAreAccepted() {
        List<String> examples = blocksOf(section("Settings"), "yaml");

        assertThat(examples).isNotEmpty();
        examples.forEach(SettingsLoader::parse);
    }

    @Test
    void exampleRulesAreAcceptedWithoutWarning() {
        List<String> examples = blocksOf(section("Alerts"), "yaml");

        assertThat(examples).isNotEmpty().allSatisfy(example -> {
            RuleParser.Result result =
                    RulesFile.read(example, Settings.defaults()).result();
            assertThat(result.errors()).isEmpty();
            assertThat(result.warnings()).isEmpty();
        });
    }

    @Test
    void receiversTableHasEveryProduct() {
        assertThat(rowsOf("Receivers"))
                .extracting(row -> codesOf(row).get(0))
                .containsExactlyInAnyOrderElementsOf(Options.RECEIVER_TYPES);
    }

    @Test
    void alertsTableHasEveryKindAndTheRunbookAHeadingForEach() {
        List<String> kinds =
                Arrays.stream(RuleKind.values()).map(RuleKind::wireName).toList();

        assertThat(rowsOf("Alerts")).extracting(row -> codesOf(row).get(0)).containsExactlyInAnyOrderElementsOf(kinds);
        assertThat(read("dashboards/RUNBOOK.md").lines().toList())
                .containsAll(kinds.stream().map(kind -> "## " + kind).toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "CHANGELOG.md",
                "CONTRIBUTING.md",
                "flink-jobs/RATIONALE.md",
                "dashboards/RUNBOOK.md"
            })
    void linksLeadToFilesAndHeadingsThatExist(String file) {
        Path folder = ROOT.resolve(file).toAbsolutePath().normalize().getParent();
        List<String> links = LINK.matcher(read(file))
                .results()
                .map(match -> match.group(1))
                .filter(Predicate.not(link -> link.matches("[a-z]+:.*")))
                .toList();

        assertThat(links).allSatisfy(link -> {
            String[] parts = link.split("#", 2);
            Path target = parts[0].isEmpty() ? ROOT.resolve(file) : folder.resolve(parts[0]);
            assertThat(target).as(link).exists();
            if (parts.length > 1) {
                assertThat(anchorsOf(Files.readString(target))).as(link).contains(parts[1]);
            }
        });
    }

    // --- the command line

    private static CommandSpec program() {
        return CommandSpec.forAnnotatedObject(new CommandLine(Main.class).getCommand());
    }

    /** The commands that do something: those without sub-commands of their own. */
    private static List<String> leaves(CommandSpec spec, String path) {
        List<String> leaves = new ArrayList<>();
        new TreeMap<>(spec.subcommands()).forEach((name, sub) -> {
            String inner = path.isEmpty() ? name : path + " " + name;
            leaves.addAll(
                    sub.getCommandSpec().subcommands().isEmpty()
                            ? List.of(inner)
                            : leaves(sub.getCommandSpec(), inner));
        });
        return leaves;
    }

    /** The leading words that are commands. */
    private static String pathOf(String[] words) {
        CommandSpec spec = program();
        List<String> path = new ArrayList<>();
        for (String word : words) {
            CommandLine sub = spec.subcommands().get(word);
            if (sub == null) {
                break;
            }
            path.add(word);
            spec = sub.getCommandSpec();
        }
        return String.join(" ", path);
    }

    private static CommandSpec find(String path) {
        CommandSpec spec = program();
        for (String word : path.split(" ")) {
            spec = spec.subcommands().get(word).getCommandSpec();
        }
        return spec;
    }

    private static List<String> flagsIn(String row) {
        return Pattern.compile("(?<![-\\w])--[a-z][a-z-]*")
                .matcher(row)
                .results()
                .map(MatchResult::group)
                .toList();
    }

    // --- Markdown

    private static String read(String file) {
        try {
            return Files.readString(ROOT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What stands below a heading of any level, up to the next heading of any level. */
    private static String section(String heading) {
        List<String> lines = README.lines().toList();
        int from = -1;
        boolean code = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            code ^= line.startsWith("```");
            if (!code && line.matches("#+ .*")) {
                if (from >= 0) {
                    return String.join("\n", lines.subList(from, i));
                }
                if (line.replaceFirst("#+ ", "").equals(heading)) {
                    from = i + 1;
                }
            }
        }
        assertThat(from).as("heading '%s' in README.md", heading).isNotNegative();
        return String.join("\n", lines.subList(from, lines.size()));
    }

    /** The first table below the heading. */
    private static List<String> tableOf(String heading) {
        return section(heading)
                .lines()
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .toList();
    }

    /** The same without its head. */
    private static List<String> rowsOf(String heading) {
        List<String> table = tableOf(heading);
        assertThat(table).as("table below '%s'", heading).hasSizeGreaterThan(2);
        return table.subList(2, table.size());
    }

    private static List<String> cellsOf(String row) {
        return Arrays.stream(row.replaceFirst("^\\|", "").split("(?<!\\\\)\\|"))
                .map(String::strip)
                .toList();
    }

    private static List<String> codesOf(String text) {
        return CODE.matcher(text).results().map(match -> match.group(1)).toList();
    }

    /** Contents of the fenced blocks of a language. */
    private static List<String> blocksOf(String markdown, String language) {
        return Pattern.compile("(?ms)^```" + language + "\\n(.*?)^```")
                .matcher(markdown)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    /** Anchors of the headings, as GitHub makes them. */
    private static Set<String> anchorsOf(String markdown) {
        return markdown.lines()
                .filter(line -> line.matches("#+ .*"))
                .map(line -> line.replaceFirst("#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }
}
