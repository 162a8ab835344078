//SOURCES ../lib/ImageReference.java
//SOURCES ../lib/Secret.java
//SOURCES BearerTokens.java
//SOURCES Cloud.java
//SOURCES Deployment.java
//SOURCES ExternalRegistry.java
//SOURCES Generation.java
//SOURCES RegistryTokenIssuer.java
//SOURCES Tenant.java
package sandbox;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import lib.ImageReference;
import lib.ImageReference.Digest;
import lib.Secret;

/** All that the cloud knows, shared by the parts that answer for it. */
final class CloudState {
    static final String EMAIL = "dev@example.com";
    static final String USER_ID = "user_sandbox";

    /** What a bearer token of the Management API is good for. */
    enum Grant {
        /** An operator's: account calls, and tenant calls in generation 1. */
        ACCOUNT,
        /** One that an operator's was exchanged for: tenant calls in generation 2. */
        TENANTS
    }

    /** Asks a registry for an image. */
    interface ImageLookup {
        /**
         * @return empty when the registry does not hold it
         * @throws IOException when the registry does not say
         */
        Optional<Digest> find(ImageReference image) throws IOException;
    }

    private final Cloud.Builder options;
    private final String apiHost;
    private final String registryHost;
    private final ImageLookup images;
    private final BearerTokens tokens;
    private final RegistryTokenIssuer issuer;
    private final Map<String, Tenant> tenants = new LinkedHashMap<>();
    private final List<Deployment> deployments = new ArrayList<>();
    private final Map<String, Map<String, Secret>> secrets = new HashMap<>();
    private final Map<String, String> tickets = new HashMap<>();

    /**
     * @param registryHost where images are pushed to, unless that is an external registry
     * @param images those of that registry
     */
    CloudState(Cloud.Builder options, String apiHost, String registryHost, ImageLookup images) {
        this.options = options;
        this.apiHost = apiHost;
        this.registryHost = options.external.map(ExternalRegistry::host).orElse(registryHost);
        this.images =
                options.external.<ImageLookup>map(external -> external::find).orElse(images);
        this.tokens = new BearerTokens(options.clock);
        this.issuer = new RegistryTokenIssuer(options.clock, options.tokenTtl, options.external);
    }

    Generation generation() {
        return options.generation;
    }

    Clock clock() {
        return options.clock;
    }

    /** Returns how long a deployment takes until it runs. */
    Duration startup() {
        return options.startup;
    }

    String apiHost() {
        return apiHost;
    }

    String apiUrl() {
        return "http://" + apiHost;
    }

    String appUrl(Tenant tenant) {
        return apiUrl() + "/apps/" + tenant.id() + "/";
    }

    String registryHost() {
        return registryHost;
    }

    ImageLookup images() {
        return images;
    }

    BearerTokens tokens() {
        return tokens;
    }

    Secret operatorToken(Duration lifetime) {
        return tokens.issue(USER_ID, lifetime, Grant.ACCOUNT);
    }

    RegistryTokenIssuer issuer() {
        return issuer;
    }

    /** Adds a tenant, or replaces the one with its id. */
    synchronized void put(Tenant tenant) {
        tenants.put(tenant.id(), tenant);
    }

    synchronized Optional<Tenant> tenant(String id) {
        return Optional.ofNullable(tenants.get(id));
    }

    /** Returns the operator's tenants in the order in which they came. */
    synchronized List<Tenant> tenants() {
        return List.copyOf(tenants.values());
    }

    synchronized void removeTenants() {
        tenants.clear();
    }

    /** Returns the status of a tenant as the API says it. */
    String status(Tenant tenant) {
        if (!tenant.provisioned()) return "provisioning";
        return latest(tenant).map(latest -> latest.statusAt(clock().instant())).orElse("ready");
    }

    synchronized void add(Deployment deployment) {
        deployments.add(deployment);
    }

    /** Returns everything that was deployed, the oldest first. */
    synchronized List<Deployment> deployments() {
        return List.copyOf(deployments);
    }

    synchronized Optional<Deployment> latest(Tenant tenant) {
        return deployments.stream()
                .filter(one -> one.tenantId().equals(tenant.id()))
                .reduce((before, after) -> after);
    }

    synchronized void receiveSecrets(Tenant tenant, Map<String, Secret> received) {
        secrets.computeIfAbsent(tenant.id(), any -> new LinkedHashMap<>()).putAll(received);
    }

    /** Returns what a tenant was sent with {@code PUT secrets}. */
    synchronized Map<String, Secret> secrets(String tenantId) {
        return Map.copyOf(secrets.getOrDefault(tenantId, Map.of()));
    }

    /**
     * Returns the ticket of a tenant's one-time {@code secrets_url}.
     *
     * @return empty once it has been redeemed
     */
    synchronized Optional<String> ticket(Tenant tenant) {
        return Optional.of(tickets.computeIfAbsent(
                        tenant.id(), any -> UUID.randomUUID().toString()))
                .filter(ticket -> !ticket.isEmpty());
    }

    /** @return whether the ticket was good, which it is once */
    synchronized boolean redeem(Tenant tenant, String ticket) {
        return !ticket.isEmpty() && tickets.replace(tenant.id(), ticket, "");
    }
}
