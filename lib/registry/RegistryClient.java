//SOURCES ../Failure.java
//SOURCES ../ImageReference.java
//SOURCES Answer.java
//SOURCES Endpoint.java
//SOURCES Patience.java
//SOURCES RefusedException.java
//SOURCES RegistryLogin.java
//SOURCES Retry.java
//SOURCES Session.java
//SOURCES Transport.java
package lib.registry;

import java.net.http.HttpClient;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference;

/** Speaks to OCI registries. The HTTP client is the caller's, who shares it and ends it. */
public final class RegistryClient {
    private final Transport transport;
    private final Patience patience;

    /** @param http one that follows no redirects, since those would carry credentials along */
    public RegistryClient(HttpClient http) {
        this(http, Patience.ordinary());
    }

    public RegistryClient(HttpClient http, Patience patience) {
        this.transport = new Transport(http);
        this.patience = patience;
    }

    /**
     * Logs in, as far as the registry asks for it.
     *
     * @throws RefusedException when it does not accept the login
     * @throws Failure {@code UNAVAILABLE} when it can't be reached, {@code PROTOCOL} when it is no registry
     */
    Session login(ImageReference target, RegistryLogin login) throws RefusedException, InterruptedException {
        String registry = target.registry()
                .orElseThrow(() -> new Failure(
                        ErrorCode.USAGE, "'" + target + "' names no registry", "Give it as registry/repository:tag"));
        Session session = new Session(transport, patience, Endpoint.of(registry), target.repository(), login);
        new Retry(patience).of(() -> {
            Answer answer = session.send("GET", session.root());
            if (answer.status() != 200) throw session.unexpected("GET", session.root(), answer);
            return answer;
        });
        return session;
    }
}
