package lib.registry;

import java.util.Locale;

/** What becomes of the layers that lie in the archive as plain tars; a layer that is packed already stays as it is. */
public enum Compression {
    GZIP,
    NONE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
