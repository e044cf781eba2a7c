package io.shopwatch.kafka;

import java.io.IOException;

/** A topic is missing, and Kafka will not have it created, however often it is asked. */
public final class TopicRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String topic;

    TopicRefusedException(String topic, String message, Throwable cause) {
        super(message, cause);
        this.topic = topic;
    }

    /** Name of the topic. */
    public String topic() {
        return topic;
    }
}
