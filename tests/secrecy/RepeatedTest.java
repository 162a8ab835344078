package secrecy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.ActionsRunner;
import harness.Command;
import harness.Jwt;
import harness.Ran;
import harness.Running;
import harness.Scripts;
import harness.TestProject;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import lib.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sandbox.Cloud;
import sandbox.SampleArchive;

/** A secret that somebody repeats to us is in no line, no JSON, no annotation and no summary that comes of it. */
class RepeatedTest {
    private static final String TOKEN_CALL = "/api/v1/tenants/ten_demo/registry-token";
    private static final String EXCHANGE = "/api/v1/core/oauth/token";

    /** What a registry token is worth keeping for: not known before the answer is read. */
    private static final Canary FRESH =
            new Canary("the fresh password", "fr3sh-Pa55w0rd-of-the-registry", "fr3sh-Pa55");

    @TempDir
    Path folder;

    private Canary token;

    @BeforeEach
    void start() throws IOException {
        token = Canary.token(Jwt.expiringIn(Duration.ofDays(1)));
        for (String each : List.of("home", "tmp", "project")) Files.createDirectories(folder.resolve(each));
    }

    @Test
    void dockersLastLineIsMaskedHoweverItComes() throws IOException {
        try (Cloud cloud = Cloud.start()) {
            token = Canary.token(cloud.operatorToken().reveal());
            // It asks the helper as a push does, and says what it got: in two pieces, as Docker's auth, and as JSON.
            Command push =
                    withDocker(script(URI.create(cloud.apiUrl()), "docker_push", "acme:1", "--json", "--verbose"), """
                        case "$1 $2" in
                        version*) echo 26.1.5 ;;
                        "image inspect") echo '{"os":"linux","architecture":"amd64","digests":[]}' ;;
                        push*)
                            said=$(credential)
                            password=$(printf '%s' "$said" | sed 's/.*"Secret":"\\([^"]*\\)".*/\\1/')
                            rest=${password#??????????}
                            printf 'trying %s' "${password%"$rest"}"
                            sleep 0.3
                            printf '%s\\n' "$rest"
                            echo "auth: $(printf 'x:%s' "$password" | base64 -w 0)" >&2
                            echo "::error::$password"
                            echo "denied: $said" >&2
                            exit 1
                            ;;
                        esac
                        """);
            Ran ran = onActions(push).run().exitedWith(1);
            Canary password = Canary.password(cloud.credentials().get(0).password());
            assertTrue(cloud.count("GET", "registry-token") == 2, "a refusal gets a second token");
            assertSilent(ran, password, token);
            ran.errContains("trying ****\n").errContains("denied: ").errContains("auth: ");
            assertTrue(ran.json().at("/error/message").asText().contains("denied: "), ran.out());
            assertEquals(2, ActionsRunner.obeyed(ran.err()).size(), "a warning and an error, both ours: " + ran.err());
        }
    }

