package io.shopwatch.simulate;

import io.shopwatch.domain.event.Money;
import java.util.ArrayList;
import java.util.List;

/** The assortment: 2,000 SKUs in 12 categories; few are wanted by many (Zipf–Mandelbrot), prices stay. */
final class Catalogue {
    static final int SKUS = 2000;
    static final List<String> WAREHOUSES = List.of("east", "central", "west");

    private static final List<String> CATEGORIES = List.of(
            "phones",
            "computers",
            "appliances",
            "electronics",
            "fashion",
            "shoes", //
            "beauty",
            "grocery",
            "toys",
            "sports",
            "home",
            "books");
    private static final double[] MEDIAN_PRICE = {420, 760, 260, 90, 38, 62, 19, 9, 24, 45, 55, 14};
    private static final double[] CATEGORY_SIZE = {8, 6, 7, 10, 14, 9, 10, 9, 7, 7, 8, 5};

    /** Ranks of the SKUs that flash sales promote. */
    private static final int FIRST_PROMOTED = 10;

    private static final int PROMOTED = 20;

    /** A SKU: its rank by popularity (0 is the best seller), its price in 1/10000, the warehouses that hold it. */
    record Sku(int rank, String id, String category, int categoryIndex, long unitPrice, List<Integer> warehouses) {}

    private final List<Sku> byRank = new ArrayList<>(SKUS);
    private final Weighted popularity;
    private final List<List<Sku>> byCategory = new ArrayList<>();
    private final List<Weighted> popularityInCategory = new ArrayList<>();

    Catalogue(long seed) {
        SeededRandom random = new SeededRandom(seed ^ 0x5a0b5L);
        int[] numbers = new int[SKUS];
        for (int i = 0; i < SKUS; i++) {
            int other = random.below(i + 1);
            numbers[i] = numbers[other];
            numbers[other] = i + 1;
        }
        Weighted sizes = new Weighted(CATEGORY_SIZE);
        double[] weights = new double[SKUS];
        for (String ignored : CATEGORIES) {
            byCategory.add(new ArrayList<>());
        }
        for (int rank = 0; rank < SKUS; rank++) {
            // Every category has SKUs, the first ranks take them in turn.
            int category = rank < CATEGORIES.size() ? rank : sizes.at(random.nextDouble());
            double price = Math.max(1, random.logNormal(MEDIAN_PRICE[category], 0.5));
            long unitPrice = ((long) price) * Money.SCALE + 99 * Money.SCALE / 100;
            String id = "SKU-" + Integer.toString(10_000 + numbers[rank]).substring(1);
            Sku sku = new Sku(rank, id, CATEGORIES.get(category), category, unitPrice, warehouses(rank, random));
            byRank.add(sku);
            byCategory.get(category).add(sku);
            weights[rank] = StrictMath.pow(rank + 8, -0.95);
        }
        popularity = new Weighted(weights);
        for (List<Sku> skus : byCategory) {
            popularityInCategory.add(new Weighted(
                    skus.stream().mapToDouble(sku -> weights[sku.rank()]).toArray()));
        }
    }

    private static List<Integer> warehouses(int rank, SeededRandom random) {
        int first = random.below(WAREHOUSES.size());
        int count = rank < 100 ? 2 + random.below(2) : random.chance(0.25) ? 2 : 1;
        List<Integer> held = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            held.add((first + i) % WAREHOUSES.size());
        }
        return List.copyOf(held);
    }

    List<Sku> skus() {
        return byRank;
    }

    Sku ofRank(int rank) {
        return byRank.get(rank);
    }

    Sku any(SeededRandom random) {
        return byRank.get(popularity.at(random.nextDouble()));
    }

    Sku anyOf(int category, SeededRandom random) {
        return byCategory.get(category).get(popularityInCategory.get(category).at(random.nextDouble()));
    }

    Sku anyPromoted(SeededRandom random) {
        return byRank.get(FIRST_PROMOTED + random.below(PROMOTED));
    }

    boolean isPromoted(Sku sku) {
        return sku.rank() >= FIRST_PROMOTED && sku.rank() < FIRST_PROMOTED + PROMOTED;
    }

    /** Share of all demand that falls on the SKU. */
    double share(Sku sku) {
        return popularity.share(sku.rank());
    }
}
