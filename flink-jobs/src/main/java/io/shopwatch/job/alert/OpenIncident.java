package io.shopwatch.job.alert;

import io.shopwatch.domain.alert.GmvPace;
import io.shopwatch.domain.alert.Streak;

/**
 * Where a condition without a history stands: a silent stream, a promotion.
 *
 * <p>A mutable Flink POJO: fields are public because they are state.
 */
public class OpenIncident {
    public Streak streak = new Streak();
    public boolean open;
    public long startsAt;
    public long endsAt;

    /** Of a promotion; empty otherwise. */
    public GmvPace pace = new GmvPace();
}
