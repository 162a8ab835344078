package lib.registry;

/**
 * Tells data that deflate can't make smaller, such as what is compressed or encrypted already, by the look of its
 * bytes.
 */
final class Entropy {
    /** Bits in a byte above which deflate would gain less than a hundredth. */
    private static final double DENSE = 7.95;

    private static final int SAMPLE = 1024;
    private static final int STRIDE = 4 * SAMPLE;
    /** Of a shorter block a histogram says too little. */
    private static final int SHORTEST = 1 << 16;

    private Entropy() {}

    static boolean isDense(byte[] block) {
        if (block.length < SHORTEST) return false;
        int[] counts = new int[256];
        int total = 0;
        for (int start = 0; start + SAMPLE <= block.length; start += STRIDE) {
            for (int i = start; i < start + SAMPLE; i++) counts[block[i] & 0xFF]++;
            total += SAMPLE;
        }
        // StrictMath, since the choice must be the same on every machine.
        double bits = 0;
        for (int count : counts) if (count > 0) bits -= count * StrictMath.log((double) count / total);
        return bits / total / StrictMath.log(2) > DENSE;
    }
}
