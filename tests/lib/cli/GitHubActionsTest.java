package lib.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Failure.Finding;
import lib.Failure.Stage;
import lib.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitHubActionsTest {
    private static final Map<String, String> ON_ACTIONS = Map.of("GITHUB_ACTIONS", "true");

    @TempDir
    Path folder;

    private final List<String> written = new ArrayList<>();

    private String summaryOf(JsonNode answer) throws IOException {
        Path file = folder.resolve("summary.md");
        GitHubActions.of(Map.of("GITHUB_ACTIONS", "true", "GITHUB_STEP_SUMMARY", file.toString()), written::add)
                .answered(answer);
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private static ObjectNode deployed() {
        ObjectNode answer = Json.object()
                .put("status", "running")
                .put("url", "https://demo.example.com/")
                .put("image", "registry.example.com/acme:1")
                .put("digest", "sha256:abc")
                .put("tenant_name", "demo");
        answer.putObject("timings_ms").put("build", 61_500).put("push", 1_200);
        return answer;
    }

    @Test
    void isSilentOutsideGitHubActions() {
        for (Map<String, String> elsewhere : List.of(Map.<String, String>of(), Map.of("GITHUB_ACTIONS", "false")))
            GitHubActions.of(elsewhere, written::add).warned("oh");
        assertEquals(List.of(), written);
    }

    @Test
    void anErrorIsOneLineThatHoldsHintAndResume() {
        Failure failure = new Failure(ErrorCode.UNAVAILABLE, "100% gone\r\nreally", "Try: later, or never")
                .during(Stage.DEPLOY)
                .resumedBy("just deploy --image a:1 --skip-push", "");
        GitHubActions.of(ON_ACTIONS, written::add).failed("", failure);
        assertEquals(
                List.of("::error title=deploy%3A unavailable::100%25 gone%0D%0Areally%0ATry: later, or never"
                        + "%0AResume with: just deploy --image a:1 --skip-push"),
                written);
    }

    @Test
    void eachOfSeveralFindingsIsAnErrorOfItsOwnUnderItsTarget() {
        Failure failure = new Failure(ErrorCode.CONFIG, "2 problems found", "look again")
                .listing(List.of(
                        Finding.of("tenant", new Failure(ErrorCode.CONFIG, "No tenant", "Choose one")),
                        Finding.of("docker", new Failure(ErrorCode.UNAVAILABLE, "No engine", ""))));
        GitHubActions.of(ON_ACTIONS, written::add).failed("acme: ", failure.during(Stage.PREFLIGHT));
        assertEquals(
                List.of(
                        "::error title=acme%3A preflight%3A tenant::No tenant%0AChoose one",
                        "::error title=acme%3A preflight%3A docker::No engine"),
                written);
    }

    @Test
    void theSummaryOfAFailureTellsItsErrorAndHowToGoOn() throws IOException {
        ObjectNode failed = Json.object().put("tenant_id", "ten_a");
        failed.putObject("error")
                .put("stage", "deploy")
                .put("message", "No | <b>")
                .put("hint", "Ask")
                .put("resume", "just deploy --skip-push");
        assertEquals(
                "\n### ten_a: failed (deploy)\n\n- No    b  → Ask\n\nResume with: `just deploy --skip-push`\n\n",
                summaryOf(failed));
    }

    @Test
    void aServersWordsCannotBecomeACommand() {
        GitHubActions.of(ON_ACTIONS, written::add).warned("oh\n::add-path::/evil");
        String line = written.get(0);
        assertEquals(1, line.lines().count());
        assertTrue(line.endsWith("oh%0A::add-path::/evil"), line);
    }

    @Test
    void theSummaryTellsImageDigestUrlAndWhereTheTimeWent() throws IOException {
        String text = summaryOf(deployed());
        assertTrue(text.startsWith("\n### demo: running\n"), text);
        for (String row : new String[] {
            "| image | `registry.example.com/acme:1` |",
            "| digest | `sha256:abc` |",
            "| url | `https://demo.example.com/` |",
            "| build | 61.5 s |",
            "| total | 62.7 s |"
        }) {
            assertTrue(text.contains(row), text);
        }
    }

    @Test
    void theSummaryIsNoPartOfALineThatTheStepLeftOpen() throws IOException {
        Files.writeString(folder.resolve("summary.md"), "# Tests passed");
        String text = summaryOf(deployed());
        assertTrue(text.startsWith("# Tests passed\n### demo: running\n"), text);
    }

    @Test
    void theSummaryHasASectionForEachOfSeveralTargets() throws IOException {
        String text = summaryOf(
                Json.object().putArray("all").add(deployed()).add(deployed().put("tenant_name", "b")));
        assertTrue(text.contains("### demo: ") && text.contains("### b: "), text);
    }

    @Test
    void aServersWordsStayInsideTheirCell() throws IOException {
        String text = summaryOf(deployed().put("url", "x` |\n<img src=y>"));
        assertFalse(text.contains("<img"), text);
        assertTrue(text.lines().anyMatch(line -> line.matches("\\| url \\| `[^`|]*` \\|")), text);
    }

    @Test
    void whatIsNoDeployHasNoSummaryAndNoSecretIsEverInOne() throws IOException {
        assertEquals("", summaryOf(Json.object().put("password", "s3cret")));
        assertFalse(summaryOf(deployed().put("password", "s3cret")).contains("s3cret"));
    }
}
