//SOURCES ../Failure.java
//SOURCES ../Http.java
//SOURCES ../ImageReference.java
//SOURCES ../api/RegistryToken.java
//SOURCES ../registry/PushPermission.java
//SOURCES ../registry/RegistryClient.java
package lib.preflight;

import java.util.Optional;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Http;
import lib.ImageReference;
import lib.api.RegistryToken;
import lib.registry.PushPermission;
import lib.registry.PushPermission.Denied;
import lib.registry.PushPermission.LoginRefused;
import lib.registry.RegistryClient;

/** What a registry token is good for, shown by opening an upload and cancelling it. */
public record PushProof(ImageReference repository, PushPermission permission) {
    /** @throws Failure {@code unavailable} or {@code protocol} when the registry gives no answer to that */
    public static PushProof of(RegistryToken token, ImageReference repository) throws InterruptedException {
        RegistryClient client = RegistryClient.of(Http.shared(), repository, token.credential());
        return new PushProof(repository, PushPermission.prove(client));
    }

    public boolean isGranted() {
        return permission instanceof PushPermission.Granted;
    }

    /** Why one may not push, in one sentence; empty when one may. */
    public Optional<Failure> failure() {
        if (permission instanceof Denied denied) {
            String may = denied.mayPull() ? "may pull from " : "may neither pull from nor push to ";
            String but = denied.mayPull() ? " but not push to it" : "";
            return Optional.of(
                    refused("The registry token " + may + repository.name() + but + ": " + denied.sentence()));
        }
        if (permission instanceof LoginRefused refused) {
            return Optional.of(refused("The registry does not accept its token: " + refused.sentence()));
        }
        return Optional.empty();
    }

    private static Failure refused(String sentence) {
        return new Failure(
                ErrorCode.AUTH, sentence, "Your account may lack the right to deploy; 'just whoami' shows who you are");
    }
}
