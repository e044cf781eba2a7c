/**
 * A shop that does not exist: believable, reproducible traffic with injected incidents and the truth about them.
 *
 * <p>{@link io.shopwatch.simulate.Simulation} is a deterministic stream of events in order of event time; {@link
 * io.shopwatch.simulate.SimulationRunner} sends it to Kafka at the wall clock's pace or writes it to files.
 */
package io.shopwatch.simulate;
