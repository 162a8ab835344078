//SOURCES ../Printable.java
package lib.project;

import java.util.regex.Pattern;
import lib.Printable;

/** A tenant's id. It becomes a segment of a URL and part of a name, so nothing else than a plain word passes. */
public record TenantId(String value) {
    private static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,127}");

    public TenantId {
        if (!isTenantId(value)) throw new IllegalArgumentException("not a tenant id: '" + Printable.of(value) + "'");
    }

    public static boolean isTenantId(String text) {
        return GRAMMAR.matcher(text).matches();
    }

    /** Whether it names a tenant of this machine alone. */
    public boolean isLocal() {
        return value.startsWith("local_");
    }

    @Override
    public String toString() {
        return value;
    }
}
