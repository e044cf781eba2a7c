package io.shopwatch.domain.alert;

/**
 * Counts evaluations in a row. What is neither breached nor good leaves both counts as they are.
 *
 * <p>Fields are public because this is also what a checkpoint holds.
 */
public class Streak {
    public int breached;
    public int good;

    /** End of the first evaluation of the present run, epoch milliseconds. */
    public long since;

    public void add(Verdict verdict, long end) {
        switch (verdict) {
            case BREACHED -> {
                if (breached == 0) {
                    since = end;
                }
                breached++;
                good = 0;
            }
            case GOOD -> {
                if (good == 0) {
                    since = end;
                }
                good++;
                breached = 0;
            }
            case NEITHER -> {
                // Says nothing about the condition.
            }
        }
    }

    public void reset() {
        breached = 0;
        good = 0;
    }
}
