//SOURCES ../ImageReference.java
//SOURCES ../api/RegistryToken.java
//SOURCES ../project/Tenant.java
package lib.deploy;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import lib.ImageReference;
import lib.api.RegistryToken;
import lib.project.Tenant;

/**
 * What an image is called: by a name of its own until a token says where it goes.
 *
 * @param wanted the tag that the person asked for
 * @param own the tag that is used where neither the person nor the server names one
 */
public record ImageNames(Tenant tenant, Optional<String> wanted, String own) {
    private static final String USUAL_REGISTRY = "registry.fly.io";

    /** @param revision a short commit id, or {@code unknown} */
    public static ImageNames of(Tenant tenant, Optional<String> wanted, Instant now, String revision) {
        return new ImageNames(tenant, wanted, "deploy-" + now.getEpochSecond() + "-" + revision);
    }

    /** The names of an image that has a tag already: it is kept, unless the person or the server names another. */
    public ImageNames otherwiseTagged(String tag) {
        return new ImageNames(tenant, wanted, tag);
    }

    private String tag() {
        return wanted.orElse(own);
    }

    /** The name under which it is built. */
    public ImageReference local() {
        return tenant.appId()
                .map(app -> ImageReference.of(USUAL_REGISTRY, app, tag()))
                .orElseGet(() -> ImageReference.local("systemprompt/" + repositoryWord(), tag()));
    }

    // An id may hold capitals, and words end in no dash or underscore there.
    private String repositoryWord() {
        String word = tenant.id().value().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        return word.replaceAll("^-|-$", "");
    }

    /**
     * The name under which it is pushed and deployed.
     *
     * @throws lib.Failure {@code config} when neither the token nor this machine knows the repository
     */
    public ImageReference pushed(RegistryToken token) {
        return token.image(tenant, wanted.or(token::tag).orElse(own));
    }

    /** The name in the registry as far as it is known without a token, as older servers and clients agree on it. */
    public Optional<ImageReference> known() {
        return tenant.appId().map(app -> local());
    }

    /** Whether the server wants another tag than the person does, which it may refuse. */
    public boolean contradicts(RegistryToken token) {
        return wanted.isPresent() && token.tag().isPresent() && !token.tag().equals(wanted);
    }
}
