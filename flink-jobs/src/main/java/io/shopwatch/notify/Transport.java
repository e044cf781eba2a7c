package io.shopwatch.notify;

import java.time.Duration;

/** Makes a request and reads the answer. */
interface Transport {

    /**
     * Posts, and waits for the answer.
     *
     * @param receiver reads the product's own answer
     * @param timeout for everything, from the connection to the last byte
     * @throws InterruptedException if the thread is interrupted; whether the message arrived is then unknown
     */
    Answer send(Receiver receiver, Post post, Duration timeout) throws InterruptedException;
}
