//SOURCES ../Stage.java
//SOURCES ../api/Deployment.java
//SOURCES ../api/StatusPoller.java
//SOURCES Session.java
package lib.delivery;

import java.time.Duration;
import lib.Stage;
import lib.api.Deployment;
import lib.api.StatusPoller;

/** Waits for what becomes of a deployment, and shows each state as it changes. */
public record Waiting(Session session, Duration patience) {
    /**
     * @return the deployment, as it is once the tenant is up
     * @throws lib.Failure {@code deploy_failed} when the tenant has failed, {@code outcome_unknown} when the patience ends
     */
    public Deployment until(Deployment accepted) throws InterruptedException {
        StatusPoller poller =
                StatusPoller.of(session.api(), session.target().tenant().id()).after(accepted);
        Deployment up = session.run().stage(Stage.WAIT, () -> poller.untilUp(patience, this::tell), Deployment::status);
        return new Deployment(up.status(), up.message(), up.url().or(accepted::url));
    }

    private void tell(Deployment status) {
        String message = status.message().map(text -> ": " + text).orElse("");
        session.run()
                .console()
                .say("  " + session.target().tenant().label() + " is '" + status.status() + "'" + message);
    }
}
