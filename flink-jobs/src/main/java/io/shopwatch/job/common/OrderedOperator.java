package io.shopwatch.job.common;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyGroupStatePartitionStreamProvider;
import org.apache.flink.runtime.state.KeyedStateCheckpointOutputStream;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.operators.AbstractUdfStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimeServiceManager;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Hands elements to an {@link OrderedFunction} in order of event time, once the watermark has passed them, and counts
 * what became of them.
 *
 * <p>Elements wait in a buffer by second, in memory: one list append per element and one sort per second, no state
 * access and no timer until their turn. A checkpoint writes the buffer as raw keyed state, by key group, so it survives
 * failures and rescaling.
 *
 * @param <I> elements
 * @param <O> results
 */
public final class OrderedOperator<I, O> extends AbstractUdfStreamOperator<O, OrderedFunction<I, O>>
        implements OneInputStreamOperator<I, O>, Triggerable<String, VoidNamespace> {

    /** Side output of the counts; see {@link Tally}. */
    public static final OutputTag<Tally> TALLIES = new OutputTag<>("tallies", TypeInformation.of(Tally.class));

    private static final long serialVersionUID = 1;
    private static final long SECOND = 1000;

    private final TypeSerializer<I> serializer;
    private final KeySelector<I, String> keys;

    private transient TreeMap<Long, List<I>> buffer;
    private transient int maxParallelism;
    private transient Comparator<I> sameInstant;

    /** The second that the last element belongs to: neighbours in time arrive together. */
    private transient List<I> lastSecond;

    private transient long lastSecondIs;
    private transient TallyBook tallies;
    private transient InternalTimerService<VoidNamespace> timers;
    private transient SharedTimers sharedTimers;
    private transient FunctionContext context;
    private transient long watermark;
    private transient ListState<Long> watermarks;

    /**
     * An element whose turn has come.
     *
     * @param group key group of the key
     */
    private record Due<I>(int group, String key, long time, I element) {}

    private OrderedOperator(OrderedFunction<I, O> function, TypeSerializer<I> serializer, KeySelector<I, String> keys) {
        super(function);
        this.serializer = serializer;
        this.keys = keys;
    }

    /** Attaches the function to a stream keyed by string; give the result a name and a uid. */
    public static <I, O> SingleOutputStreamOperator<O> apply(
            KeyedStream<I, String> stream, OrderedFunction<I, O> function, TypeInformation<O> results) {
        TypeSerializer<I> serializer = stream.getType()
                .createSerializer(stream.getExecutionEnvironment().getConfig().getSerializerConfig());
        return stream.transform(
                "Ordered", results, new OrderedOperator<>(function, serializer, stream.getKeySelector()));
    }

    /** The operator itself, for a test harness. */
    public static <I, O> OrderedOperator<I, O> of(
            OrderedFunction<I, O> function, TypeSerializer<I> serializer, KeySelector<I, String> keys) {
        return new OrderedOperator<>(function, serializer, keys);
    }

    @Override
    protected boolean isUsingCustomRawKeyedState() {
        return true;
    }

    @Override
    public void initializeState(StateInitializationContext init) throws Exception {
        super.initializeState(init);
        buffer = new TreeMap<>();
        maxParallelism = getRuntimeContext().getTaskInfo().getMaxNumberOfParallelSubtasks();
        watermark = Long.MIN_VALUE;
        watermarks =
                init.getOperatorStateStore().getUnionListState(new ListStateDescriptor<>("watermarks", Types.LONG));
        if (!init.isRestored()) {
            return;
        }
        // What was late before a failure is late after it; else it would be handed over after what came later.
        for (long reached : watermarks.get()) {
            watermark = watermark == Long.MIN_VALUE ? reached : Math.min(watermark, reached);
        }
        for (KeyGroupStatePartitionStreamProvider group : init.getRawKeyedStateInputs()) {
            DataInputViewStreamWrapper in = new DataInputViewStreamWrapper(group.getStream());
            for (int n = in.readInt(); n > 0; n--) {
                I element = serializer.deserialize(in);
                add(element, userFunction.timeOf(element));
            }
            userFunction.words().read(group.getKeyGroupId(), in);
        }
    }

    @Override
    public void open() throws Exception {
        // By its own type: around it may be another backend that has to be told.
        userFunction.onHeap(getKeyedStateBackend() instanceof HeapKeyedStateBackend);
        super.open();
        timers = getInternalTimerService("timers", VoidNamespaceSerializer.INSTANCE, this);
        TaskInfo task = getRuntimeContext().getTaskInfo();
        KeyGroupRange groups = KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(
                maxParallelism, task.getNumberOfParallelSubtasks(), task.getIndexOfThisSubtask());
        sharedTimers = new SharedTimers(new Waking(), groups, maxParallelism);
        tallies = new TallyBook();
        context = new FunctionContext();
        sameInstant = userFunction.order();
    }

    // By key before time: only the order within a key matters, and RocksDB finds a key fast when it has just had its
    // neighbour. One method instead of comparators of comparators: it is called some fifteen times per element.
    private int compare(Due<I> a, Due<I> b) {
        if (a.group != b.group) {
            return a.group < b.group ? -1 : 1;
        }
        int byKey = a.key.compareTo(b.key);
        if (byKey != 0) {
            return byKey;
        }
        return a.time != b.time ? Long.compare(a.time, b.time) : sameInstant.compare(a.element, b.element);
    }

    /** Nobody asks for the key of what only begins to wait, and setting it costs as much as waiting. */
    @Override
    public boolean hasKeyContext1() {
        return false;
    }

    @Override
    public void processElement(StreamRecord<I> record) throws Exception {
        I element = record.getValue();
        long time = userFunction.timeOf(element);
        if (time > watermark) {
            add(element, time);
            return;
        }
        setCurrentKey(keys.getKey(element));
        context.start();
        userFunction.onLate(element, context);
        count(element, Outcome.LATE, time);
    }

    private void add(I element, long time) {
        long second = Math.floorDiv(time, SECOND);
        if (lastSecond == null || second != lastSecondIs) {
            lastSecond = buffer.computeIfAbsent(second, s -> new ArrayList<>());
            lastSecondIs = second;
        }
        lastSecond.add(element);
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        long reached = mark.getTimestamp();
        lastSecond = null; // it may leave the buffer now
        while (!buffer.isEmpty() && buffer.firstKey() * SECOND <= reached) {
            long second = buffer.firstKey();
            List<I> due = buffer.remove(second);
            if (reached - second * SECOND < SECOND - 1) {
                List<I> rest = new ArrayList<>();
                List<I> now = new ArrayList<>(due.size());
                for (I element : due) {
                    (userFunction.timeOf(element) > reached ? rest : now).add(element);
                }
                if (!rest.isEmpty()) {
                    buffer.put(second, rest);
                }
                handOver(now);
                break;
            }
            handOver(due);
        }
        watermark = Math.max(watermark, reached);
        flushTallies();
        // What the superclass does, but between timers and those who come after.
        InternalTimeServiceManager<?> timeService = getTimeServiceManager().orElse(null);
        if (timeService != null) {
            timeService.advanceWatermark(mark);
        }
        sharedTimers.reached(reached);
        userFunction.onReached(reached, context);
        output.emitWatermark(mark);
    }

    private int groupOf(String key) {
        return KeyGroupRangeAssignment.assignToKeyGroup(key, maxParallelism);
    }

    private void handOver(List<I> elements) throws Exception {
        List<Due<I>> due = new ArrayList<>(elements.size());
        for (I element : elements) {
            String key = keys.getKey(element);
            due.add(new Due<>(groupOf(key), key, userFunction.timeOf(element), element));
        }
        due.sort(this::compare);
        List<I> instant = new ArrayList<>(4);
        int i = 0;
        while (i < due.size()) {
            Due<I> head = due.get(i);
            instant.clear();
            Due<I> next = head;
            while (next != null && next.time == head.time && next.key.equals(head.key)) {
                instant.add(next.element);
                next = ++i < due.size() ? due.get(i) : null;
            }
            setCurrentKey(head.key);
            context.start();
            userFunction.onInstant(instant, context);
            for (I element : instant) {
                count(element, Outcome.ACCEPTED, head.time);
            }
        }
    }

    /** Counts one element of the current call, unless it was among the duplicates that the function reported. */
    private void count(I element, Outcome outcome, long time) {
        EventStream stream = userFunction.countedAs(element);
        if (stream == null) {
            return;
        }
        if (context.duplicates[stream.ordinal()] > 0) {
            context.duplicates[stream.ordinal()]--;
            tallies.count(stream, Outcome.DUPLICATE, 1, Long.MIN_VALUE);
        } else {
            tallies.count(stream, outcome, 1, time);
        }
    }

    private void flushTallies() {
        tallies.flush(tally -> output.collect(TALLIES, new StreamRecord<>(tally)));
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        super.prepareSnapshotPreBarrier(checkpointId);
        flushTallies();
        userFunction.beforeCheckpoint(context);
    }

    @Override
    public void finish() throws Exception {
        flushTallies();
        userFunction.beforeCheckpoint(context);
        super.finish();
    }

    @Override
    public void snapshotState(StateSnapshotContext snapshot) throws Exception {
        super.snapshotState(snapshot);
        // The end of a bounded input is no time that was reached.
        watermarks.update(watermark == Long.MIN_VALUE || watermark == Long.MAX_VALUE ? List.of() : List.of(watermark));
        sharedTimers.store();
        Map<Integer, List<I>> byGroup = new HashMap<>();
        for (List<I> second : buffer.values()) {
            for (I element : second) {
                byGroup.computeIfAbsent(groupOf(keys.getKey(element)), g -> new ArrayList<>())
                        .add(element);
            }
        }
        KeyedStateCheckpointOutputStream stream = snapshot.getRawKeyedOperatorStateOutput();
        // The stream takes every byte by itself: a key group is gathered first.
        DataOutputSerializer out = new DataOutputSerializer(1024);
        for (int group : stream.getKeyGroupList()) {
            stream.startNewKeyGroup(group);
            List<I> waiting = byGroup.getOrDefault(group, List.of());
            out.writeInt(waiting.size());
            for (I element : waiting) {
                serializer.serialize(element, out);
            }
            userFunction.words().write(group, out);
            stream.write(out.getSharedBuffer(), 0, out.length());
            out.clear();
        }
    }

    @Override
    public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
        context.start();
        userFunction.onTimer(timer.getTimestamp(), context);
    }

    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
        throw new IllegalStateException("no processing-time timer is ever registered");
    }

    /** Number of elements that wait for the watermark. */
    public int buffered() {
        return buffer.values().stream().mapToInt(List::size).sum();
    }

    private final class FunctionContext implements OrderedFunction.Context<O> {
        private final StreamRecord<O> reused = new StreamRecord<>(null);
        private final int[] duplicates = new int[EventStream.values().length];

        void start() {
            Arrays.fill(duplicates, 0);
        }

        @Override
        public void collect(O result) {
            reused.eraseTimestamp();
            output.collect(reused.replace(result));
        }

        @Override
        public <X> void output(OutputTag<X> tag, X value) {
            output.collect(tag, new StreamRecord<>(value));
        }

        @Override
        public void registerTimer(long time) {
            timers.registerEventTimeTimer(VoidNamespace.INSTANCE, time);
        }

        @Override
        public void deleteTimer(long time) {
            timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, time);
        }

        @Override
        public void wakeAt(long time) throws Exception {
            sharedTimers.add(key(), time);
        }

        @Override
        public String key() {
            return (String) getCurrentKey();
        }

        @Override
        public int keyGroup() {
            return groupOf(key());
        }

        @Override
        public long watermark() {
            return watermark;
        }

        @Override
        public void countDuplicate(EventStream stream) {
            duplicates[stream.ordinal()]++;
        }
    }

    /** Timers of key groups, and the keys they wake. */
    private final class Waking implements SharedTimers.Operator, Triggerable<String, VoidNamespace> {
        private final ListStateDescriptor<byte[]> keys =
                new ListStateDescriptor<>("shared-timers", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

        private final InternalTimerService<VoidNamespace> groups =
                getInternalTimerService("shared-timers", VoidNamespaceSerializer.INSTANCE, this);

        @Override
        public void setCurrentKey(String key) {
            OrderedOperator.this.setCurrentKey(key);
        }

        @Override
        public void register(long time) {
            groups.registerEventTimeTimer(VoidNamespace.INSTANCE, time);
        }

        @Override
        public ListState<byte[]> keysAt(long time) throws Exception {
            return getPartitionedState(time, LongSerializer.INSTANCE, keys);
        }

        @Override
        public void wake(long time) throws Exception {
            context.start();
            userFunction.onTimer(time, context);
        }

        @Override
        public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
            sharedTimers.due(timer.getKey(), timer.getTimestamp());
        }

        @Override
        public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
            throw new IllegalStateException("no processing-time timer is ever registered");
        }
    }
}
