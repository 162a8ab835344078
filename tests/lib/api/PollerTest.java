package lib.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

class PollerTest {
    private final List<Duration> pauses = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final Deque<Object> answers = new ArrayDeque<>();
    private long now;

    @Test
    void tellsEachChangeOnceAndEndsWhenTheTenantIsUp() throws Exception {
        answers.addAll(List.of("provisioning", "deploying", "deploying", "running"));
        assertEquals("running", wait(60).status());
        assertEquals(List.of("provisioning", "deploying", "running"), told);
    }

    @Test
    void asksEverMoreSeldomButAtLeastEveryTenSeconds() {
        answers.add("deploying");
        assertThrows(Failure.class, () -> wait(120));
        assertEquals(Duration.ofSeconds(1), pauses.get(0));
        assertEquals(Duration.ofMillis(1500), pauses.get(1));
        assertTrue(pauses.stream().allMatch(pause -> pause.compareTo(Duration.ofSeconds(10)) <= 0));
        assertEquals(Duration.ofSeconds(120), pauses.stream().reduce(Duration.ZERO, Duration::plus));
    }

    @Test
    void aTenantThatFailedIsAFailureWithItsMessage() {
        for (String word : List.of("failed", "Crashed", "stopped", "deleted", "build_failed", "Deploy failed")) {
            answers.clear();
            answers.addAll(List.of("deploying", word));
            Failure failure = assertThrows(Failure.class, () -> wait(60));
            assertEquals(ErrorCode.DEPLOY_FAILED, failure.code());
            assertEquals("The tenant is '" + word + "': it says why", failure.getMessage());
        }
    }

    @Test
    void aTenantThatIsNotUpInTimeIsAnUnknownOutcome() {
        answers.add("deploying");
        Failure failure = assertThrows(Failure.class, () -> wait(5));
        assertEquals(75, failure.code().exitCode());
        assertEquals("After 5 s the tenant is still 'deploying'", failure.getMessage());
    }

    @Test
    void aPassingFailureIsWaitedOutAndARefusalIsNot() throws Exception {
        answers.addAll(List.of("deploying", ErrorCode.UNAVAILABLE, "running"));
        assertEquals("running", wait(60).status());
        answers.clear();
        answers.addAll(List.of(ErrorCode.AUTH, "running"));
        assertEquals(ErrorCode.AUTH, assertThrows(Failure.class, () -> wait(60)).code());
    }

    @Test
    void answersWithoutSenseAreWaitedOutUpToTheThirdInARow() throws Exception {
        for (ErrorCode odd : List.of(ErrorCode.PROTOCOL, ErrorCode.CONFIG)) {
            answers.clear();
            answers.addAll(List.of(odd, odd, "deploying", odd, odd, "running"));
            assertEquals("running", wait(60).status());
            answers.clear();
            answers.addAll(List.of(odd, odd, odd, "running"));
            assertEquals(odd, assertThrows(Failure.class, () -> wait(60)).code());
        }
    }

    @Test
    void theTenantIsAskedOnceHoweverShortTheTimeout() throws Exception {
        answers.add("running");
        assertEquals("running", wait(0).status());
        assertEquals(List.of(), pauses);
    }

    private Deployment wait(int seconds) throws InterruptedException {
        Poller poller = new Poller(this::look, this::sleep, () -> now);
        return poller.untilUp(Duration.ofSeconds(seconds), status -> told.add(status.status()));
    }

    private void sleep(Duration time) {
        pauses.add(time);
        now += time.toNanos();
    }

    // The last answer stays.
    private Deployment look() {
        Object answer = answers.size() > 1 ? answers.poll() : answers.peek();
        if (answer instanceof ErrorCode code) throw new Failure(code, "some trouble", "");
        Optional<String> message =
                answer.toString().matches("(?i).*ing") ? Optional.empty() : Optional.of("it says why");
        return new Deployment(answer.toString(), message, Optional.empty());
    }
}
