package lib.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.Environment;
import lib.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileTest {
    @TempDir
    Path folder;

    @Test
    void readsTheFirstGeneration() throws IOException {
        Profile profile = read("""
            name: prod
            paths: {dockerfile: ../../Dockerfile, core: x}
            cloud:
              credentials_path: ../../credentials.json
              tenant_id: ten_demo
              enabled: true
              validation: skip
            secrets: {secrets_path: ./secrets.json, source: file}
            """);
        assertEquals("ten_demo", profile.deployableTenant().value());
        assertEquals(Optional.of("../../Dockerfile"), profile.dockerfile());
        assertEquals(Optional.of("skip"), profile.validation());
        assertEquals(Optional.of("./secrets.json"), profile.secretsPath());
    }

    @Test
    void readsTheSecondGenerationWhichHasNoEnabled() throws IOException {
        Profile profile = read("target: cloud\n"
                + "cloud: {tenant_id: ten_demo, validation: strict}\n"
                + "security: {signing_key_path: k.pem}\n"
                + "unknown: {x: 1}\n");
        assertTrue(profile.isDeployable());
        assertEquals(Optional.of("k.pem"), profile.signingKeyPath());
    }

    /** Of YAML these are numbers; the third is infinite, and the fourth 15. */
    @ParameterizedTest
    @ValueSource(strings = {"12345", "007", "12e4567", "0o17", "0x1F"})
    void anIdThatLooksLikeANumberIsReadAsItIsWritten(String id) throws IOException {
        assertEquals(
                id, read("cloud: {tenant_id: " + id + "}\n").deployableTenant().value());
    }

    @Test
    void replacesVariablesAndTakesDefaults() throws IOException {
        assertEquals(
                "ten_1",
                read("cloud: {tenant_id: \"${TENANT}\"}\n", Map.of("TENANT", "ten_1"))
                        .deployableTenant()
                        .value());
        assertEquals(
                "ten_2",
                read("cloud: {tenant_id: \"${TENANT:-ten_2}\"}\n", Map.of("TENANT", ""))
                        .deployableTenant()
                        .value());
    }

    @Test
    void aSecretOfOursIsNeverSubstituted() throws IOException {
        Map<String, String> variables = Map.of("SYSTEMPROMPT_API_TOKEN", "eyJhbGciOi");
        Failure failure = assertThrows(
                Failure.class,
                () -> read("cloud: {tenant_id: \"${SYSTEMPROMPT_API_TOKEN}\"}\n", variables)
                        .deployableTenant());
        assertFalse(failure.getMessage().contains("eyJ"), failure.getMessage());
        assertTrue(failure.getMessage().contains("'${SYSTEMPROMPT_API_TOKEN}'"), failure.getMessage());
        assertEquals(
                "ten_1",
                read("cloud: {tenant_id: \"${SYSTEMPROMPT_API_TOKEN:-ten_1}\"}\n", variables)
                        .deployableTenant()
                        .value());
    }

    @Test
    void whatCameFromAVariableIsNotQuoted() throws IOException {
        Map<String, String> variables = Map.of("OTHER", "hush/../hush hush", "MORE", "ten\n  hush: hush");
        Environment environment = new Environment(variables, folder);
        Failure tenant = assertThrows(
                Failure.class,
                () -> read("cloud: {tenant_id: \"ten_${OTHER}\"}\n", variables).deployableTenant());
        assertTrue(tenant.getMessage().endsWith("'ten_${OTHER}'"), tenant.getMessage());
        Failure shaped = assertThrows(
                Failure.class,
                () -> read("cloud:\n  tenant_id: [a, ${OTHER}]\n  x: ${MORE}\n", variables)
                        .deployableTenant());
        assertFalse(shaped.getMessage().contains("hush"), shaped.getMessage());

        Profile profile = read(
                "paths: {dockerfile: \"d/${OTHER}\"}\nsecrets:\n  secrets_path: ${OTHER}.json\n"
                        + "security: {signing_key_path: \"${OTHER}\"}\n",
                variables);
        Project project = new Project(folder);
        Failure dockerfile =
                assertThrows(Failure.class, () -> Dockerfile.find(Optional.empty(), profile, project, environment));
        assertTrue(dockerfile.getMessage().startsWith("No such file: d/${OTHER}, which "), dockerfile.getMessage());
        Failure secrets = assertThrows(Failure.class, () -> SecretsFile.of(profile, environment));
        assertTrue(secrets.getMessage().startsWith("No such file: ${OTHER}.json, which "), secrets.getMessage());
        for (Failure failure : java.util.List.of(dockerfile, secrets)) {
            assertFalse((failure.getMessage() + failure.hint()).contains("hush"), failure.getMessage());
        }

        Profile found = read(
                "paths: {dockerfile: \"${FILE}\"}\n",
                Map.of("FILE", touch("Found").toString()));
        assertEquals(
                folder.resolve("Found"),
                Dockerfile.find(Optional.empty(), found, project, new Environment(Map.of(), folder)));
    }

    @Test
    void refusesToDeployWhatIsLocalOrSwitchedOff() throws IOException {
        assertFalse(read("cloud: {tenant_id: local_1}\n").isDeployable());
        assertFalse(read("target: local\ncloud: {tenant_id: ten_1}\n").isDeployable());
        Failure disabled =
                assertThrows(Failure.class, read("cloud: {tenant_id: ten_1, enabled: false}\n")::deployableTenant);
        assertEquals("Cloud features are disabled in this profile", disabled.getMessage());
        assertTrue(disabled.hint().startsWith("Set cloud.enabled: true"));
    }

    @Test
    void namesTheFileAndTheLineOfAFault() {
        Failure failure = assertThrows(Failure.class, () -> read("name: prod\ncloud: [secret-looking\n"));
        assertTrue(failure.getMessage().contains("profile.yaml is not valid YAML (line "), failure.getMessage());
        assertFalse(failure.getMessage().contains("secret-looking"), failure.getMessage());
    }

    @Test
    void theDockerfileIsFoundInItsOrder() throws IOException {
        Project project = new Project(folder);
        Environment environment = new Environment(Map.of(), folder);
        Profile profile = read("cloud: {tenant_id: ten_1}\n");
        Failure none =
                assertThrows(Failure.class, () -> Dockerfile.find(Optional.empty(), profile, project, environment));
        assertTrue(none.getMessage().startsWith("Dockerfile not found: "), none.getMessage());
        Path last = touch("Dockerfile");
        assertEquals(last, Dockerfile.find(Optional.empty(), profile, project, environment));
        Path usual = touch(".systemprompt/Dockerfile");
        assertEquals(usual, Dockerfile.find(Optional.empty(), profile, project, environment));
        Path beside = touch(".systemprompt/profiles/prod/docker/Dockerfile");
        assertEquals(beside, Dockerfile.find(Optional.empty(), profile, project, environment));
        Path named = touch("Dockerfile.named");
        Profile naming = read("paths: {dockerfile: ../../../Dockerfile.named}\n");
        assertEquals(named, Dockerfile.find(Optional.empty(), naming, project, environment));
        Path given = touch("Dockerfile.given");
        assertEquals(given, Dockerfile.find(Optional.of(Path.of("Dockerfile.given")), naming, project, environment));
    }

    @Test
    void aDockerfileOfUtf16IsToldByItsName() throws IOException {
        Project project = new Project(folder);
        Environment environment = new Environment(Map.of(), folder);
        Profile profile = read("cloud: {tenant_id: ten_1}\n");
        for (Charset utf16 : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            Path file = touch(".systemprompt/Dockerfile");
            Files.writeString(file, "FROM scratch\n", utf16);
            Failure failure =
                    assertThrows(Failure.class, () -> Dockerfile.find(Optional.empty(), profile, project, environment));
            assertEquals("The Dockerfile is UTF-16, which no builder reads: " + file, failure.getMessage());
            Files.writeString(file, "\ufeffFROM scratch\n");
            assertEquals(file, Dockerfile.find(Optional.empty(), profile, project, environment));
        }
    }

    private Path touch(String path) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "");
    }

    private Profile read(String yaml) throws IOException {
        return read(yaml, Map.of());
    }

    private Profile read(String yaml, Map<String, String> variables) throws IOException {
        Path file = folder.resolve(".systemprompt/profiles/prod/profile.yaml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, yaml);
        return Profile.read(file, new Environment(variables, folder));
    }
}
