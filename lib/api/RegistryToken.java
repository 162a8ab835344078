//SOURCES ../Failure.java
//SOURCES ../ImageReference.java
//SOURCES ../Json.java
//SOURCES ../Secret.java
//SOURCES ../project/Tenant.java
//SOURCES ApiCall.java
package lib.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference;
import lib.Json;
import lib.Secret;
import lib.Secret.Credential;
import lib.api.ApiCall.ApiResponse;
import lib.project.Tenant;

/**
 * What lets one push: fetched when it is needed, kept in memory alone.
 *
 * @param repository where to push; older servers leave it to the client
 * @param tag what the server wants the image to be called
 */
public record RegistryToken(
        String registry,
        String username,
        Secret password,
        Optional<String> repository,
        Optional<String> tag,
        Optional<Instant> expiresAt) {

    // It is an argument of docker and half of a Basic credential; docker takes "<token>" for no name but for a kind of
    // password.
    private static final Pattern USERNAME = Pattern.compile("(?!<token>$)[^\\p{C}:\\s-][^\\p{C}:\\s]{0,254}");
    private static final int PASSWORD_LIMIT = 65_536;

    /**
     * Reads every spelling of the two generations.
     *
     * @throws Failure {@code protocol}, naming the field and no value
     */
    static RegistryToken of(ApiResponse answer) {
        JsonNode json = answer.data();
        String registry = Json.text(json, "registry").orElseThrow(() -> answer.unexpected("no field 'registry'"));
        String username = Json.text(json, "username", "user")
                .orElseThrow(() -> answer.unexpected("no field 'username' or 'user'"));
        String password = Json.text(json, "token", "password")
                .orElseThrow(() -> answer.unexpected("no field 'token' or 'password'"));
        Optional<String> repository = Json.text(json, "repository", "repo");
        Optional<String> tag = Json.text(json, "tag");
        if (!ImageReference.isRegistry(registry)) throw answer.unexpected("registry is no host[:port]");
        if (ImageReference.isDockerHub(registry))
            throw answer.unexpected("registry is Docker Hub, or taken for it for want of a dot or a port");
        if (!USERNAME.matcher(username).matches()) throw answer.unexpected("username is not one that can be used");
        if (password.length() > PASSWORD_LIMIT || password.chars().anyMatch(Character::isISOControl)) {
            throw answer.unexpected("token (or password) is not one that can be used");
        }
        if (!repository.stream().allMatch(ImageReference::isRepository))
            throw answer.unexpected("repository is no repository name");
        if (!tag.stream().allMatch(ImageReference::isTag)) throw answer.unexpected("tag is no tag");
        return new RegistryToken(registry, username, Secret.of(password), repository, tag, expiry(json));
    }

    RegistryToken in(Optional<String> otherRepository) {
        return new RegistryToken(registry, username, password, otherRepository, tag, expiresAt);
    }

    /**
     * A tenant's image in the registry.
     *
     * @throws Failure {@code config} when neither the token nor this machine knows the repository
     */
    public ImageReference image(Tenant tenant, String imageTag) {
        String name = repository
                .or(tenant::appId)
                .orElseThrow(() -> new Failure(
                        ErrorCode.CONFIG,
                        "No app configured for tenant " + tenant.id(),
                        "Run 'just tenant' to fetch its app's name"));
        return ImageReference.of(registry, name, imageTag);
    }

    /** What it lets one in by. */
    public Credential credential() {
        return new Credential(registry, username, password);
    }

    private static Optional<Instant> expiry(JsonNode json) {
        try {
            return Json.text(json, "expires_at").map(Instant::parse);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
