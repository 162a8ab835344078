package sandbox;

/**
 * A tenant and how its next deployments will end. To change one, give {@link Cloud#put} a changed copy.
 *
 * @param appId the name of its application, which is also its repository
 * @param provisioned without it, tenant calls answer {@code No cloud infrastructure provisioned}
 */
public record Tenant(String id, String name, String appId, String region, boolean provisioned, Ending ending) {

    /** What becomes of a deployment. */
    public sealed interface Ending permits Runs, Fails, NeverEnds {}

    public record Runs() implements Ending {}

    public record Fails(String message) implements Ending {}

    /** A deployment that stays {@code deploying}. */
    public record NeverEnds() implements Ending {}

    public static Tenant of(String id, String name, String appId) {
        return new Tenant(id, name, appId, "lhr", true, new Runs());
    }

    String hostname() {
        return appId + ".sandbox.invalid";
    }

    public Tenant unprovisioned() {
        return new Tenant(id, name, appId, region, false, ending);
    }

    public Tenant ending(Ending other) {
        return new Tenant(id, name, appId, region, provisioned, other);
    }
}
