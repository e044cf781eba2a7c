package io.shopwatch.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.shopwatch.wire.Json;
import java.time.Duration;
import java.util.Map;

/** Answers of the chat robots that report failures as a number in the body of a 200. */
final class RobotAnswer {
    private RobotAnswer() {}

    /**
     * @param body the answer
     * @param codeFields names of the field with the code, the first present one counts; 0 is success
     * @param messageField name of the field with the explanation
     * @param later codes of passing failures, and how long to stay away; {@link Duration#ZERO} leaves that to the backoff
     */
    static Answer read(String body, String[] codeFields, String messageField, Map<Long, Duration> later) {
        JsonNode answer;
        try {
            answer = Json.mapper().readTree(body);
        } catch (JsonProcessingException e) {
            // A proxy's page, not the product: nothing was delivered.
            return Answer.tryLater("the answer is not JSON");
        }
        JsonNode code = null;
        for (String field : codeFields) {
            if (code == null && answer.path(field).isIntegralNumber()) {
                code = answer.path(field);
            }
        }
        if (code == null) {
            return Answer.tryLater("the answer has no " + codeFields[0]);
        }
        if (code.asLong() == 0) {
            return Answer.delivered();
        }
        String reason = codeFields[0] + " " + code.asLong() + ": "
                + Texts.cut(Texts.clean(answer.path(messageField).asText()), 200);
        Duration wait = later.get(code.asLong());
        if (wait == null) {
            return new Answer.Refused(reason);
        }
        return new Answer.TryLater(reason, wait.isZero() ? null : wait);
    }
}
