//SOURCES ../Digest.java
//SOURCES ../ImageReference.java
//SOURCES ../Json.java
//SOURCES ../Stage.java
//SOURCES ../api/Deployment.java
//SOURCES ../cli/Result.java
//SOURCES ../docker/PushedImage.java
//SOURCES ../project/Profile.java
//SOURCES Session.java
package lib.delivery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumSet;
import java.util.Set;
import lib.Digest;
import lib.ImageReference;
import lib.Json;
import lib.Stage;
import lib.api.Deployment;
import lib.cli.Result;
import lib.docker.PushedImage;
import lib.project.Profile;

/** What {@code deploy} answers. */
public record DeployReport(Session session) {
    /** After {@code --build-only}. */
    public Result built(ImageReference image) {
        session.run().tellTimings();
        return new Result(image.toString(), json("built", null, image, null));
    }

    public Result deployed(PushedImage image, Deployment deployment) {
        session.run().tellTimings();
        String url = deployment.url().orElse(null);
        String digest = image.digest().map(Digest::value).orElse(null);
        return new Result(
                url == null ? deployment.status() : url, json(deployment.status(), url, image.reference(), digest));
    }

    private ObjectNode json(String status, String url, ImageReference image, String digest) {
        ObjectNode json = Json.object()
                .put("status", status)
                .put("url", url)
                .put("image", image.toString())
                .put("digest", digest)
                .put("tenant_id", session.target().tenant().id().value())
                .put("tenant_name", session.target().tenant().name().orElse(null))
                .put("profile", session.target().profile().map(Profile::name).orElse(null));
        ArrayNode skipped = json.putArray("skipped");
        skipped().forEach(stage -> skipped.add(stage.toString()));
        json.set("timings_ms", session.run().timings().json());
        return json;
    }

    private Set<Stage> skipped() {
        Set<Stage> skipped =
                EnumSet.complementOf(EnumSet.copyOf(session.run().timings().stages()));
        skipped.removeAll(EnumSet.of(Stage.SECRETS, Stage.WAIT)); // what nobody asked for is not skipped
        return skipped;
    }
}
