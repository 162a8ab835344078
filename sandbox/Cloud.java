//SOURCES ../lib/ImageReference.java
//SOURCES ../lib/Secret.java
//SOURCES Blobs.java
//SOURCES CloudState.java
//SOURCES Console.java
//SOURCES Deployment.java
//SOURCES ExternalRegistry.java
//SOURCES Fault.java
//SOURCES FaultInjector.java
//SOURCES Generation.java
//SOURCES HttpServer.java
//SOURCES ManagementApi.java
//SOURCES Manifests.java
//SOURCES RecordedRequest.java
//SOURCES Registry.java
//SOURCES RegistryAuth.java
//SOURCES RegistryCredential.java
//SOURCES Tenant.java
package sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lib.ImageReference;
import lib.ImageReference.Digest;
import lib.Secret;

/**
 * The cloud in one process: a Management API and an OCI registry over http on 127.0.0.1.
 *
 * <p>It starts with one tenant, {@code ten_demo}, and forgets everything when closed.
 */
public final class Cloud implements AutoCloseable {
    private static final Duration OPERATOR_LIFETIME = Duration.ofDays(30);

    private final HttpServer apiServer;
    private final HttpServer registryServer;
    private final Path folder;
    private final Manifests manifests;
    private final CloudState state;
    private final Secret operatorToken;
    private final FaultInjector faults;

    private Cloud(Builder options) throws IOException {
        apiServer = new HttpServer("sandbox-api", options.port);
        registryServer = new HttpServer("sandbox-registry", 0);
        folder = Files.createTempDirectory("sandbox-registry-");
        Blobs blobs = new Blobs(folder);
        manifests = new Manifests(blobs);
        state = new CloudState(options, apiServer.host(), registryServer.host(), manifests::find);
        operatorToken = operatorToken(OPERATOR_LIFETIME);
        put(Tenant.of("ten_demo", "demo", "sp-demo"));
        faults = new FaultInjector(options.clock);
        options.faults.forEach(faults::add);
        Console console = new Console(state, manifests, faults);
        HttpServer.Handler api = faults.before("api", new ManagementApi(state));
        apiServer.serve(request -> Console.owns(request) ? console.handle(request) : api.handle(request));
        RegistryAuth auth = new RegistryAuth(
                registryServer.host(), options.registryScheme, state.issuer(), state.tokens(), options.clock);
        registryServer.serve(faults.before("registry", new Registry(auth, blobs, manifests)));
    }

    /** The choices before a cloud starts. */
    public static final class Builder {
        private int port;
        Generation generation = Generation.G1;
        Duration tokenTtl = Duration.ofMinutes(5);
        Duration startup = Duration.ofSeconds(1);
        private RegistryAuth.Scheme registryScheme = RegistryAuth.Scheme.BASIC;
        Optional<ExternalRegistry> external = Optional.empty();
        Clock clock = Clock.systemUTC();
        private final List<Fault> faults = new ArrayList<>();

        private Builder() {}

        /** The Management API's port; 0, the default, for any that is free. */
        public Builder port(int value) {
            port = value;
            return this;
        }

        public Builder generation(Generation value) {
            generation = value;
            return this;
        }

        /** How long a registry credential lives; 5 minutes by default. */
        public Builder tokenTtl(Duration value) {
            tokenTtl = value;
            return this;
        }

        /** How long a deployment is {@code deploying}; 1 second by default. */
        public Builder startup(Duration value) {
            startup = value;
            return this;
        }

        /** How the registry asks for credentials; Basic by default. */
        public Builder registryScheme(RegistryAuth.Scheme value) {
            registryScheme = value;
            return this;
        }

        /** {@code registry-token} hands out the login of this registry, and deploy looks for the image there. */
        public Builder externalRegistry(ExternalRegistry value) {
            external = Optional.of(value);
            return this;
        }

        /** Times of tokens and deployments are read from here; it doesn't shorten {@code slow} faults. */
        public Builder clock(Clock value) {
            clock = value;
            return this;
        }

