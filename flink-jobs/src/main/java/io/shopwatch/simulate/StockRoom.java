package io.shopwatch.simulate;

import io.shopwatch.simulate.Catalogue.Sku;
import java.util.List;

/**
 * What is on the shelves, by SKU and warehouse, and which of it is promised to orders. A shelf is addressed by its
 * number; the shelves of one SKU follow each other.
 */
final class StockRoom {
    /** One in this many attempts to order what is not there gets through: an oversell. */
    private static final double OVERSELL = 0.01;

    private static final int NO_INCIDENT = -1;

    /** Empty from the start: nothing ran out, so there is nothing to announce until it has been filled once. */
    private static final int NEVER_FILLED = -2;

    private final Sku[] skuOf;
    private final int[] warehouseOf;
    private final long[] onHand;
    private final long[] reserved;
    private final long[] reorderPoint;
    private final boolean[] awaiting;
    private final int[] stockOut;
    private final int[] oversell;
    private final int[] firstShelf;
    private final Truth truth;
    private int heldBackRank = -1;

    /**
     * Fills the shelves. Most hold one to four days' demand, some less than a day's, some only a few units and some
     * nothing, as in any shop on any day.
     *
     * @param unitsPerDay demand of all SKUs together
     */
    StockRoom(Catalogue catalogue, double unitsPerDay, SeededRandom random, Truth truth) {
        this.truth = truth;
        List<Sku> skus = catalogue.skus();
        int shelves = skus.stream().mapToInt(sku -> sku.warehouses().size()).sum();
        skuOf = new Sku[shelves];
        warehouseOf = new int[shelves];
        onHand = new long[shelves];
        reserved = new long[shelves];
        reorderPoint = new long[shelves];
        awaiting = new boolean[shelves];
        stockOut = new int[shelves];
        oversell = new int[shelves];
        firstShelf = new int[skus.size() + 1];
        int shelf = 0;
        for (Sku sku : skus) {
            firstShelf[sku.rank()] = shelf;
            double daily = unitsPerDay * catalogue.share(sku) / sku.warehouses().size();
            for (int warehouse : sku.warehouses()) {
                skuOf[shelf] = sku;
                warehouseOf[shelf] = warehouse;
                oversell[shelf] = NO_INCIDENT;
                // A day's demand and 95 % safety for a lead time of a day.
                reorderPoint[shelf] = (long) StrictMath.ceil(daily + 1.645 * StrictMath.sqrt(daily));
                stockUp(shelf, initial(reorderPoint[shelf], sku, random));
                shelf++;
            }
        }
        firstShelf[skus.size()] = shelf;
    }

    private static long initial(long reorderPoint, Sku sku, SeededRandom random) {
        double kind = random.nextDouble();
        double amount = random.nextDouble();
        if (kind < 0.025 && sku.rank() >= 20) {
            return 0;
        }
        if (kind < 0.06 && sku.rank() < 600) {
            return 1 + (long) (6 * amount);
        }
        if (kind < 0.11) {
            return 1 + (long) (reorderPoint * (0.2 + 0.7 * amount));
        }
        return 20 + (long) (reorderPoint * (1.3 + 2.7 * amount));
    }

    int shelves() {
        return skuOf.length;
    }

    Sku sku(int shelf) {
        return skuOf[shelf];
    }

    String warehouse(int shelf) {
        return Catalogue.WAREHOUSES.get(warehouseOf[shelf]);
    }

    long onHand(int shelf) {
        return onHand[shelf];
    }

    long available(int shelf) {
        return onHand[shelf] - reserved[shelf];
    }

    /** Whether any warehouse has the SKU. */
    boolean has(Sku sku) {
        for (int shelf = firstShelf[sku.rank()]; shelf < firstShelf[sku.rank() + 1]; shelf++) {
            if (available(shelf) > 0) {
                return true;
            }
        }
        return false;
    }

    int firstShelf(Sku sku) {
        return firstShelf[sku.rank()];
    }

    int endShelf(Sku sku) {
        return firstShelf[sku.rank() + 1];
    }

    /** The SKU of that rank is not reordered until it is released; −1 holds none back. */
    void holdBack(int rank) {
        heldBackRank = rank;
    }

    /** Sets a shelf's stock before the doors open. */
    void stockUp(int shelf, long units) {
        onHand[shelf] = units;
        stockOut[shelf] = units > 0 ? NO_INCIDENT : NEVER_FILLED;
    }

    /** The shelf that serves an order line, the nearest first; −1 when the line can't be had. */
    int choose(Sku sku, long quantity, int nearest, SeededRandom random) {
        int best = -1;
        for (int shelf = firstShelf(sku); shelf < endShelf(sku); shelf++) {
            if (available(shelf) >= quantity && (best < 0 || warehouseOf[shelf] == nearest)) {
                best = shelf;
            }
        }
        return best < 0 && random.chance(OVERSELL) ? firstShelf(sku) : best;
    }

    void reserve(int shelf, long units, long now) {
        reserved[shelf] += units;
        review(shelf, now);
    }

    void release(int shelf, long units, long now) {
        reserved[shelf] -= units;
        review(shelf, now);
    }

    void ship(int shelf, long units) {
        reserved[shelf] -= units;
        onHand[shelf] -= units;
    }

    void add(int shelf, long units, long now) {
        onHand[shelf] += units;
        review(shelf, now);
    }

    /** Whether a delivery should be ordered now; answers yes once, until {@link #delivered}. */
    boolean reorder(int shelf) {
        if (awaiting[shelf] || available(shelf) > reorderPoint[shelf] || skuOf[shelf].rank() == heldBackRank) {
            return false;
        }
        awaiting[shelf] = true;
        return true;
    }

    /** Units that fill the shelf again: three reorder points and a little. */
    long deliverySize(int shelf) {
        return Math.max(10, 20 + 3 * reorderPoint[shelf] - available(shelf));
    }

    boolean isHeldBack(int shelf) {
        return skuOf[shelf].rank() == heldBackRank;
    }

    void delivered(int shelf) {
        awaiting[shelf] = false;
    }

    private void review(int shelf, long now) {
        long available = available(shelf);
        stockOut[shelf] = note(stockOut[shelf], available <= 0, "stock_out", shelf, now);
        oversell[shelf] = note(oversell[shelf], available < 0, "oversell", shelf, now);
    }

    private int note(int incident, boolean holds, String kind, int shelf, long now) {
        if (holds && incident == NO_INCIDENT) {
            String place = skuOf[shelf].id() + "@" + warehouse(shelf);
            return truth.open(Incident.open(kind, "sku", place, now, "in warehouse " + warehouse(shelf))
                    .at(warehouse(shelf)));
        }
        if (!holds && incident >= 0) {
            truth.close(incident, now);
        }
        return holds ? incident : NO_INCIDENT;
    }
}
