package sandbox;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The operator's tenants, in the order in which they came. */
final class Tenants {
    private final Map<String, Tenant> byId = new LinkedHashMap<>();

    synchronized void put(Tenant tenant) {
        byId.put(tenant.id(), tenant);
    }

    synchronized Optional<Tenant> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    synchronized List<Tenant> all() {
        return List.copyOf(byId.values());
    }

    synchronized void clear() {
        byId.clear();
    }
}
