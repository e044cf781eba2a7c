package io.shopwatch.cli;

import io.shopwatch.domain.alert.Rule;
import io.shopwatch.domain.alert.RuleParser;
import io.shopwatch.kafka.KafkaTopics;
import io.shopwatch.settings.RulesFile;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.BaselineResult;
import io.shopwatch.wire.Json;
import io.shopwatch.wire.RuleSet;
import io.shopwatch.wire.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rules}: checks alert rules, puts them in force, shows what is in force. */
@Command(
        name = "rules",
        description = "Checks alert rules, puts them in force, or shows those in force.",
        subcommands = {RulesCommand.Validate.class, RulesCommand.Apply.class, RulesCommand.ListRules.class})
public final class RulesCommand implements Runnable {
    private static final Duration ANSWER = Duration.ofSeconds(10);

    @Override
    public void run() {
        throw new UsageException("rules: a command is expected: validate FILE, apply FILE, list");
    }

    /** {@code rules validate}. */
    @Command(name = "validate", description = "Checks a rules file without changing anything.")
    static final class Validate implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private SettingsOptions settings;

        @Parameters(paramLabel = "FILE", description = "Rules file (YAML).")
        private Path file;

        @Override
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            RulesFile.Content content = read(file, settings.load(), out);
            content.result().warnings().forEach(warning -> out.println("warning: " + warning));
            out.println(file + ": " + count(content.result().rules().size()) + ", no errors");
            return 0;
        }
    }

    /** {@code rules apply}. */
    @Command(
            name = "apply",
            description = {
                "Publishes a rules file; running jobs take it up without a restart.",
                "The file's rules replace all that were in force, the built-in ones too."
            })
    static final class Apply implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private SettingsOptions settings;

        @Parameters(paramLabel = "FILE", description = "Rules file (YAML).")
        private Path file;

        @Override
        public Integer call() throws IOException, InterruptedException, ExecutionException {
            PrintWriter out = spec.commandLine().getOut();
            Settings loaded = settings.load();
            RulesFile.Content content = read(file, loaded, out);
            List<String> warnings = new ArrayList<>(content.result().warnings());
            warnings.addAll(neverFiring(content.result().rules(), loaded));
            warnings.forEach(warning -> out.println("warning: " + warning));
            RuleSet before = inForce(loaded);
            long now = Clock.systemUTC().millis();
            // Also grows when this machine's clock is behind the one that published last.
            long revision = before == null ? now : Math.max(now, before.revision() + 1);
            publish(loaded, new RuleSet(RuleSet.FORMAT, revision, content.maps()));
            out.println(count(content.result().rules().size()) + " in force, revision " + revision);
            return 0;
        }
    }

    /** {@code rules list}. */
    @Command(name = "list", description = "Shows the rules in force.")
    static final class ListRules implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private SettingsOptions settings;

        @Override
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            Settings loaded = settings.load();
            RuleSet set = inForce(loaded);
            RuleParser parser = RulesFile.parser(loaded);
            List<Rule> rules =
                    set == null ? parser.defaults() : parser.parse(set.rules()).rules();
            out.println(
                    set == null
                            ? "built-in rules (none were applied)"
                            : "revision " + set.revision() + ", applied " + Instant.ofEpochMilli(set.revision()));
            out.printf(Locale.ROOT, "%-24s %-21s %-9s %s%n", "NAME", "KIND", "SEVERITY", "WATCHES");
            for (Rule rule : rules) {
                out.printf(
                        Locale.ROOT,
                        "%-24s %-21s %-9s %s%n",
                        rule.name(),
                        rule.kind().wireName(),
                        rule.severity(),
                        RuleText.of(rule));
            }
            return 0;
        }
    }

    private static String count(int rules) {
        return rules == 1 ? "1 rule" : rules + " rules";
    }

    static RulesFile.Content read(Path file, Settings settings, PrintWriter out) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new UsageException("FILE: " + file + "; expected a readable file of rules");
        }
        RulesFile.Content content = RulesFile.read(text, settings);
        List<String> errors = content.result().errors();
        if (!errors.isEmpty()) {
            // Standard error says one line; all of them are for whoever mends the file.
            if (errors.size() > 1) {
                errors.forEach(error -> out.println("error: " + error));
            }
            throw new UsageException(
                    file + ": " + errors.get(0) + (errors.size() > 1 ? " (and " + (errors.size() - 1) + " more)" : ""));
        }
        return content;
    }

    private static Properties client(Settings settings) {
        Properties properties = new Properties();
        properties.putAll(settings.kafka().clientProperties());
        properties.put("bootstrap.servers", settings.kafka().bootstrapServers());
        properties.put("client.id", "shopwatch-rules");
        properties.put("request.timeout.ms", "5000");
        return properties;
    }

    private static void publish(Settings settings, RuleSet rules)
            throws IOException, InterruptedException, ExecutionException {
        KafkaTopics.ensure(settings.kafka(), List.of(Topics.RULES), ANSWER);
        Properties properties = client(settings);
        properties.put("delivery.timeout.ms", Long.toString(ANSWER.toMillis()));
        properties.put("max.block.ms", Long.toString(ANSWER.toMillis()));
        properties.put("acks", "all");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            Topics.RULES, RuleSet.KEY.getBytes(StandardCharsets.UTF_8), Json.bytes(rules)))
                    .get();
        }
    }

    /** The newest set in the topic, or null where none was published. */
    private static RuleSet inForce(Settings settings) {
        RuleSet newest = null;
        for (byte[] value : readAll(settings, Topics.RULES).values()) {
            try {
                RuleSet set = Json.read(value, RuleSet.class);
                if (set.format() == RuleSet.FORMAT && (newest == null || set.revision() > newest.revision())) {
                    newest = set;
                }
            } catch (IOException e) {
                throw new FailureException(
                        "topic " + Topics.RULES + " holds something that is no set of rules: " + e.getMessage());
            }
        }
        return newest;
    }

    private static List<String> neverFiring(List<Rule> rules, Settings settings) {
        TreeSet<String> warnings = new TreeSet<>();
        for (byte[] value : readAll(settings, Topics.BASELINES).values()) {
            BaselineResult baseline;
            try {
                baseline = Json.read(value, BaselineResult.class);
            } catch (IOException e) {
                throw new FailureException(
                        "topic " + Topics.BASELINES + " holds something that is no baseline: " + e.getMessage());
            }
            if (baseline.baseline() == null || !baseline.segment().equals("all")) {
                continue;
            }
            String transition = baseline.from() + ">" + baseline.to();
            for (Rule rule : rules) {
                boolean watched = baseline.funnel().equals(rule.funnel())
                        && (rule.transitions().isEmpty() || rule.transitions().contains(transition));
                String warning = watched ? RuleParser.neverFires(rule, transition, baseline.baseline()) : null;
                if (warning != null) {
                    warnings.add(warning);
                }
            }
        }
        return List.copyOf(warnings);
    }

    /** The newest value of each key of a compacted topic; empty where there is no such topic yet. */
    private static Map<String, byte[]> readAll(Settings settings, String topic) {
        Properties properties = client(settings);
        properties.put("default.api.timeout.ms", Long.toString(ANSWER.toMillis()));
        properties.put("allow.auto.create.topics", "false");
        properties.put("enable.auto.commit", "false");
        Map<String, byte[]> values = new LinkedHashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<PartitionInfo> partitions = consumer.listTopics().get(topic);
            if (partitions == null) {
                return values;
            }
            List<TopicPartition> all = partitions.stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(all));
            long deadline = System.nanoTime() + ANSWER.toNanos();
            while (!ends.isEmpty()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
                    if (record.value() == null) {
                        values.remove(key);
                    } else {
                        values.put(key, record.value());
                    }
                }
                ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
                if (System.nanoTime() > deadline) {
                    throw new FailureException(
                            "Kafka at " + settings.kafka().bootstrapServers() + " does not hand over topic " + topic);
                }
            }
        }
        return values;
    }
}
