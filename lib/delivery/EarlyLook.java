//SOURCES ../Failure.java
//SOURCES ../Parallel.java
//SOURCES ../cli/Run.java
//SOURCES Session.java
//SOURCES Sessions.java
package lib.delivery;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import lib.Failure;
import lib.Parallel;
import lib.cli.Run;

/**
 * What the API says while the image is built: an account that cannot act for its tenant hears it at once, and not after
 * the last layer. Whatever it says, the connection is open, and all that speaks over it is loaded, when the build is done.
 */
record EarlyLook(Sessions sessions) {
    /** Does the work, which a refusal ends. @throws Failure the refusal, too */
    <T> T during(Run.Work<T> work) throws InterruptedException {
        // What one tenant is refused is no reason to stop for the others.
        if (sessions.areSeveral()) return work.get();
        BlockingQueue<Optional<Failure>> ends = new LinkedBlockingQueue<>();
        try (Parallel both = new Parallel("aside", 2)) {
            Parallel.Result<T> result = both.start(() -> {
                try {
                    return work.get();
                } finally {
                    ends.add(Optional.empty());
                }
            });
            // Where it cannot be asked there is no end: the call that needs the API will say so.
            both.start(() -> {
                Session session = sessions.first();
                session.api()
                        .refusal(session.target().tenant().id())
                        .ifPresent(refusal -> ends.add(Optional.of(refusal)));
                return null;
            });
            Optional<Failure> refusal = ends.take();
            if (refusal.isPresent()) throw refusal.get();
            return result.get();
        }
    }
}
