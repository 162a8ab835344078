//SOURCES ../ImageReference.java
//SOURCES ../api/RegistryToken.java
//SOURCES ../cli/Run.java
//SOURCES ../docker/PushedImage.java
package lib.delivery;

import java.util.List;
import lib.ImageReference;
import lib.api.RegistryToken;
import lib.cli.Run;
import lib.docker.PushedImage;

/** An image that can be pushed: an engine's, or an archive's. */
public interface Pushable {
    /** The options of {@code just deploy} that mean this image. */
    List<String> asOptions();

    /** The variables that must be set as they are now for those options to mean the same. */
    default List<String> variables() {
        return List.of();
    }

    /**
     * Logs in and pushes.
     *
     * @throws lib.Failure with {@link lib.Failure.Remedy#NEW_TOKEN} when the registry refused this one
     */
    PushedImage push(Run run, RegistryToken token, ImageReference name) throws InterruptedException;
}
