package sandbox;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import lib.Secret;

/** What tenants were sent with {@code PUT secrets}, and the tickets of their one-time {@code secrets_url}. */
final class TenantSecrets {
    private final Map<String, Map<String, Secret>> received = new HashMap<>();
    private final Map<String, String> tickets = new HashMap<>();
    private final Entropy entropy = new Entropy();

    synchronized void receive(String tenantId, Map<String, Secret> secrets) {
        received.computeIfAbsent(tenantId, any -> new LinkedHashMap<>()).putAll(secrets);
    }

    synchronized Map<String, Secret> received(String tenantId) {
        return Map.copyOf(received.getOrDefault(tenantId, Map.of()));
    }

    /** @return empty once the ticket has been used */
    synchronized Optional<String> ticket(String tenantId) {
        return Optional.of(tickets.computeIfAbsent(tenantId, any -> entropy.hex(16)))
                .filter(text -> !text.isEmpty());
    }

    synchronized boolean redeem(String tenantId, String ticket) {
        boolean valid = !ticket.isEmpty() && ticket.equals(tickets.get(tenantId));
        if (valid) tickets.put(tenantId, "");
        return valid;
    }
}
