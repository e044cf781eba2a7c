package io.shopwatch.job.alert;

import io.shopwatch.domain.alert.RuleParser;
import io.shopwatch.domain.event.Outcome;
import io.shopwatch.settings.RulesFile;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.DeadLetter;
import io.shopwatch.wire.DeadLetterReason;
import io.shopwatch.wire.Json;
import io.shopwatch.wire.RuleSet;
import io.shopwatch.wire.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Reads sets of rules as they come from the topic. Rules were checked before they were published; one that is bad all
 * the same is left out, counted and kept as a dead letter, and the others hold.
 */
final class CheckRules extends ProcessFunction<String, RulesInForce> {
    private static final long serialVersionUID = 1;

    /** What was left out. */
    static final OutputTag<DeadLetter> DEAD_LETTERS = new OutputTag<>("rules-dead-letters") {
        private static final long serialVersionUID = 1;
    };

    /** What became of each set. */
    static final OutputTag<RuleTally> TALLIES = new OutputTag<>("rules-tallies") {
        private static final long serialVersionUID = 1;
    };

    private final Settings settings;

    private transient RuleParser parser;

    CheckRules(Settings settings) {
        this.settings = settings;
    }

    @Override
    public void open(OpenContext context) {
        parser = RulesFile.parser(settings);
    }

    @Override
    public void processElement(String text, Context context, Collector<RulesInForce> out) {
        RuleSet set;
        try {
            set = Json.read(text.getBytes(StandardCharsets.UTF_8), RuleSet.class);
        } catch (IOException e) {
            tally(context, Outcome.DEAD_LETTER);
            reject(context, DeadLetterReason.MALFORMED, e.getMessage(), text);
            return;
        }
        if (set == null || set.format() != RuleSet.FORMAT || set.rules() == null) {
            tally(context, Outcome.DEAD_LETTER);
            reject(context, DeadLetterReason.INVALID_FIELD, "format: expected " + RuleSet.FORMAT, text);
            return;
        }
        RuleParser.Result result = parser.parse(set.rules());
        tally(context, result.errors().isEmpty() ? Outcome.ACCEPTED : Outcome.DEAD_LETTER);
        for (String error : result.errors()) {
            reject(context, DeadLetterReason.INVALID_FIELD, error, text);
        }
        out.collect(new RulesInForce(set.revision(), result.rules()));
    }

    private static void tally(Context context, Outcome outcome) {
        context.output(TALLIES, new RuleTally(outcome));
    }

    private static void reject(Context context, DeadLetterReason reason, String detail, String text) {
        context.output(
                DEAD_LETTERS,
                new DeadLetter(
                        reason.wireName(),
                        detail,
                        Topics.RULES,
                        0,
                        -1,
                        context.timerService().currentProcessingTime(),
                        Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
    }
}
