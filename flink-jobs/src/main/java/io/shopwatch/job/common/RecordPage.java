package io.shopwatch.job.common;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What is kept of a few dozen keys in one array of bytes. A hundred small objects for twenty visitors are a hundred places
 * in memory, each of which an event waits for, the garbage collector looks at and a checkpoint has to find; this is one.
 *
 * <p>An array has a header, then one record behind the other, free room, and from its end backwards a slot for each record:
 * the hash of its key, and where it begins. A record is the length of its key, how many bytes its value may have, the key and
 * the value. A value that has become too long is written anew behind the last record; what it leaves is dead until the array
 * is filled, and then all are moved together, in a longer array if that is too little.
 */
final class RecordPage {
    /** The slot of a key that is not there. */
    static final int NOWHERE = -1;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    // The header: number of records, end of the last one, bytes of dead ones
    private static final int COUNT_AT = 0;
    private static final int END_AT = 4;
    private static final int DEAD_AT = 8;
    private static final int HEADER = 12;

    private static final int SLOT = 8;
    private static final int OFFSET_IN_SLOT = 4;

    /** What a slot has instead of an offset while its record is replaced. */
    private static final int DEAD = 0;

    private static final int GRAIN = 8;
    private static final int SMALLEST = 64;

    private RecordPage() {}

    /** An array without records, but with room for some bytes of them. */
    static byte[] empty(int room) {
        byte[] page = new byte[lengthFor(HEADER + room)];
        INT.set(page, END_AT, HEADER);
        return page;
    }

    /** A third more than is needed, so that it takes some time until it is too little. */
    private static int lengthFor(int needed) {
        return Math.max(SMALLEST, Math.addExact(needed, needed / 3 + GRAIN - 1) / GRAIN * GRAIN);
    }

    /** Number of records. */
    static int count(byte[] page) {
        return (int) INT.get(page, COUNT_AT);
    }

    /** Bytes that records take, with their slots and without those that are dead. */
    static int used(byte[] page) {
        return end(page) - HEADER - dead(page) + SLOT * count(page);
    }

    private static int end(byte[] page) {
        return (int) INT.get(page, END_AT);
    }

    private static int dead(byte[] page) {
        return (int) INT.get(page, DEAD_AT);
    }

    private static int slotAt(byte[] page, int slot) {
        return page.length - SLOT * (slot + 1);
    }

    private static int hashOf(byte[] page, int slot) {
        return (int) INT.get(page, slotAt(page, slot));
    }

    private static int offsetOf(byte[] page, int slot) {
        return (int) INT.get(page, slotAt(page, slot) + OFFSET_IN_SLOT);
    }

    private static void setSlot(byte[] page, int slot, int hash, int offset) {
        INT.set(page, slotAt(page, slot), hash);
        INT.set(page, slotAt(page, slot) + OFFSET_IN_SLOT, offset);
    }

    // Lengths: seven bits a byte, lowest first.

    private static int lengthOf(int number) {
        int length = 1;
        for (int rest = number >>> 7; rest != 0; rest >>>= 7) {
            length++;
        }
        return length;
    }

    private static int readNumber(byte[] page, int at) {
        int number = page[at] & 0x7F;
        for (int i = 1; page[at + i - 1] < 0; i++) {
            number |= (page[at + i] & 0x7F) << (7 * i);
        }
        return number;
    }

