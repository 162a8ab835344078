package sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The choices before a {@link Cloud} starts. */
public final class CloudBuilder {
    int port;
    int registryPort;
    Generation generation = Generation.G1;
    Duration tokenTtl = Duration.ofMinutes(5);
    Duration startup = Duration.ofSeconds(1);
    RegistryScheme registryScheme = RegistryScheme.BASIC;
    Optional<ExternalRegistry> external = Optional.empty();
    Clock clock = Clock.systemUTC();
    final List<Fault> faults = new ArrayList<>();

    CloudBuilder() {}

    /** The Management API's port; 0, the default, for any that is free. */
    public CloudBuilder port(int value) {
        port = value;
        return this;
    }

    /** The registry's port; 0, the default, for any that is free. */
    public CloudBuilder registryPort(int value) {
        registryPort = value;
        return this;
    }

    public CloudBuilder generation(Generation value) {
        generation = value;
        return this;
    }

    /** How long a registry credential lives; 5 minutes by default. */
    public CloudBuilder tokenTtl(Duration value) {
        tokenTtl = value;
        return this;
    }

    /** How long a deployment is {@code deploying}; 1 second by default. */
    public CloudBuilder startup(Duration value) {
        startup = value;
        return this;
    }

    public CloudBuilder registryScheme(RegistryScheme value) {
        registryScheme = value;
        return this;
    }

    /** {@code registry-token} hands out the login of this registry, and deploy looks for the image there. */
    public CloudBuilder externalRegistry(ExternalRegistry value) {
        external = Optional.of(value);
        return this;
    }

    /** Times of tokens and deployments are read from here; it doesn't shorten {@code slow} faults. */
    public CloudBuilder clock(Clock value) {
        clock = value;
        return this;
    }

    public CloudBuilder fault(Fault fault) {
        faults.add(fault);
        return this;
    }

    /** @throws UncheckedIOException when a port is taken or the disk refuses a folder */
    public Cloud start() {
        try {
            return new Cloud(this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
