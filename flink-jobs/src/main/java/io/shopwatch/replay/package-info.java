/**
 * Recorded events: reads our JSONL and the CSV of public data sets, sorts them by event time in bounded memory, and
 * sends them to Kafka at any speed.
 *
 * <p>{@link io.shopwatch.replay.RecordedEvents} is the sorted recording; {@link io.shopwatch.replay.Replay} sends it.
 */
package io.shopwatch.replay;
