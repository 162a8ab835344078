package lib.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import lib.Secret;
import lib.Secret.Credential;
import lib.docker.PrivateDockerConfig.DockerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of the user's own Docker configuration goes along, and what stays. */
class DockerConfigTest {
    @TempDir
    Path folder;

    private DockerConfig config(String json) throws IOException {
        Files.writeString(folder.resolve("config.json"), json);
        return new DockerConfig(folder);
    }

    @Test
    void readsTheLoginsThatTheFileHolds() throws IOException {
        DockerConfig config = config("""
            {"auths": {
              "a.example.com": {"auth": "dXNlcjpwOnc="},
              "b.example.com": {"auth": "dXNlcjo=", "identitytoken": "long"},
              "kept.by.a.store": {},
              "no.base64": {"auth": "?"},
              "no.pair": {"auth": "dXNlcg=="}
            }}
            """);
        assertEquals(
                List.of(
                        new Credential("a.example.com", "user", Secret.of("p:w")),
                        new Credential("b.example.com", "<token>", Secret.of("long"))),
                config.logins());
        assertFalse(config.logins().toString().contains("p:w"));
    }

    @Test
    void aConfigurationThatIsAPipeIsNotWaitedFor() throws Exception {
        harness.Command.of("mkfifo")
                .with(folder.resolve("config.json").toString())
                .run()
                .succeeded();
        assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> assertEquals(List.of(), new DockerConfig(folder).logins()));
    }

    @Test
    void keepsWhatHoldsNoCredential() throws IOException {
        DockerConfig config = config("""
            {"auths": {"a.example.com": {"auth": "dXNlcjpwOnc="}}, "currentContext": "far", "credsStore": "desktop",
             "credHelpers": {"b.example.com": "cloud"}, "HttpHeaders": {"User-Agent": "me"}, "detachKeys": "ctrl-e"}
            """);
        assertEquals(
                "{\"currentContext\":\"far\",\"HttpHeaders\":{\"User-Agent\":\"me\"}}",
                config.withoutCredentials().toString());
        assertEquals(
                "{\"credsStore\":\"desktop\",\"credHelpers\":{\"b.example.com\":\"cloud\"}}",
                config.stores().toString());
    }

    @Test
    void aFileThatIsMissingOrNoJsonHoldsNothing() throws IOException {
        assertEquals(List.of(), new DockerConfig(folder.resolve("none")).logins());
        assertEquals("{}", config("not JSON").withoutCredentials().toString());
        assertEquals(List.of(), config("{\"auths\": []}").logins());
    }
}
