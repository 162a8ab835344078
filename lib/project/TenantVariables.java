//SOURCES ../Secret.java
package lib.project;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import lib.Secret;

/**
 * What a tenant is sent to run with, by the names of its variables.
 *
 * @param plain the values that anybody may see
 */
public record TenantVariables(Map<String, Secret> secrets, Map<String, String> plain) {
    public TenantVariables {
        secrets = Map.copyOf(secrets);
        plain = Map.copyOf(plain);
    }

    /** The same variables and one more. */
    public TenantVariables with(String name, Secret secret) {
        Map<String, Secret> more = new TreeMap<>(secrets);
        more.put(name, secret);
        return new TenantVariables(more, plain);
    }

    /** The same variables and one more, which is no secret. */
    public TenantVariables with(String name, String value) {
        Map<String, String> more = new TreeMap<>(plain);
        more.put(name, value);
        return new TenantVariables(secrets, more);
    }

    /** All names, sorted. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>(secrets.keySet());
        names.addAll(plain.keySet());
        return names;
    }

    @Override
    public String toString() {
        return "TenantVariables" + names();
    }
}
