//SOURCES ../Environment.java
//SOURCES ../project/ApiUrl.java
//SOURCES ../project/Credentials.java
package lib.login;

import java.net.URI;
import java.util.Optional;
import lib.Environment;
import lib.project.ApiUrl;
import lib.project.Credentials;

/** The environments of the service, by the names that a person types. */
public enum Service {
    production(Credentials.PRODUCTION),
    sandbox(URI.create("https://api-sandbox.systemprompt.io"));

    private final URI api;

    Service(URI api) {
        this.api = api;
    }

    /** {@code SYSTEMPROMPT_API_URL} where it is set, else this environment's. @throws lib.Failure {@code config} */
    public URI api(Environment environment) {
        Optional<String> other = environment.variable("SYSTEMPROMPT_API_URL");
        return other.map(url -> ApiUrl.of(url, "SYSTEMPROMPT_API_URL")).orElse(api);
    }
}
