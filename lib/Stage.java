package lib;

import java.util.Locale;

/** The stages of a deploy, in their order. */
public enum Stage {
    PREFLIGHT,
    BUILD,
    TOKEN,
    LOGIN,
    PUSH,
    DEPLOY,
    WAIT;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
