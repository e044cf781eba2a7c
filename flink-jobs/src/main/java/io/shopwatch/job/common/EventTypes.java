package io.shopwatch.job.common;

import io.shopwatch.domain.event.ShopEvent;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Flink's type of {@link ShopEvent}: that of {@link ShopEventSerializer}. */
public final class EventTypes {
    /** The type. */
    public static final TypeInformation<ShopEvent> SHOP_EVENT = new ShopEventInformation();

    private EventTypes() {}

    private static final class ShopEventInformation extends TypeInformation<ShopEvent> {
        private static final long serialVersionUID = 1;

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
        public Class<ShopEvent> getTypeClass() {
            return ShopEvent.class;
        }

        @Override
        public boolean isKeyType() {
            return false;
        }

        @Override
        public TypeSerializer<ShopEvent> createSerializer(SerializerConfig config) {
            return new ShopEventSerializer();
        }

        @Override
        public boolean canEqual(Object other) {
            return other instanceof ShopEventInformation;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof ShopEventInformation;
        }

        @Override
        public int hashCode() {
            return ShopEvent.class.hashCode();
        }

        @Override
        public String toString() {
            return "ShopEvent";
        }
    }
}
