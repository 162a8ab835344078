//SOURCES ../ImageReference.java
//SOURCES ../Json.java
//SOURCES ../Stage.java
//SOURCES ../cli/Result.java
//SOURCES ../project/Profile.java
//SOURCES ../project/Target.java
//SOURCES ImageNames.java
//SOURCES PushSource.java
package lib.deploy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import lib.ImageReference;
import lib.Json;
import lib.Stage;
import lib.cli.Result;
import lib.project.Profile;
import lib.project.Target;

/** What a run would do, with the values it would do it with. */
public final class Plan {
    private final ObjectNode json = Json.object();
    private final StringBuilder text = new StringBuilder();

    /** Where it would go. */
    static Plan to(Target target) {
        return new Plan()
                .with("tenant_id", target.tenant().id().value())
                .with("tenant_name", target.tenant().name().orElse(null))
                .with("profile", target.profile().map(Profile::name).orElse(null))
                .with("api_url", target.credentials().apiUrl().toString());
    }

    /** What {@code docker_push} would do. */
    public static Plan ofPush(Target target, PushSource image, ImageNames names) {
        return to(target)
                .with("local_image", image.name())
                .named(names)
                .list("stages", EnumSet.of(Stage.TOKEN, Stage.LOGIN, Stage.PUSH));
    }

    /** The image's name in the registry, as far as it is known without a token. */
    Plan named(ImageNames names) {
        Optional<ImageReference> known = names.known();
        String remark = known.isPresent()
                ? "(where the registry token names no other)"
                : "(the registry token names the image)";
        return with("image", known.map(ImageReference::toString).orElse(null)).noting(remark);
    }

    /** One more value. @param value null where it is known to nobody yet, which only JSON shows */
    Plan with(String key, String value) {
        json.put(key, value);
        if (value != null) line(key, value);
        return this;
    }

    /** The stages that would be gone through, and so those of the usual that would not. */
    Plan stages(Set<Stage> done) {
        Set<Stage> skipped = EnumSet.range(Stage.BUILD, Stage.DEPLOY);
        skipped.remove(Stage.SECRETS);
        skipped.removeAll(done);
        return list("stages", done).list("skipped", skipped);
    }

    Plan list(String key, Collection<?> values) {
        ArrayNode array = json.putArray(key);
        values.forEach(value -> array.add(value.toString()));
        if (!values.isEmpty()) {
            line(key, values.stream().map(Object::toString).collect(Collectors.joining(", ")));
        }
        return this;
    }

    /** A remark for people alone. */
    Plan noting(String remark) {
        text.append(String.format("%-14s%s%n", "", remark));
        return this;
    }

    private void line(String key, String value) {
        text.append(String.format("%-14s%s%n", key.replace('_', ' '), value));
    }

    /** On stdout, since it is what was asked for. */
    public Result answer() {
        return new Result(text.toString().stripTrailing(), Json.object().set("plan", json));
    }
}