    @Test
    void aChildThatIsKilledLeavesGitHubListeningToUsAgain() throws IOException {
        try (Cloud cloud = Cloud.start()) {
            token = Canary.token(cloud.operatorToken().reveal());
            Command push = withDocker(script(URI.create(cloud.apiUrl()), "docker_push", "acme:1"), """
                case "$1 $2" in
                version*) echo 26.1.5 ;;
                "image inspect") echo '{"os":"linux","architecture":"amd64","digests":[]}' ;;
                push*) echo ::error::one; printf 'and no end ::error::two'; exec sleep 60 ;;
                esac
                """);
            try (Running running = onActions(push).start()) {
                running.awaitErr("and no end").ctrlC();
                Ran ran = running.await().exitedWith(130);
                List<String> obeyed = ActionsRunner.obeyed(ran.err());
                assertEquals(1, obeyed.size(), ran.err());
                assertTrue(obeyed.get(0).startsWith("error Interrupted during push"), ran.err());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\": {\"code\": \"e\", \"message\": \"kept %s for x\"}, \"data\": {\"token\": \"%s\"}}",
                "{\"error\": {\"code\": \"e\", \"message\": \"could not store %s\"}}",
                "{\"error\": \"server_error\", \"error_description\": \"could not store %s\"}",
                "{\"registry\": \"r.example.com\", \"username\": \"x\", \"token\": \"%s\"}",
                "panic: could not store %s",
                "<html><title>could not store %s</title>%s</html>",
                "[\"%s\"]",
                "\"%s\""
            })
    void anErrorOfTheTokenCallDoesNotShowTheTokenInIt(String body) {
        for (int status : List.of(403, 500)) {
            try (Parrot api = new Parrot(asked -> asked.answer(status, body.replace("%s", FRESH.value())))) {
                Ran ran = onActions(script(api, "registry_token", "--json", "--verbose"))
                        .run();
                assertTrue(Set.of(1, 69, 77).contains(ran.exitCode()), ran.toString());
                assertSilent(ran, FRESH, token);
            }
        }
    }

    @Test
    void theSentencesThatPeopleKnowStillComeOut() {
        String longer = "Tenant ten_demo of team Acme_Industries_and_Sons_2026 may not push; ask the owner of the plan";
        try (Parrot api =
                new Parrot(asked -> asked.refuse(403, "Your plan does not include container-registry-access"))) {
            script(api, "registry_token")
                    .env("SYSTEMPROMPT_BEARER", "direct")
                    .run()
                    .exitedWith(77)
                    .errContains("✗ Your plan does not include container-registry-access\n");
        }
        try (Parrot api = new Parrot(asked -> asked.refuse(403, longer))) {
            script(api, "registry_token").run().exitedWith(77).errContains("team **** may not push; ask the owner");
        }
        for (String known : List.of("Registry service not available", "No cloud infrastructure provisioned")) {
            for (String body : List.of("{\"error\": {\"message\": \"%s\"}}", "{\"message\": \"%s\"}", "%s")) {
                try (Parrot api = new Parrot(asked -> asked.answer(503, body.formatted(known)))) {
                    script(api, "registry_token").run().exitedWith(69).errContains("✗ " + known + "\n");
                    assertEquals(1, api.requests().size(), "it is final: " + api.requests());
                }
            }
        }
    }

    @Test
    void aPageInTheApisPlaceIsNotQuotedButForItsTitle() {
        String page = "<!DOCTYPE html>\n<html><head><title>Attention Required! &amp; more</title></head><body>x</body>";
        try (Parrot proxy = new Parrot(asked -> asked.answer(403, page))) {
            script(proxy, "tenant", "status")
                    .run()
                    .exitedWith(77)
                    .errContains("403 from something before the API: 'Attention Required! & more'")
                    .lacks("<");
            script(proxy, "registry_token")
                    .run()
                    .exitedWith(77)
                    .errContains("403 from something before the API: 'Attention Required! & more'")
                    .lacks("<");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"%s", "{\"error\": \"invalid_request\", \"error_description\": \"%s\"}", "{\"got\": \"%s\"}"})
    void anExchangeThatQuotesItsFormDoesNotShowTheOperatorsToken(String body) {
        try (Parrot api = new Parrot(asked -> {
            String form = asked.body() + " " + URLDecoder.decode(asked.body(), StandardCharsets.UTF_8);
            if (asked.path().equals(EXCHANGE)) asked.answer(400, body.replace("%s", form));
            else asked.answer(401, "");
        })) {
            for (String mode : List.of("auto", "exchange")) {
                Ran ran = onActions(script(api, "registry_token", "--json", "--verbose"))
                        .env("SYSTEMPROMPT_BEARER", mode)
                        .run()
                        .exitedWith(77);
                assertSilent(ran, token);
                assertTrue(ran.err().contains("400"), ran.err());
            }
        }
    }

    @Test
    void aRefusalThatQuotesTheHeaderDoesNotShowIt() {
        try (Parrot api = new Parrot(asked -> {
            String basic =
                    Base64.getEncoder().encodeToString(asked.authorization().getBytes(StandardCharsets.UTF_8));
            asked.refuse(403, "no right with '" + asked.authorization() + "' (" + basic + ")");
        })) {
            for (List<String> words : List.of(
                    List.of("registry_token", "--json"),
                    List.of("tenant", "status", "--verbose"),
                    List.of("tenant", "list", "--json"),
                    List.of("deploy", "--check"))) {
                Ran ran = onActions(script(
                                api,
                                words.get(0),
                                words.subList(1, words.size()).toArray(String[]::new)))
                        .run();
                assertSilent(ran, token);
                assertTrue(ran.exitCode() != 0, ran.toString());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\n", "\\r\\nX-Other: 1", " ", "\\u0000", "\\u20ac"})
    void anExchangedTokenThatNoHeaderCanCarryIsRefusedUnquoted(String odd) {
        try (Parrot api = new Parrot(asked -> {
            if (asked.path().equals(EXCHANGE))
                asked.answer(200, "{\"access_token\": \"" + FRESH.value() + odd + "x\", \"expires_in\": 300}");
            else asked.answer(401, "");
        })) {
            for (String mode : List.of("auto", "exchange")) {
                Ran ran = onActions(script(api, "registry_token", "--json", "--verbose"))
                        .env("SYSTEMPROMPT_BEARER", mode)
                        .run()
                        .exitedWith(76)
                        .errContains("access_token is no bearer token");
                assertSilent(ran, FRESH, token);
            }
        }
    }

    @Test
    void aRegistryThatQuotesTheLoginDoesNotShowIt() throws IOException {
        Path archive = archive();
        try (Parrot cloud = new Parrot(asked -> {
            String authorization = asked.authorization();
            if (asked.path().equals(TOKEN_CALL)) {
                asked.answer(200, granting(asked.exchange().getRequestHeaders().getFirst("Host")));
            } else if (!authorization.startsWith("Basic")) {
                asked.exchange().getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"x\"");
                asked.answer(401, "");
            } else if (asked.path().equals("/v2/")) {
                asked.answer(200, "{}");
            } else {
                String plain = new String(
                        Base64.getDecoder().decode(authorization.substring("Basic ".length())), StandardCharsets.UTF_8);
                asked.answer(
                        400,
                        "{\"errors\": [{\"code\": \"BAD\", \"message\": \"" + authorization + " that is " + plain
                                + "\"}]}");
            }
        })) {
            Ran ran = onActions(script(cloud, "docker_push", "--archive", archive.toString(), "--json", "--verbose"))
                    .run()
                    .exitedWith(1);
            assertSilent(ran, FRESH, token);
            assertTrue(ran.err().contains("400 BAD: **** that is x:****"), ran.err());
        }
    }

    @Test
    void aProfilesNameCanMoveNoCursorInAPlanOnStdout() throws IOException {
        String name = "pr\u001b]0;owned\u0007od\u009b2J";
        try (Parrot nobody = new Parrot(asked -> asked.answer(500, ""))) {
            Command plan =
                    script(nobody, "deploy", "--dry-run", "--archive", archive().toString());
            Files.move(
                    folder.resolve("project/.systemprompt/profiles/prod"),
                    folder.resolve("project/.systemprompt/profiles/" + name));
            Ran ran = plan.run().succeeded().outContains("pr?]0;owned?od?2J");
            assertTrue(!ran.out().matches("(?s).*[\\p{Cc}&&[^\n]].*"), ran.out());
            Ran json = plan.with("--json").run().succeeded();
            assertEquals(name, json.json().at("/plan/profile").asText());
            assertTrue(!json.out().matches("(?s).*[\\p{Cc}&&[^\n]].*"), json.out());
        }
    }

    @Test
    void aProfileThatNamesOurVariableDoesNotShowItsValue() {
        try (Parrot nobody = new Parrot(asked -> asked.answer(500, ""))) {
            Command deploy = script(nobody, "deploy", "--dry-run", "--json", "--verbose")
                    .env("SYSTEMPROMPT_API_TOKEN", token.value() + " ")
                    .env("SYSTEMPROMPT_API_URL", nobody.url().toString());
            TestProject.in(folder.resolve("project"), nobody.url())
                    .profile("prod", TestProject.profileOf("prod", "'${SYSTEMPROMPT_API_TOKEN}'"));
            assertSilent(onActions(deploy).run().exitedWith(78), token);
        }
    }

    @Test
    void onlyTheRegistryTokenItselfIsShownAndOnlyWhereItWasAskedFor() {
        try (Parrot api = new Parrot(asked -> asked.answer(200, granting("registry.example.com")))) {
            script(api, "registry_token").run().succeeded().lacks(FRESH.core()).outContains("****");
            script(api, "registry_token", "--json").run().succeeded().lacks(FRESH.core());
            Ran text = script(api, "registry_token", "--show-password").run().succeeded();
            text.outContains("password                " + FRESH.value() + "\n").errLacks(FRESH.core());
            Ran json = script(api, "registry_token", "--show-password", "--json", "--verbose")
                    .run()
                    .succeeded();
            assertEquals(FRESH.value(), json.json().path("password").asText());
            json.errLacks(FRESH.core()).lacks(token.core());
        }
    }

    private static String granting(String registry) {
        return Json.line(Json.object()
                .put("registry", registry)
                .put("username", "x")
                .put("token", FRESH.value())
                .put("repository", "acme")
                .put("tag", "one"));
    }

    private Path archive() throws IOException {
        Path services = Files.createDirectories(folder.resolve("sample/services"));
        Files.writeString(services.resolve("page.html"), "hello");
        Path archive = folder.resolve("sample.tar");
        SampleArchive.write(archive, folder.resolve("sample"));
        return archive;
    }

    /** With a {@code docker} that does what a shell script says. */
    private Command withDocker(Command script, String does) throws IOException {
        Path docker = Files.createDirectories(folder.resolve("bin")).resolve("docker");
        Files.writeString(docker, """
            #!/bin/sh
            credential() {
                helper=$(sed -n 's/.*"\\(systemprompt-memory[^"]*\\)".*/\\1/p' "$DOCKER_CONFIG/config.json" | head -n 1)
                echo registry | "docker-credential-$helper" get
            }
            [ "$1" != login ] || credential >/dev/null
            """ + does);
        Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwx------"));
        return script.env("PATH", docker.getParent() + ":" + System.getenv("PATH"));
    }

    private Command script(Parrot api, String name, String... arguments) {
        return script(api.url(), name, arguments);
    }

    /** A script for this API, as whoever has such a token. */
    private Command script(URI api, String name, String... arguments) {
        TestProject project = TestProject.in(folder.resolve("project"), api).token(token.value());
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                name));
        words.addAll(Arrays.asList(arguments));
        return new Scripts(folder.resolve("home"))
                .isolated(Command.of(words))
                .in(project.folder())
                .env("TMPDIR", folder.resolve("tmp").toString())
                .env("DOCKER_HOST", "unix://" + folder.resolve("no-engine.sock"));
    }

    private Command onActions(Command script) {
        return script.env("GITHUB_ACTIONS", "true")
                .env("GITHUB_STEP_SUMMARY", folder.resolve("summary.md").toString());
    }

    private void assertSilent(Ran ran, Canary... secrets) {
        List<String> shown = new ArrayList<>(List.of(ran.out(), ran.err()));
        try {
            Path summary = folder.resolve("summary.md");
            if (Files.exists(summary)) shown.add(Files.readString(summary));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        for (String text : shown)
            for (Canary secret : secrets) assertEquals(Optional.empty(), secret.in(text), ran.toString());
    }
}
