package io.shopwatch.job.common;

import io.shopwatch.domain.event.Outcome;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.wire.DeadLetter;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Parts events from rejected records, counts the latter, and tells the clock of event times. Chained to the source, so
 * nothing is serialised here.
 */
final class IngestOperator extends AbstractStreamOperator<ShopEvent>
        implements OneInputStreamOperator<Ingested, ShopEvent> {

    /** Rejected records. */
    static final OutputTag<DeadLetter> DEAD_LETTERS =
            new OutputTag<>("dead-letters", TypeInformation.of(DeadLetter.class));

    /** Event times heard, thinned out, for the {@link ClockOperator}. */
    static final OutputTag<Long> PULSES = new OutputTag<>("pulses", Types.LONG);

    /** Event time between two pulses of a subtask, unless the source's next watermark comes first. */
    private static final long PULSE_MILLIS = 50;

    private static final long serialVersionUID = 1;

    private transient TallyBook tallies;
    private transient long newestSincePulse;
    private transient long pulsed;

    @Override
    public void open() throws Exception {
        super.open();
        tallies = new TallyBook();
        newestSincePulse = Ingested.NO_TIME;
        pulsed = Ingested.NO_TIME;
    }

    @Override
    public void processElement(StreamRecord<Ingested> record) {
        Ingested ingested = record.getValue();
        if (ingested.isEnd()) {
            return;
        }
        if (ingested.event() == null) {
            tallies.count(ingested.stream(), Outcome.DEAD_LETTER, 1, Ingested.NO_TIME);
            output.collect(DEAD_LETTERS, new StreamRecord<>(ingested.deadLetter()));
            tallies.flush(tally -> output.collect(OrderedOperator.TALLIES, new StreamRecord<>(tally)));
            return;
        }
        long time = ingested.event().time();
        newestSincePulse = Math.max(newestSincePulse, time);
        if (time >= pulsed + PULSE_MILLIS || pulsed == Ingested.NO_TIME) {
            pulse();
        }
        output.collect(new StreamRecord<>(ingested.event(), time));
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        if (newestSincePulse != Ingested.NO_TIME) {
            pulse();
        }
        super.processWatermark(mark);
    }

    private void pulse() {
        pulsed = Math.max(pulsed, newestSincePulse);
        output.collect(PULSES, new StreamRecord<>(newestSincePulse));
        newestSincePulse = Ingested.NO_TIME;
    }
}
