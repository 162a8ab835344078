package lib.registry;

import java.util.Locale;

/** What happened to a layer. */
public enum LayerState {
    PUSHED,
    /** It was in the repository already. */
    EXISTS;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
