//SOURCES ../Authority.java
//SOURCES ../Environment.java
//SOURCES DockerConfig.java
package lib.docker;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import lib.Authority;
import lib.Environment;

/** Where the engine is that {@code docker} speaks to. */
public final class EngineHost {
    private static final Set<String> NETWORK = Set.of("tcp", "ssh", "http", "https");

    private EngineHost() {}

    /** The engine's address, where it is on another machine and so gets what is sent to it. */
    public static Optional<String> elsewhere(Environment environment) {
        return environment
                .variable("DOCKER_HOST")
                .or(() -> DockerConfig.of(environment).contextHost(environment.variable("DOCKER_CONTEXT")))
                .flatMap(EngineHost::elsewhere);
    }

    private static Optional<String> elsewhere(String address) {
        try {
            URI uri = URI.create(address);
            boolean remote =
                    uri.getHost() != null && NETWORK.contains(uri.getScheme()) && !Authority.isLoopback(uri.getHost());
            // Without the user, who may have a password there.
            return remote ? Optional.of(uri.getScheme() + "://" + uri.getHost()) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
