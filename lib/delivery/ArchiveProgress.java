//SOURCES ../Digest.java
//SOURCES ../cli/Console.java
//SOURCES ../registry/ImagePush.java
package lib.delivery;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Map;
import lib.Digest;
import lib.cli.Console;
import lib.registry.ImagePush;
import lib.registry.ImagePush.LayerState;

/** Tells how far the push of an archive is: bytes and layers on a terminal, a line a layer elsewhere. */
final class ArchiveProgress implements ImagePush.Progress {
    private final Console console;
    private final int layers;
    private final Map<Digest, Long> sizes = new HashMap<>();
    private final Map<Digest, Long> sent = new HashMap<>();
    private int done;

    ArchiveProgress(Console console, int layers) {
        this.console = console;
        this.layers = layers;
    }

    @Override
    public void layerStarted(Digest layer, long bytes) {
        sizes.put(layer, bytes);
        tell();
    }

    @Override
    public void layerBytes(Digest layer, long bytes) {
        sent.put(layer, bytes);
        tell();
    }

    @Override
    public void layerDone(Digest layer, LayerState state) {
        done++;
        tell();
        if (!console.isTerminal()) {
            console.say("  layer " + layer.hex().substring(0, 12) + "  " + size(sizes.getOrDefault(layer, 0L)) + "  "
                    + state);
        }
    }

    private void tell() {
        long bytes = sent.values().stream().mapToLong(Long::longValue).sum();
        console.progress("Pushing the image  " + done + "/" + layers + " layers  " + size(bytes));
    }

    private static String size(long bytes) {
        // Not by String.format, as in Timings.
        boolean small = bytes < 1_000_000;
        return BigDecimal.valueOf(bytes, small ? 3 : 6).setScale(1, RoundingMode.HALF_UP) + (small ? " kB" : " MB");
    }
}
