package io.shopwatch.wire;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * What became of one alert at one receiver; value of the topic {@code notifications}. It is written after the receiver
 * has answered, so a restart knows what it need not send again.
 *
 * @param receiver name of the receiver
 * @param alertId id of the alert
 * @param status {@code firing} or {@code resolved}
 * @param outcome {@code delivered}, {@code failed} or {@code suppressed}
 * @param time wall clock of the outcome, epoch milliseconds
 * @param retries attempts after the first one
 * @param reason why it failed or was suppressed, null when delivered; never a URL or a secret
 */
public record Notification(
        String receiver, String alertId, String status, String outcome, long time, int retries, String reason) {

    /** Key of the record: receiver, alert id and status. */
    @JsonIgnore
    public String key() {
        return Keys.of(receiver, alertId, status);
    }
}
