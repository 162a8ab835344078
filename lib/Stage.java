package lib;

import java.util.Locale;

/** The stages of a deploy, in their order, and how they are told to a person. */
public enum Stage {
    PREFLIGHT("Checking the project", "Ready to deploy", "nothing was built, pushed or deployed"),
    BUILD("Building the image", "Image built", "nothing was pushed or deployed"),
    TOKEN("Fetching a registry token", "Registry token fetched", "nothing was pushed or deployed"),
    LOGIN("Logging in to the registry", "Logged in", "nothing was pushed or deployed"),
    PUSH("Pushing the image", "Image pushed", "nothing was deployed; layers may have been pushed"),
    SECRETS("Sending the secrets", "Secrets sent", "nothing was deployed; the secrets may have been sent"),
    DEPLOY("Deploying", "Deployment accepted", "the deployment may or may not have been accepted"),
    WAIT("Waiting for the tenant", "Tenant is up", "the deployment was accepted and goes on");

    private final String doing;
    private final String done;
    private final String whenInterrupted;

    Stage(String doing, String done, String whenInterrupted) {
        this.doing = doing;
        this.done = done;
        this.whenInterrupted = whenInterrupted;
    }

    public String doing() {
        return doing;
    }

    public String done() {
        return done;
    }

    /** What an interrupt in this stage leaves undone, a clause. */
    public String whenInterrupted() {
        return whenInterrupted;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