        public Builder fault(Fault fault) {
            faults.add(fault);
            return this;
        }

        /** @throws UncheckedIOException when the port is taken or the disk refuses a folder */
        public Cloud start() {
            try {
                return new Cloud(this);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Starts one of generation 1 on free ports, whose registry asks for Basic. */
    public static Cloud start() {
        return builder().start();
    }

    /** Returns {@code http://127.0.0.1:PORT}, for {@code SYSTEMPROMPT_API_URL}. */
    public String apiUrl() {
        return state.apiUrl();
    }

    /** Returns {@code HOST:PORT} of the registry that {@code registry-token} names. */
    public String registryHost() {
        return state.registryHost();
    }

    public Generation generation() {
        return state.generation();
    }

    /** Returns a token for account calls (and in generation 1 for tenant calls), good for 30 days. */
    public Secret operatorToken() {
        return operatorToken;
    }

    /** Returns another operator's token, with a life of its own; a negative one has expired already. */
    public Secret operatorToken(Duration lifetime) {
        return state.operatorToken(lifetime);
    }

    /** Refuses all exchanged tokens from now on, so that clients must exchange again. */
    public void revokeExchangedTokens() {
        state.tokens().revoke(CloudState.Grant.TENANTS);
    }

    /** Refuses all operators' tokens from now on, {@link #operatorToken()} included. */
    public void revokeOperatorTokens() {
        state.tokens().revoke(CloudState.Grant.ACCOUNT);
    }

    /** Adds a tenant, or replaces the one with its id. */
    public void put(Tenant tenant) {
        state.put(tenant);
    }

    public Optional<Tenant> tenant(String id) {
        return state.tenant(id);
    }

    public List<Tenant> tenants() {
        return state.tenants();
    }

    /** Leaves the account without any tenant. */
    public void removeTenants() {
        state.removeTenants();
    }

    /** The registry will refuse the next so many credentials that are handed out. */
    public void refuseNextCredentials(int count) {
        state.issuer().refuseNext(count);
    }

    /** Credentials handed out from now on may pull and not push. */
    public void pullOnlyCredentials(boolean only) {
        state.issuer().pullOnly(only);
    }

    /** Returns a registry credential as {@code registry-token} would hand out, for a test's own use. */
    public RegistryCredential credential(String tenantId) {
        return state.issuer().issue(tenant(tenantId).orElseThrow());
    }

    /** Returns every credential that was handed out, the oldest first. */
    public List<RegistryCredential> credentials() {
        return state.issuer().issued();
    }

    /** Returns every deployment that was accepted, the oldest first. */
    public List<Deployment> deployments() {
        return state.deployments();
    }

    /** Returns the digest under which the in-process registry holds an image. */
    public Optional<Digest> find(ImageReference image) {
        return manifests.find(image);
    }

    /** Returns what a tenant was sent with {@code PUT secrets}. */
    public Map<String, Secret> secrets(String tenantId) {
        return state.secrets(tenantId);
    }

    /** Returns the last 10,000 calls to both servers, in the order in which they were answered. */
    public List<RecordedRequest> calls() {
        return faults.records();
    }

    /** Counts the calls of a method to a target, which is as in a {@link Fault}: {@code registry-token}, {@code upload}. */
    public long count(String method, String target) {
        return calls().stream()
                .filter(call -> call.method().equals(method) && Fault.aims(target, call.path()))
                .count();
    }

    /** @throws IllegalArgumentException as {@link Fault#parse} */
    public void fault(String text) {
        faults.add(Fault.parse(text));
    }

    /** Returns what is left of the faults. */
    public List<Fault> faults() {
        return faults.pending().stream().map(FaultInjector.Pending::fault).toList();
    }

    public void clearFaults() {
        faults.clear();
    }

    /** Ends every connection and deletes what was pushed. */
    @Override
    public void close() {
        apiServer.close();
        registryServer.close();
        if (Files.notExists(folder)) return;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
