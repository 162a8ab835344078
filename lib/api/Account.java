//SOURCES ../Failure.java
//SOURCES ../ImageReference.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ../project/Tenant.java
//SOURCES ApiCall.java
//SOURCES ManagementApi.java
//SOURCES RegistryToken.java
package lib.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.Failure.ErrorCode;
import lib.ImageReference;
import lib.Json;
import lib.Printable;
import lib.api.ApiCall.ApiResponse;
import lib.project.Tenant;

/**
 * Who the token belongs to.
 *
 * @param tenants each as the server sent it, with a plain {@code id} in it
 */
public record Account(String email, Optional<String> name, List<JsonNode> tenants) {
    public Account {
        tenants = List.copyOf(tenants);
    }

    /** Asks the API, always with the operator's own token. */
    public static Account of(ManagementApi api) throws InterruptedException {
        ApiCall call = ApiCall.get("/api/v1/auth/me").forSecret();
        return of(api.asOperator(call).accepted(ErrorCode.AUTH));
    }

    /** A tenant's token; where neither an older server nor this machine names the repository, it is the account's app. */
    public static RegistryToken registryToken(ManagementApi api, Tenant tenant) throws InterruptedException {
        RegistryToken token = api.registryToken(tenant.id());
        boolean isNamed = token.repository().isPresent() || tenant.appId().isPresent();
        return isNamed ? token : token.in(of(api).appOf(tenant.id()));
    }

    /** The name of a tenant's app at the platform. */
    private Optional<String> appOf(Tenant.Id id) {
        return tenants.stream()
                .filter(tenant -> tenant.path("id").asText().equals(id.value()))
                .findFirst()
                .flatMap(tenant -> Json.text(tenant, "app_id"))
                .filter(ImageReference::isRepository);
    }

    /** The tenants hold database URLs, and these passwords. */
    @Override
    public String toString() {
        return "Account[" + email + "]";
    }

    static Account of(ApiResponse answer) {
        JsonNode json = answer.data();
        String email =
                Json.text(json.path("user"), "email").orElseThrow(() -> answer.unexpected("no field 'user.email'"));
        List<JsonNode> tenants = new ArrayList<>();
        for (JsonNode tenant : json.path("tenants")) {
            if (Json.text(tenant, "id").isPresent()) tenants.add(tenant);
        }
        return new Account(
                Printable.of(email), Json.text(json.path("user"), "name").map(Printable::of), tenants);
    }
}
