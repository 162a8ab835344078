//SOURCES ../Digest.java
//SOURCES LayerState.java
package lib.registry;

import lib.Digest;

/**
 * Told how far a push is, never by two threads at once. A layer is named by its digest in the archive; sizes in
 * bytes.
 */
public interface PushProgress {
    PushProgress SILENT = new PushProgress() {};

    /** @param bytes its size in the archive, of which {@link #layerBytes} counts */
    default void layerStarted(Digest layer, long bytes) {}

    /** @param bytes read and sent so far; falls back to 0 when a broken upload starts again */
    default void layerBytes(Digest layer, long bytes) {}

    default void layerDone(Digest layer, LayerState state) {}
}
