package io.shopwatch.domain.alert;

/**
 * A stock rule on one SKU in one warehouse. The condition must hold for {@code holdMillis} before it fires and be gone
 * for {@code recoverMillis} before it is resolved, so a hundred swings around zero within a minute are one incident.
 *
 * <p>Fields are public because this is also what a checkpoint holds.
 */
public class StockWatch {
    /** Whether units were available, or the stock above its threshold, at any time so far. */
    public boolean wasGood;

    public Streak streak = new Streak();
    public Level latest;
    public boolean open;
    public long startsAt;
    public long outSince = Long.MIN_VALUE;
    public boolean announced;

    /**
     * What the inventory says about a SKU in a warehouse.
     *
     * @param time event time, epoch milliseconds
     * @param available units
     * @param state {@code in_stock}, {@code low}, {@code out}, {@code oversold} or {@code unknown}
     * @param coverSeconds seconds until it is sold out, null when nothing sells
     * @param recentSales sales behind the velocity
     * @param velocityPerHour units sold per hour
     * @param reorderPoint units at which to reorder
     * @param lastReceived event time of the last receipt, null before the first
     */
    public record Level(
            long time,
            long available,
            String state,
            Double coverSeconds,
            long recentSales,
            double velocityPerHour,
            double reorderPoint,
            Long lastReceived) {}

    /**
     * What a rule of a stock kind asks.
     *
     * @param kind a kind for which {@link RuleKind#isStock()} holds
     * @param horizonMillis for {@code stock_out_imminent}
     * @param minSales for {@code stock_out_imminent}
     * @param afterMillis for {@code stock_out_unattended}
     * @param holdMillis how long the condition must hold
     * @param recoverMillis how long it must be gone
     */
    public record Policy(
            RuleKind kind, long horizonMillis, long minSales, long afterMillis, long holdMillis, long recoverMillis) {}

    /** What happened to the incident. */
    public enum Change {
        NONE,
        FIRED,
        RESOLVED
    }

    /** Takes in a new level; {@link #settle} with its time comes next. */
    public void note(Level level, Policy policy) {
        long time = latest == null ? level.time() : Math.max(latest.time(), level.time());
        latest = level;
        if (level.state().equals("unknown")) {
            return;
        }
        if (level.available() > 0) {
            outSince = Long.MIN_VALUE;
        } else if (outSince == Long.MIN_VALUE) {
            outSince = time;
        }
        step(time, policy);
    }

    /** What the passing of time brings; {@code now} never goes back. */
    public Change settle(long now, Policy policy) {
        if (latest == null || latest.state().equals("unknown")) {
            return Change.NONE;
        }
        step(now, policy);
        if (open && !announced) {
            announced = true;
            return Change.FIRED;
        }
        if (open && streak.good > 0 && now >= streak.since + policy.recoverMillis()) {
            open = false;
            announced = false;
            return Change.RESOLVED;
        }
        return Change.NONE;
    }

    private void step(long time, Policy policy) {
        Verdict verdict = assess(time, policy);
        streak.add(verdict, time);
        if (verdict == Verdict.GOOD) {
            wasGood = true;
        }
        // A SKU that was never seen in stock did not run out while anybody watched.
        if (!open && wasGood && verdict == Verdict.BREACHED && time >= streak.since + policy.holdMillis()) {
            open = true;
            announced = false;
            startsAt = streak.since;
        }
    }

    /** When {@link #settle} may bring a change next, {@link Long#MAX_VALUE} for never. */
    public long due(Policy policy) {
        if (open && !announced) {
            return streak.since;
        }
        if (open) {
            return streak.good > 0 ? streak.since + policy.recoverMillis() : Long.MAX_VALUE;
        }
        if (wasGood && streak.breached > 0) {
            return streak.since + policy.holdMillis();
        }
        if (policy.kind() == RuleKind.STOCK_OUT_UNATTENDED && outSince != Long.MIN_VALUE && wasGood) {
            return unattendedSince(policy);
        }
        return Long.MAX_VALUE;
    }

    private long unattendedSince(Policy policy) {
        long since = latest.lastReceived() == null ? outSince : Math.max(outSince, latest.lastReceived());
        return since + policy.afterMillis();
    }

    private Verdict assess(long time, Policy policy) {
        boolean out = latest.available() <= 0;
        return switch (policy.kind()) {
            case STOCK_OUT -> of(out, !out);
            case OVERSELL -> of(latest.available() < 0, latest.available() >= 0);
            case LOW_STOCK ->
                // Running out of what is low neither starts nor ends the shortage.
                of(latest.state().equals("low"), latest.state().equals("in_stock"));
            case STOCK_OUT_IMMINENT -> {
                boolean soon = latest.coverSeconds() != null
                        && latest.coverSeconds() * 1000 < policy.horizonMillis()
                        && latest.recentSales() >= policy.minSales();
                yield of(soon && !out, !soon && !out);
            }
            case STOCK_OUT_UNATTENDED -> of(out && time >= unattendedSince(policy), !out);
            default -> throw new IllegalArgumentException("no stock rule: " + policy.kind());
        };
    }

    private static Verdict of(boolean breached, boolean good) {
        return breached ? Verdict.BREACHED : good ? Verdict.GOOD : Verdict.NEITHER;
    }
}
