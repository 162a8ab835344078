package secrecy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Command;
import harness.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;

/** The API token is a file, as that is what keeps a person logged in: this one file, and nothing else. */
class ApiTokenTest {
    @TempDir
    Path folder;

    private final Cloud cloud = Cloud.start();
    private Scene scene;
    private Path credentials;
    private Canary token;

    @BeforeEach
    void scene() {
        scene = new Scene(folder, cloud);
        credentials = scene.project().credentialsFile();
        token = scene.apiToken();
    }

    @AfterEach
    void close() {
        cloud.close();
    }

    @Test
    void aLoginFromStdinWritesItToItsFileAlone() throws Exception {
        scene.project().without(".systemprompt/credentials.json");
        Trace trace = run(scene.jbang("login", "--token-stdin", "--verbose", "--json")
                .env("SYSTEMPROMPT_API_URL", cloud.apiUrl())
                .stdin(token.value() + "\n"));
        assertTrue(token.in(Files.readAllBytes(credentials)).isPresent());
        assertEquals(List.of(), Leaks.of(token).butStaged(credentials).in(trace));
        assertEquals(1, Leaks.of(token).in(trace).size(), "the trace sees it written, once");
    }

    @Test
    void whatLooksAtTenantsWritesItNowhere() throws Exception {
        for (String command : List.of("status", "list")) {
            Trace trace = run(scene.jbang("tenant", command, "--verbose", "--json"));
            assertEquals(List.of(), Leaks.of(token).in(trace), command);
            boolean wrote = trace.files().keySet().stream().anyMatch(path -> path.contains("/.tenants.json"));
            assertEquals(command.equals("list"), wrote, "list keeps the tenants, and the trace sees it");
        }
        assertFalse(cloud.calls().isEmpty());
    }

    /** Runs it to a good end, after which the token is in no output and in no file but its own. */
    private Trace run(Command command) throws Exception {
        Strace strace = scene.strace();
        Ran ran = strace.run(command).succeeded();
        assertEquals(Optional.empty(), token.in(ran.out() + ran.err()));
        assertEquals(List.of(), scene.leaks(token));
        return strace.trace();
    }
}
