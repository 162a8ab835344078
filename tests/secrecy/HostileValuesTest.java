package secrecy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference;
import lib.Json;
import lib.api.ManagementApi;
import lib.project.ApiCredentials;
import lib.project.Dockerfile;
import lib.project.Profile;
import lib.project.Project;
import lib.project.Project.Profiles;
import lib.project.Target;
import lib.project.Tenant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import sandbox.Cloud;

/** What comes from a server, a file or a person and could be an option, a path or a control code is refused before use. */
class HostileValuesTest {
    private static final List<String> HOSTILE = List.of(
            "--config=x",
            "-H",
            "-",
            "../..",
            "a/../b",
            "..",
            "/etc/passwd",
            "a\nb",
            "a\r\nb: c",
            "a\u001b[31mb",
            "a\u0000b",
            "a b",
            "a\tb",
            "$(id)",
            "`id`",
            "a;id",
            "a\u202eb",
            "a\u009bb",
            "é",
            "a'b",
            "\"",
            "a\\b",
            "a?b",
            "a#b",
            "x".repeat(1 << 20));

    @TempDir
    Path folder;

    @Test
    void noGrammarOfANameTakesThem() {
        for (String value : HOSTILE) {
            assertFalse(Tenant.Id.isTenantId(value), value);
            assertFalse(ImageReference.isTag(value), value);
            assertFalse(ImageReference.isRegistry(value), value);
            boolean path = value.equals("a/../b");
            assertFalse(ImageReference.isRepository(value) && !path, value);
            assertThrows(IllegalArgumentException.class, () -> ImageReference.parse(value + ":" + value), value);
        }
        assertFalse(ImageReference.isRepository("a/../b"));
        assertFalse(ImageReference.isRepository("/a"));
    }

    static Stream<Arguments> answers() {
        return Stream.of("registry", "username", "token", "repository", "tag")
                .flatMap(field -> HOSTILE.stream()
                        // A password may hold anything that a header and a pipe can carry.
                        .filter(value ->
                                !field.equals("token") || value.matches("(?s).*\\p{Cc}.*") || value.length() > 65_536)
                        .filter(value -> !field.equals("username")
                                || value.matches("(?s)-.*|.*[\\p{C}:\\s].*")
                                || value.length() > 255)
                        .map(value -> Arguments.of(field, value)));
    }

    @Test
    void aRegistryTokenWithOneOfThemIsRefusedByTheNameOfItsField() throws Exception {
        try (Cloud cloud = Cloud.start()) {
            ManagementApi api = api(cloud);
            Tenant.Id tenant = new Tenant.Id("ten_demo");
            cloud.fault("GET registry-token 200:" + answer());
            assertEquals("registry.example.com", api.registryToken(tenant).registry());
            for (Arguments each : answers().toList()) {
                String field = (String) each.get()[0];
                String value = (String) each.get()[1];
                cloud.fault("GET registry-token 200:" + answer().put(field, value) + " x*");
                Failure failure = assertThrows(Failure.class, () -> api.registryToken(tenant), field + " " + value);
                boolean tooLarge = failure.code() == ErrorCode.UNAVAILABLE && value.length() > 1 << 19;
                assertTrue(failure.code() == ErrorCode.PROTOCOL || tooLarge, failure.getMessage());
                assertTrue(tooLarge || failure.getMessage().contains(field), failure.getMessage());
                assertPlain(failure);
                cloud.clearFaults();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "registry, docker.io",
        "registry, index.docker.io",
        "registry, Docker.io",
        "registry, registry",
        "registry, r.io:0",
        "registry, r.io:99999",
        "registry, [1::2::3]:5000",
        "registry, [1]",
        "registry, 1.2.3",
        "registry, r.123",
        "username, <token>",
    })
    void whatDockerOrARequestWouldTakeForSomethingElseIsRefused(String field, String value) throws Exception {
        try (Cloud cloud = Cloud.start()) {
            cloud.fault("GET registry-token 200:" + answer().put(field, value));
            Failure failure = assertThrows(Failure.class, () -> api(cloud).registryToken(new Tenant.Id("ten_demo")));
            assertEquals(ErrorCode.PROTOCOL, failure.code());
            assertTrue(failure.getMessage().contains(field + " is "), failure.getMessage());
        }
    }

    private static ManagementApi api(Cloud cloud) {
        return ManagementApi.of(
                new ApiCredentials(cloud.operatorToken(), URI.create(cloud.apiUrl()), Optional.empty()),
                new Environment(Map.of(), Path.of("")),
                Clock.systemUTC(),
                line -> {});
    }

    private static ObjectNode answer() {
        return Json.object()
                .put("registry", "registry.example.com")
                .put("username", "x")
                .put("token", "secret")
                .put("repository", "acme")
                .put("tag", "one");
    }

    static List<String> hostile() {
        return HOSTILE;
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void aProfilesTenantIsRefused(String value) throws Exception {
        Path file = Files.writeString(
                folder.resolve("profile.yaml"),
                "cloud: {tenant_id: " + Json.line(Json.object().textNode(value)) + "}");
        assertPlain(assertThrows(
                Failure.class,
                () -> Profile.read(file, new Environment(Map.of(), folder)).deployableTenant()));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void aProfilesNameIsNotFound(String value) throws Exception {
        Project project = new Project(Files.createDirectories(folder.resolve("project")));
        Files.createDirectories(project.profiles());
        Profiles profiles =
                new Profiles(project, new Environment(Map.of("HOME", folder.toString()), folder.resolve("project")));
        Failure failure =
                assertThrows(Failure.class, () -> profiles.choose(Optional.of(value), among -> Optional.empty()));
        assertEquals(ErrorCode.CONFIG, failure.code());
        if (!value.contains("/")) assertPlain(failure);
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void aPathOfAProfileNeverEndsInADefect(String value) throws Exception {
        Files.createDirectories(folder.resolve("profiles/prod"));
        Path file = Files.writeString(
                folder.resolve("profiles/prod/profile.yaml"),
                "cloud: {tenant_id: ten_demo, credentials_path: %1$s}\npaths: {dockerfile: %1$s}"
                        .formatted(Json.line(Json.object().textNode(value))));
        Environment environment = new Environment(Map.of("HOME", folder.toString()), folder);
        assertThrows(
                Failure.class,
                () -> Target.credentials(
                        new Project(folder), Optional.of(Profile.read(file, environment)), environment, warning -> {}));
        // The one that exists: whose profile it is may name any file.
        if (value.equals("/etc/passwd")) return;
        assertThrows(
                Failure.class,
                () -> Dockerfile.find(
                        Optional.empty(), Profile.read(file, environment), new Project(folder), environment));
    }

    private static void assertPlain(Failure failure) {
        String said = failure.getMessage() + failure.hint();
        assertTrue(said.length() < 2_000, "length " + said.length());
        assertFalse(said.matches("(?s).*[\\p{Cc}\\p{Cf}].*"), said);
    }
}
