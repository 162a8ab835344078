package sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lib.Digest;
import lib.Reference;
import lib.Secret;

/**
 * The cloud in one process: a Management API and an OCI registry over http on 127.0.0.1.
 *
 * <p>It starts with one tenant, {@code ten_demo}, and forgets everything when closed.
 */
public final class Cloud implements AutoCloseable {
    private static final Duration OPERATOR_LIFETIME = Duration.ofDays(30);

    private final World world;
    private final Registry registry;
    private final Weather weather = new Weather();
    private final CallLog log = new CallLog();
    private final Secret operatorToken;
    private final Path folder;
    private final HttpServer apiPort;
    private final HttpServer registryPort;

    Cloud(CloudBuilder options) throws IOException {
        apiPort = new HttpServer("sandbox-api", options.port);
        try {
            registryPort = new HttpServer("sandbox-registry", options.registryPort);
        } catch (IOException e) {
            apiPort.close();
            throw e;
        }
        folder = Files.createTempDirectory("sandbox-registry-");
        Mint mint = new Mint(options.clock, options.tokenTtl, options.external);
        BlobStore blobs = new BlobStore(folder);
        ManifestStore manifests = new ManifestStore();
        registry = new Registry(
                new RegistryGuard(registryPort.host(), options.registryScheme, mint, options.clock), blobs, manifests);
        world = new World(
                options.generation,
                options.clock,
                options.startup,
                "http://" + apiPort.host(),
                options.external.map(ExternalRegistry::host).orElse(registryPort.host()),
                options.external
                        .<ImageLookup>map(ExternalLookup::new)
                        .orElse(image -> new ImageLookup.Answer(true, registry.find(image))),
                new Bearers(options.generation, options.clock),
                new Tenants(),
                mint,
                new TenantSecrets(),
                new Deployments());
        operatorToken = operatorToken(OPERATOR_LIFETIME);
        put(Tenant.of("ten_demo", "demo", "sp-demo"));
        options.faults.forEach(weather::add);
        Console console = new Console(new ConsoleState(world, manifests, log, weather), weather, apiPort.host());
        HttpServer.Handler api = new ManagementApi(world, apiPort.host());
        HttpServer.Handler desk = new Desk("api", options.clock, weather, log, new ApiError(), api);
        apiPort.serve(request -> Console.owns(request) ? console.handle(request) : desk.handle(request));
        registryPort.serve(new Desk("registry", options.clock, weather, log, registry, registry));
    }

    public static CloudBuilder builder() {
        return new CloudBuilder();
    }

    /** Generation 1, any free ports, Basic. */
    public static Cloud start() {
        return builder().start();
    }

    /** {@code http://127.0.0.1:PORT}, for {@code SYSTEMPROMPT_API_URL}. */
    public String apiUrl() {
        return world.apiUrl();
    }

    /** {@code HOST:PORT} of the registry that {@code registry-token} names. */
    public String registryHost() {
        return world.registryHost();
    }

    public Generation generation() {
        return world.generation();
    }

    /** A token for account calls (and in generation 1 for tenant calls), good for 30 days. */
    public Secret operatorToken() {
        return operatorToken;
    }

    /** Another operator's token, with a life of its own; a negative one has expired already. */
    public Secret operatorToken(Duration lifetime) {
        return world.bearers().operator(lifetime);
    }

    /** All exchanged tokens are refused from now on, so that clients must exchange again. */
    public void revokeExchangedTokens() {
        world.bearers().revokeExchanged();
    }

    /** All operators' tokens are refused from now on, {@link #operatorToken()} included. */
    public void revokeOperatorTokens() {
        world.bearers().revokeOperators();
    }

    /** Adds a tenant, or replaces the one with its id. */
    public void put(Tenant tenant) {
        world.tenants().put(tenant);
    }

    public Optional<Tenant> tenant(String id) {
        return world.tenants().find(id);
    }

    public List<Tenant> tenants() {
        return world.tenants().all();
    }

    /** The account has no tenant any more. */
    public void removeTenants() {
        world.tenants().clear();
    }

    /** Off, {@code registry-token} answers {@code Registry service not available}. */
    public void registryService(boolean available) {
        world.mint().open(available);
    }

    /** The registry will refuse the next so many credentials that are handed out. */
    public void refuseNextCredentials(int count) {
        world.mint().refuseNext(count);
    }

    /** Credentials handed out from now on may pull and not push. */
    public void pullOnlyCredentials(boolean only) {
        world.mint().pullOnly(only);
    }

    /** A registry credential as {@code registry-token} would hand out, for a test's own use. */
    public RegistryCredential credential(String tenantId) {
        return world.mint().issue(tenant(tenantId).orElseThrow());
    }

    /** Every credential that was handed out, the oldest first. */
    public List<RegistryCredential> credentials() {
        return world.mint().issued();
    }

    /** Every deployment that was accepted, the oldest first. */
    public List<Deployment> deployments() {
        return world.deployments().all();
    }

    /** The digest under which the in-process registry holds an image. */
    public Optional<Digest> find(Reference image) {
        return registry.find(image);
    }

    /** What a tenant was sent with {@code PUT secrets}. */
    public Map<String, Secret> secrets(String tenantId) {
        return world.secrets().received(tenantId);
    }

    /** The last 10,000 calls to both servers, in the order in which they were answered. */
    public List<Call> calls() {
        return log.all();
    }

    /** How many calls of a method went to a path that ends with this word, such as {@code registry-token}. */
    public long count(String method, String word) {
        return log.all().stream()
                .filter(call -> call.method().equals(method) && call.path().endsWith("/" + word))
                .count();
    }

    /** @throws IllegalArgumentException as {@link Fault#parse} */
    public void fault(String text) {
        fault(Fault.parse(text));
    }

    public void fault(Fault fault) {
        weather.add(fault);
    }

    /** What is left of the faults. */
    public List<Fault> faults() {
        return weather.pending().stream().map(Weather.Pending::fault).toList();
    }

    public void clearFaults() {
        weather.clear();
    }

    /** Ends every connection and deletes what was pushed. */
    @Override
    public void close() {
        try {
            apiPort.close();
            registryPort.close();
            if (Files.notExists(folder)) return;
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
