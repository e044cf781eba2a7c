package io.shopwatch.job.common;

import io.shopwatch.domain.event.ShopEvent;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Flink's types of what is serialised by hand. */
public final class EventTypes {
    /** Events, by {@link ShopEventSerializer}. */
    public static final TypeInformation<ShopEvent> SHOP_EVENT = of(ShopEvent.class, new ShopEventSerializer());

    /** Packed events, by their own serializer. */
    public static final TypeInformation<PackedEvent> PACKED_EVENT = of(PackedEvent.class, new PackedEvent.Serializer());

    /** Keys of state, by {@link KeySerializer}. */
    public static final TypeInformation<String> KEY = new OwnType<>(String.class, true, KeySerializer.INSTANCE);

    private EventTypes() {}

    /** A type that is serialised by that alone. */
    public static <T> TypeInformation<T> of(Class<T> type, TypeSerializer<T> serializer) {
        return new OwnType<>(type, false, serializer);
    }

    /** A type with one serializer of our own. */
    private static final class OwnType<T> extends TypeInformation<T> {
        private static final long serialVersionUID = 1;

        private final Class<T> type;
        private final boolean isKey;
        private final TypeSerializer<T> serializer;

        OwnType(Class<T> type, boolean isKey, TypeSerializer<T> serializer) {
            this.type = type;
            this.isKey = isKey;
            this.serializer = serializer;
        }

        @Override
        public boolean isBasicType() {
            return false;
        }

        @Override
        public boolean isTupleType() {
            return false;
        }

        @Override
        public int getArity() {
            return 1;
        }

        @Override
        public int getTotalFields() {
            return 1;
        }

        @Override
        public Class<T> getTypeClass() {
            return type;
        }

        @Override
        public boolean isKeyType() {
            return isKey;
        }

        @Override
        public TypeSerializer<T> createSerializer(SerializerConfig config) {
            return serializer.duplicate();
        }

        @Override
        public boolean canEqual(Object other) {
            return other instanceof OwnType;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof OwnType<?> own && type == own.type;
        }

        @Override
        public int hashCode() {
            return type.hashCode();
        }

        @Override
        public String toString() {
            return type.getSimpleName();
        }
    }
}
