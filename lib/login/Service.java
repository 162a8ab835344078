//SOURCES ../project/ApiCredentials.java
//SOURCES ../project/Environment.java
package lib.login;

import java.net.URI;
import java.util.Optional;
import lib.project.ApiCredentials;
import lib.project.Environment;

/** The environments of the service, by the names that a person types. */
public enum Service {
    production(ApiCredentials.PRODUCTION),
    sandbox(URI.create("https://api-sandbox.systemprompt.io"));

    private final URI api;

    Service(URI api) {
        this.api = api;
    }

    /** {@code SYSTEMPROMPT_API_URL} where it is set, else this environment's. @throws lib.Failure {@code config} */
    public URI api(Environment environment) {
        Optional<String> other = environment.variable("SYSTEMPROMPT_API_URL");
        return other.map(url -> ApiCredentials.url(url, "SYSTEMPROMPT_API_URL")).orElse(api);
    }
}