    private static int writeNumber(byte[] page, int at, int number) {
        int next = at;
        int rest = number;
        while (rest > 0x7F) {
            page[next++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        page[next++] = (byte) rest;
        return next;
    }

    private static int recordLength(int keyLength, int room) {
        return lengthOf(keyLength) + lengthOf(room) + keyLength + room;
    }

    private static int recordLength(byte[] page, int offset) {
        int keyLength = readNumber(page, offset);
        return recordLength(keyLength, readNumber(page, offset + lengthOf(keyLength)));
    }

    /** The slot of a key, or {@link #NOWHERE}; good until something is added or removed. */
    static int find(byte[] page, int hash, byte[] key) {
        int count = count(page);
        for (int slot = 0; slot < count; slot++) {
            if (hashOf(page, slot) == hash && hasKey(page, offsetOf(page, slot), key)) {
                return slot;
            }
        }
        return NOWHERE;
    }

    private static boolean hasKey(byte[] page, int offset, byte[] key) {
        if (readNumber(page, offset) != key.length) {
            return false;
        }
        int lengths = lengthOf(key.length);
        int from = offset + lengths + lengthOf(readNumber(page, offset + lengths));
        return Arrays.equals(page, from, from + key.length, key, 0, key.length);
    }

    /** How many bytes the value of a slot may have. */
    static int room(byte[] page, int slot) {
        int offset = offsetOf(page, slot);
        return readNumber(page, offset + lengthOf(readNumber(page, offset)));
    }

    /** Where the value of a slot begins. */
    static int valueAt(byte[] page, int slot) {
        int offset = offsetOf(page, slot);
        int keyLength = readNumber(page, offset);
        int roomAt = offset + lengthOf(keyLength);
        return roomAt + lengthOf(readNumber(page, roomAt)) + keyLength;
    }

    /**
     * Gives a value more room; what it was is lost.
     *
     * @param slot its slot, or {@link #NOWHERE} for a new key, whose slot is the last one then
     * @param room bytes that the value may have
     * @return the same array, or one that takes its place
     */
    static byte[] reserve(byte[] page, int slot, int hash, byte[] key, int room) {
        byte[] target = page;
        int needed = recordLength(key.length, room);
        if (slot == NOWHERE) {
            target = withRoom(target, needed + SLOT);
        } else {
            INT.set(target, DEAD_AT, dead(target) + recordLength(target, offsetOf(target, slot)));
            setSlot(target, slot, hash, DEAD);
            target = withRoom(target, needed);
        }
        int count = count(target);
        int offset = end(target);
        int roomAt = writeNumber(target, offset, key.length);
        System.arraycopy(key, 0, target, writeNumber(target, roomAt, room), key.length);
        INT.set(target, END_AT, offset + needed);
        if (slot == NOWHERE) {
            INT.set(target, COUNT_AT, count + 1);
        }
        setSlot(target, slot == NOWHERE ? count : slot, hash, offset);
        return target;
    }

    private static byte[] withRoom(byte[] page, int needed) {
        if (page.length - SLOT * count(page) - end(page) >= needed) {
            return page;
        }
        int least = HEADER + used(page) + needed;
        if (least > page.length - page.length / GRAIN) {
            byte[] longer = empty(least - HEADER);
            addAll(page, longer);
            return longer;
        }
        // So much of it is dead that it is enough to move the others together.
        byte[] before = page.clone();
        INT.set(page, COUNT_AT, 0);
        INT.set(page, END_AT, HEADER);
        INT.set(page, DEAD_AT, 0);
        addAll(before, page);
        return page;
    }

    /** Adds the records of another array, for which there must be room, in the order of their slots. */
    private static void addAll(byte[] from, byte[] to) {
        int count = count(from);
        for (int slot = 0; slot < count; slot++) {
            add(from, slot, to);
        }
    }

    private static void add(byte[] from, int slot, byte[] to) {
        int count = count(to);
        int offset = offsetOf(from, slot);
        int end = end(to);
        setSlot(to, count, hashOf(from, slot), offset == DEAD ? DEAD : end);
        INT.set(to, COUNT_AT, count + 1);
        if (offset != DEAD) {
            int length = recordLength(from, offset);
            System.arraycopy(from, offset, to, end, length);
            INT.set(to, END_AT, end + length);
        }
    }

    /**
     * Removes a record.
     *
     * @return the same array, or a shorter one that takes its place
     */
    static byte[] remove(byte[] page, int slot) {
        INT.set(page, DEAD_AT, dead(page) + recordLength(page, offsetOf(page, slot)));
        int last = count(page) - 1;
        setSlot(page, slot, hashOf(page, last), offsetOf(page, last));
        INT.set(page, COUNT_AT, last);
        if (page.length <= SMALLEST || HEADER + used(page) > page.length / 4) {
            return page;
        }
        byte[] shorter = empty(used(page));
        addAll(page, shorter);
        return shorter;
    }

    /** A new array with those records whose hash has that value in the bits of the mask. */
    static byte[] select(byte[] page, int mask, int value) {
        int count = count(page);
        int room = 0;
        for (int slot = 0; slot < count; slot++) {
            if ((hashOf(page, slot) & mask) == value) {
                room += recordLength(page, offsetOf(page, slot)) + SLOT;
            }
        }
        byte[] selected = empty(room);
        for (int slot = 0; slot < count; slot++) {
            if ((hashOf(page, slot) & mask) == value) {
                add(page, slot, selected);
            }
        }
        return selected;
    }

    /** A new array with the records of both, which have no key in common. */
    static byte[] join(byte[] page, byte[] other) {
        byte[] both = empty(used(page) + used(other));
        addAll(page, both);
        addAll(other, both);
        return both;
    }

    /** Flink's binary form: the records with what is dead among them, and the slots; not the free room. */
    static final class Serializer extends TypeSerializer<byte[]> {
        private static final long serialVersionUID = 1;

        private transient WritingTurns turns;

        @Override
        public TypeSerializer<byte[]> duplicate() {
            return new Serializer();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Serializer;
        }

        @Override
        public int hashCode() {
            return Serializer.class.hashCode();
        }

        @Override
        public boolean isImmutableType() {
            return false;
        }

        @Override
        public byte[] createInstance() {
            return empty(0);
        }

        @Override
        public byte[] copy(byte[] from) {
            return from.clone();
        }

        @Override
        public byte[] copy(byte[] from, byte[] reuse) {
            return from.clone();
        }

        @Override
        public int getLength() {
            return -1;
        }

        @Override
        public void serialize(byte[] page, DataOutputView out) throws IOException {
            if (turns == null) {
                turns = new WritingTurns();
            }
            int slots = SLOT * count(page);
            turns.await(end(page) + slots);
            out.writeInt(end(page));
            out.writeInt(slots);
            out.write(page, 0, end(page));
            out.write(page, page.length - slots, slots);
        }

        @Override
        public byte[] deserialize(DataInputView in) throws IOException {
            int end = in.readInt();
            int slots = in.readInt();
            byte[] page = new byte[lengthFor(end + slots)];
            in.readFully(page, 0, end);
            in.readFully(page, page.length - slots, slots);
            return page;
        }

        @Override
        public byte[] deserialize(byte[] reuse, DataInputView in) throws IOException {
            return deserialize(in);
        }

        @Override
        public void copy(DataInputView in, DataOutputView out) throws IOException {
            serialize(deserialize(in), out);
        }

        @Override
        public TypeSerializerSnapshot<byte[]> snapshotConfiguration() {
            return new Snapshot();
        }
    }

    /** What a checkpoint remembers of the serializer: its class. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<byte[]> {
        public Snapshot() {
            super(Serializer::new);
        }
    }
}
