package io.shopwatch.serve;

/**
 * Whether what is shown is whole and fresh, and if not, why.
 *
 * @param ready whether all history has been read and the broker answers
 * @param reason one sentence for a person
 */
public record Readiness(boolean ready, String reason) {}
