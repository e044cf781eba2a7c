package io.shopwatch.simulate;

import java.util.List;

/** Who comes, from where and on what; each channel and device converts in its own way. */
final class Audience {
    /** A marketing channel: its share, its campaigns (none for some), its appetite to buy. */
    record Channel(String name, double share, List<String> campaigns, double appetite) {}

    /** A kind of device: its share, its appetite to add to the cart, its success in checkout. */
    record Device(String name, double share, double appetite, double checkout) {}

    static final List<Channel> CHANNELS = List.of(
            new Channel("direct", 22, List.of(), 1.15),
            new Channel("organic_search", 28, List.of(), 1.0),
            new Channel("paid_search", 18, List.of("brand-search", "shopping-ads"), 1.1),
            new Channel("social", 14, List.of("influencers", "retargeting"), 0.65),
            new Channel("email", 8, List.of("newsletter", "cart-reminder"), 1.5),
            new Channel("affiliate", 6, List.of("partners"), 0.9),
            new Channel("display", 4, List.of("retargeting"), 0.55));

    static final List<Device> DEVICES = List.of(
            new Device("desktop", 27, 1.2, 1.15),
            new Device("ios", 33, 0.98, 1.0),
            new Device("android", 36, 0.86, 0.92),
            new Device("tablet", 4, 1.0, 1.0));

    static final List<String> REGIONS = List.of("northeast", "south", "midwest", "west");

    /** Index of the warehouse nearest to each region. */
    static final int[] NEAREST = {0, 0, 1, 2};

    static final List<String> PAYMENT_METHODS = List.of("card", "wallet", "paypal", "installments");

    private static final Weighted CHANNEL_SHARES = weighted(CHANNELS.stream().mapToDouble(Channel::share));
    private static final Weighted DEVICE_SHARES = weighted(DEVICES.stream().mapToDouble(Device::share));
    private static final Weighted REGION_SHARES = new Weighted(24, 34, 20, 22);
    private static final Weighted PAYMENT_SHARES = new Weighted(52, 24, 17, 7);

    private Audience() {}

    private static Weighted weighted(java.util.stream.DoubleStream shares) {
        return new Weighted(shares.toArray());
    }

    static Channel channel(SeededRandom random) {
        return CHANNELS.get(CHANNEL_SHARES.at(random.nextDouble()));
    }

    /** The device of a visitor, the same on every visit. */
    static Device deviceOf(long visitor) {
        return DEVICES.get(DEVICE_SHARES.at(unit(visitor, 1)));
    }

    /** The region of a visitor, the same on every visit. */
    static int regionOf(long visitor) {
        return REGION_SHARES.at(unit(visitor, 2));
    }

    static String paymentMethod(SeededRandom random) {
        return PAYMENT_METHODS.get(PAYMENT_SHARES.at(random.nextDouble()));
    }

    private static double unit(long visitor, long salt) {
        return (SeededRandom.mix(SeededRandom.mix(visitor + 1) + salt) >>> 11) * 0x1.0p-53;
    }
}
