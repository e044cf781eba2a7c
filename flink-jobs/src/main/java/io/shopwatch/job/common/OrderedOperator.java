package io.shopwatch.job.common;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * <p>Elements wait in memory, as bytes and by time: no state access and no timer until their turn. A checkpoint writes them
 * as raw keyed state, by key group, so they survive failures and rescaling.
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
    private static final int NO_GROUP = -1;

    /** Key groups have numbers of 15 bits, and so much of a key's hash fits beside them. */
    private static final int HASH_BITS = 16;

    private static final int HASH_MASK = (1 << HASH_BITS) - 1;

    private final TypeSerializer<I> serializer;
    private final KeySelector<I, String> keys;

    private transient WaitingElements<I> waiting;
    private transient KeyGroupRange keyGroups;
    private transient GroupKeys groupKeys;
    private transient Comparator<I> sameInstant;
    private transient boolean onHeap;

    /** State in pages of many keys. If there is any, only the key group's own key has to be the state's current one. */
    private transient List<PagedBytes> pages;

    private transient String currentKey;
    private transient int currentGroup;

    /** The key group whose own key is the state's current one, or {@link #NO_GROUP}. */
    private transient int selectedGroup;

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

    /** What waits in a key group, for a checkpoint. */
    private static final class Group {
        private static final Group NONE = new Group();

        private final DataOutputSerializer bytes = new DataOutputSerializer(256);
        private int size;
    }

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
        waiting = new WaitingElements<>(serializer.duplicate(), userFunction::timeOf);
        TaskInfo task = getRuntimeContext().getTaskInfo();
        int maxParallelism = task.getMaxNumberOfParallelSubtasks();
        keyGroups = KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(
                maxParallelism, task.getNumberOfParallelSubtasks(), task.getIndexOfThisSubtask());
        groupKeys = new GroupKeys(keyGroups, maxParallelism);
        selectedGroup = NO_GROUP;
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
                waiting.add(element, userFunction.timeOf(element));
            }
            userFunction.words().read(group.getKeyGroupId(), in);
        }
    }

    @Override
    public void open() throws Exception {
        // By its own type: around it may be another backend that has to be told.
        onHeap = getKeyedStateBackend() instanceof HeapKeyedStateBackend;
        context = new FunctionContext();
        pages = new ArrayList<>();
        userFunction.state(this::bytes);
        super.open();
        timers = getInternalTimerService("timers", VoidNamespaceSerializer.INSTANCE, this);
        sharedTimers = new SharedTimers(new Waking(), keyGroups, groupKeys);
        tallies = new TallyBook();
        sameInstant = userFunction.order();
    }

    private KeyedBytes bytes(String name) throws Exception {
        if (!onHeap) {
            return new StoredBytes(getRuntimeContext().getState(StoredBytes.descriptor(name)));
        }
        PagedBytes bytes = new PagedBytes(name, getKeyedStateBackend(), keyGroups, groupKeys, context);
        pages.add(bytes);
        return bytes;
    }

    @Override
    public void setCurrentKey(Object key) {
        super.setCurrentKey(key);
        selectedGroup = NO_GROUP;
    }

    /** Makes it the key that the function works on. */
    private void select(String key, int group) throws Exception {
        currentKey = key;
        currentGroup = group;
        if (pages.isEmpty()) {
            setCurrentKey(key);
        } else if (group != selectedGroup) {
            this.<String>getKeyedStateBackend().setCurrentKeyAndKeyGroup(groupKeys.of(group), group);
            selectedGroup = group;
        }
    }

    private void select(String key) throws Exception {
        select(key, groupKeys.groupOf(key));
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
            waiting.add(element, time);
            return;
        }
        select(keys.getKey(element));
        context.start();
        userFunction.onLate(element, context);
        count(element, Outcome.LATE, time);
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        long reached = mark.getTimestamp();
        // On the heap a few at a time, which the processor's cache holds until their turn comes.
        long together = onHeap ? WaitingElements.STEP_MILLIS : SECOND;
        List<I> due = waiting.take(reached, together);
        while (!due.isEmpty()) {
            handOver(due);
            due = waiting.take(reached, together);
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

    private void handOver(List<I> elements) throws Exception {
        List<Due<I>> due = new ArrayList<>(elements.size());
        for (I element : elements) {
            String key = keys.getKey(element);
            due.add(new Due<>(groupKeys.groupOf(key), key, userFunction.timeOf(element), element));
        }
        if (!onHeap) {
            due.sort(this::compare);
            handOverSorted(due);
            return;
        }
        // Only those of one key have to be found, and numbers sort in a fraction of the time. Key group by key group,
        // for each has its own words and tables.
        long[] order = new long[due.size()];
        for (int i = 0; i < order.length; i++) {
            Due<I> one = due.get(i);
            int groupAndHash = (one.group << HASH_BITS) | (one.key.hashCode() & HASH_MASK);
            order[i] = ((long) groupAndHash << Integer.SIZE) | i;
        }
        Arrays.sort(order);
        List<Due<I>> alike = new ArrayList<>();
        for (int i = 0; i < order.length; ) {
            alike.clear();
            long groupAndHash = order[i] >> Integer.SIZE;
            for (; i < order.length && order[i] >> Integer.SIZE == groupAndHash; i++) {
                alike.add(due.get((int) order[i]));
            }
            if (alike.size() > 1) {
                alike.sort(this::compare);
            }
            handOverSorted(alike);
        }
    }

    private void handOverSorted(List<Due<I>> due) throws Exception {
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
            select(head.key, head.group);
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
        pages.forEach(PagedBytes::onCheckpoint);
        // The end of a bounded input is no time that was reached.
        watermarks.update(watermark == Long.MIN_VALUE || watermark == Long.MAX_VALUE ? List.of() : List.of(watermark));
        sharedTimers.store();
        Map<Integer, Group> byGroup = new HashMap<>();
        waiting.forEach((element, bytes, offset, length) -> {
            Group group = byGroup.computeIfAbsent(groupKeys.groupOf(keys.getKey(element)), g -> new Group());
            group.size++;
            group.bytes.write(bytes, offset, length);
        });
        KeyedStateCheckpointOutputStream stream = snapshot.getRawKeyedOperatorStateOutput();
        // The stream takes every byte by itself: a key group is gathered first.
        DataOutputSerializer out = new DataOutputSerializer(1024);
        for (int group : stream.getKeyGroupList()) {
            stream.startNewKeyGroup(group);
            Group elements = byGroup.getOrDefault(group, Group.NONE);
            out.writeInt(elements.size);
            out.write(elements.bytes.getSharedBuffer(), 0, elements.bytes.length());
            userFunction.words().write(group, out);
            stream.write(out.getSharedBuffer(), 0, out.length());
            out.clear();
        }
    }

    @Override
    public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
        select(timer.getKey());
        context.start();
        userFunction.onTimer(timer.getTimestamp(), context);
    }

    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
        throw new IllegalStateException("no processing-time timer is ever registered");
    }

    /** Number of elements that wait for the watermark. */
    public int buffered() {
        return waiting.size();
    }

    private final class FunctionContext implements OrderedFunction.Context<O>, PagedBytes.CurrentKey {
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
        public void registerTimer(long time) throws Exception {
            // Timers are of the state's current key, which is not always this one.
            OrderedOperator.this.setCurrentKey(currentKey);
            timers.registerEventTimeTimer(VoidNamespace.INSTANCE, time);
            select(currentKey, currentGroup);
        }

        @Override
        public void deleteTimer(long time) throws Exception {
            OrderedOperator.this.setCurrentKey(currentKey);
            timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, time);
            select(currentKey, currentGroup);
        }

        @Override
        public void wakeAt(long time) throws Exception {
            sharedTimers.add(currentKey, time);
        }

        @Override
        public String key() {
            return currentKey;
        }

        @Override
        public int keyGroup() {
            return currentGroup;
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
        public void setCurrentKey(String key) throws Exception {
            select(key);
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
