package lib.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sandbox.Cloud;

class FaultyRegistryTest {
    private static final SampleImage IMAGE = SampleImage.of(SampleImage.noise(1, 1 << 20));

    @TempDir
    Path folder;

    private final Pushing pushing = new Pushing();
    private final Cloud cloud = Cloud.start();

    @BeforeEach
    void login() {
        pushing.login = Pushing.loginAt(cloud, "ten_demo");
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    @Test
    void survivesA503OnAnUploadAndStartsItAgain() throws Exception {
        pushesDespite("PATCH upload 503");
        assertEquals(List.of(Duration.ofMillis(100)), pushing.sleeps);
        assertEquals(3, cloud.count("POST", "uploads"), "two blobs, one of them twice");
    }

    @Test
    void survivesAConnectionResetInTheMiddleOfABlob() throws Exception {
        pushesDespite("PATCH upload reset=200");
        assertEquals(1, pushing.sleeps.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "reset", "truncate"})
    void survivesAConnectionThatEndsWithoutAnAnswer(String ending) throws Exception {
        pushesDespite("PUT upload " + ending);
    }

    @Test
    void aBlobWhoseCommitIsDoneButNotAnsweredIsNotSentAgain() throws Exception {
        pushesDespite("PUT upload cut");
        assertEquals(List.of(), pushing.sleeps);
        assertEquals(2, cloud.count("POST", "uploads"), "two blobs, each of them once");
    }

    @Test
    void survivesALostUploadSession() throws Exception {
        pushesDespite("PUT upload 404");
    }

    @Test
    void waitsAsLongAsTheRegistryAsksButNoLongerThanTenSeconds() throws Exception {
        pushesDespite("PUT manifest 429=slow down retry-after=7", "PUT manifest 429=slow down retry-after=3600");
        assertEquals(List.of(Duration.ofSeconds(7), Duration.ofSeconds(10)), pushing.sleeps);
    }

    @Test
    void survivesALimitOnRequestsThatComeInABurst() throws Exception {
        pushesDespite("POST uploads 429=slow down x4");
        assertEquals(4, pushing.sleeps.size());
        assertTrue(pushing.sleeps.stream().allMatch(pause -> pause.toSeconds() >= 1), pushing.sleeps.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PUT manifest 403=You have exceeded a secondary rate limit. Please wait a few minutes.",
                "PUT manifest 400:{\"errors\":[{\"code\":\"TOOMANYREQUESTS\"}]}",
                "PATCH upload 403:<title>Too Many Requests</title>"
            })
    void aLimitInOtherWordsIsAWaitAndNoRefusal(String fault) throws Exception {
        pushesDespite(fault);
        assertEquals(List.of(Duration.ofSeconds(1)), pushing.sleeps);
    }

    @Test
    void waitsForAFractionOfASecondOrUntilADateOfTheRegistrysOwnClock() throws Exception {
        String then = "'Mon, 05 Jan 2026 10:00:07 GMT'";
        pushesDespite(
                "PUT manifest 503 retry-after=1.5",
                "PUT manifest 503 date='Mon, 05 Jan 2026 10:00:00 GMT' retry-after=" + then);
        assertEquals(List.of(Duration.ofMillis(1500), Duration.ofSeconds(7)), pushing.sleeps);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 202, 204})
    void anySuccessThatDoesNotContradictTheDigestIsOne(int status) throws Exception {
        cloud.fault("PUT manifest " + status + ": x*");
        push();
        assertEquals(List.of(), pushing.sleeps);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST uploads 200:<html>",
                "PUT upload 200:<html>",
                "PUT upload 400:{\"errors\":[{\"code\":\"BLOB_UPLOAD_INVALID\"}]}",
                "PUT manifest 404:{\"errors\":[{\"code\":\"MANIFEST_BLOB_UNKNOWN\"}]}",
                "PUT manifest 400:{\"errors\":[{\"code\":\"BLOB_UNKNOWN\"}]}",
                "PUT manifest 425:too early",
                "GET ping 522:<html>",
                "PUT upload 500:"
            })
    void survivesAnAnswerThatIsNotTheLastWord(String fault) throws Exception {
        pushesDespite(fault);
        assertEquals(List.of(Duration.ofMillis(100)), pushing.sleeps);
    }

    @Test
    void aQuestionWhetherALayerIsThereFailsNoPush() throws Exception {
        push();
        cloud.fault("HEAD blob 500 x*");
        push();
        assertTrue(isPushed());
    }

    @Test
    void aLimitOnTheSizeOfALayerIsNamedAndThePageThatSaysItIsNotQuoted() {
        for (String page : List.of("413:<html><title>413 Request Entity Too Large</title>", "413=<html><body>nginx")) {
            cloud.fault("PATCH upload " + page + " x*");
            Failure failure = assertThrows(Failure.class, this::push);
            assertEquals(ErrorCode.PUSH_FAILED, failure.code());
            assertTrue(failure.hint().contains("limits the size of a layer"), failure.hint());
            assertFalse(failure.getMessage().matches("(?s).*<[a-z].*"), failure.getMessage());
            cloud.clearFaults();
        }
    }

    @Test
    void doesNotBelieveAnAnswerThatComesBeforeTheBlobIsSent() throws Exception {
        pushesDespite("PATCH upload early 202 location=/v2/sp-demo/blobs/uploads/none");
    }

    @Test
    void givesUpAfterThreeTriesAndSaysWhy() {
        cloud.fault("PATCH upload 503=\u001b[31mstorage down x*");
        Failure failure = assertThrows(Failure.class, this::push);
        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
        assertTrue(
                failure.getMessage().matches("PATCH http://[^ ?]+: 503 UNAVAILABLE: storage down \\(tried 3 times\\)"),
                failure.getMessage());
        assertFalse(failure.hint().isEmpty());
        assertFalse(isPushed());
    }

    @Test
    void saysThatNothingListens() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path archive = archive();
        Failure failure = assertThrows(Failure.class, () -> pushing.push(archive, "127.0.0.1:" + port, "acme", "one"));
        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
        assertTrue(failure.getMessage().contains("connection refused"), failure.getMessage());
        assertEquals(2, pushing.sleeps.size());
    }

    @Test
    void doesNotHangOnAnUploadThatStalls() {
        pushing.limit = Duration.ofMillis(400);
        cloud.fault("PATCH upload stall x*");
        assertEquals(
                ErrorCode.UNAVAILABLE, assertThrows(Failure.class, this::push).code());
    }

    @Test
    void aRefusedPushIsNotRepeatedAndTellsTheRegistrysSentence() {
        cloud.fault("POST uploads 403=may pull but not push x*");
        Failure refused = assertThrows(Failure.class, this::push);
        assertEquals(ErrorCode.PUSH_FAILED, refused.code());
        assertTrue(refused.getMessage().endsWith(": 403 DENIED: may pull but not push"), refused.getMessage());
        assertEquals(List.of(), pushing.sleeps);
    }

    @Test
    void aRegistryThatConfirmsAnotherDigestIsNotBelieved() {
        cloud.fault("PUT manifest 201 docker-content-digest=sha256:" + "0".repeat(64));
        assertEquals(ErrorCode.PROTOCOL, assertThrows(Failure.class, this::push).code());
    }

    @Test
    void aPageThatIsNoRegistryIsSaidToBeNone() {
        cloud.fault("* /* 404:<html>" + "x".repeat(5000) + " x*");
        Failure failure = assertThrows(Failure.class, this::push);
        assertTrue(failure.getMessage().contains("404"), failure.getMessage());
        assertTrue(failure.getMessage().length() < 700);
    }

    @Test
    void anAnswerWithoutEndIsCut() {
        cloud.fault("POST uploads huge x*");
        assertEquals(ErrorCode.PROTOCOL, assertThrows(Failure.class, this::push).code());
    }

    private void pushesDespite(String... faults) throws Exception {
        for (String fault : faults) cloud.fault(fault);
        push();
        assertEquals(List.of(), cloud.faults(), "all have struck");
        assertTrue(isPushed());
    }

    private void push() throws IOException, InterruptedException {
        pushing.push(archive(), cloud.registryHost(), "sp-demo", "one");
    }

    private boolean isPushed() {
        return cloud.find(ImageReference.of(cloud.registryHost(), "sp-demo", "one"))
                .isPresent();
    }

    private Path archive() throws IOException {
        return SampleImage.write(folder.resolve("a.tar"), IMAGE.dockerSave());
    }
}
