package lib.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.api.Deployment.Poller;
import org.junit.jupiter.api.Test;

class StatusAfterDeployTest {
    private final Deque<String> answers = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private long now;

    @Test
    void theRunningOfTheDeploymentBeforeIsNotBelieved() throws Exception {
        answers.addAll(List.of("running", "running", "deploying", "running"));
        assertEquals("running", after("deploying").status());
        assertEquals(List.of("deploying", "running"), told);
    }

    @Test
    void theFailureOfTheDeploymentBeforeIsNotBelievedEither() throws Exception {
        answers.addAll(List.of("failed", "deploying", "running"));
        assertEquals("running", after("deploying").status());
    }

    @Test
    void aStateThatHoldsIsBelieved() throws Exception {
        answers.add("running");
        assertEquals("running", after("deploying").status());
        assertEquals(true, now >= Duration.ofSeconds(5).toNanos());

        answers.clear();
        answers.add("failed");
        assertEquals(
                ErrorCode.DEPLOY_FAILED,
                assertThrows(Failure.class, () -> after("deploying")).code());
    }

    @Test
    void whatTheDeployCallItselfSaysIsBelievedAtOnce() throws Exception {
        answers.add("running");
        assertEquals("running", after("deployed").status());
        assertEquals(0, now);
    }

    private Deployment after(String answered) throws InterruptedException {
        Poller usual = new Poller(this::look, time -> now += time.toNanos(), () -> now);
        Poller poller = usual.after(new Deployment(answered, Optional.empty(), Optional.empty()));
        return poller.untilUp(Duration.ofSeconds(60), status -> told.add(status.status()));
    }

    // The last answer stays.
    private Deployment look() {
        String status = answers.size() > 1 ? answers.poll() : answers.peek();
        return new Deployment(status, Optional.empty(), Optional.empty());
    }
}
