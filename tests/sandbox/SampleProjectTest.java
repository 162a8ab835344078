package sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import lib.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SampleProjectTest {
    @TempDir
    Path folder;

    private void write(Generation generation) throws Exception {
        try (Cloud cloud = Cloud.builder().generation(generation).start()) {
            SampleProject.write(folder, cloud, cloud.tenants().get(0));
        }
    }

    private String read(String name) throws Exception {
        return Files.readString(folder.resolve(name));
    }

    @ParameterizedTest
    @EnumSource
    void keepsItsTokenToItsOwner(Generation generation) throws Exception {
        write(generation);
        for (String name : new String[] {"credentials.json", "tenants.json"}) {
            Path file = folder.resolve(".systemprompt").resolve(name);
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
        assertEquals("*\n", read(".systemprompt/.gitignore"));
        assertTrue(read(".dockerignore").contains(".systemprompt"));
    }

    @Test
    void hasTheFieldsThatBothGenerationsRead() throws Exception {
        write(Generation.G2);
        JsonNode credentials = Json.parse(read(".systemprompt/credentials.json"));
        for (String field : new String[] {"api_token", "api_url", "authenticated_at", "user_email"}) {
            assertTrue(credentials.path(field).isTextual(), field);
        }
        assertTrue(credentials.path("last_validated_at").isNull());
        JsonNode tenant =
                Json.parse(read(".systemprompt/tenants.json")).path("tenants").path(0);
        assertEquals("ten_demo", tenant.path("id").asText());
        assertEquals("cloud", tenant.path("tenant_type").asText());
    }

    @Test
    void enablesTheCloudInGeneration1AndTargetsItInGeneration2() throws Exception {
        write(Generation.G1);
        String old = read(".systemprompt/profiles/prod/profile.yaml");
        assertTrue(old.endsWith("cloud:\n  enabled: true\n  tenant_id: ten_demo\n"), old);
        assertThrows(FileAlreadyExistsException.class, () -> write(Generation.G2));
    }

    @Test
    void neverEnablesWhatHasATarget() throws Exception {
        write(Generation.G2);
        String profile = read(".systemprompt/profiles/prod/profile.yaml");
        assertTrue(profile.endsWith("target: cloud\ncloud:\n  tenant_id: ten_demo\n"), profile);
    }

    @Test
    void buildsFromNothingThatMustBePulled() throws Exception {
        write(Generation.G2);
        assertTrue(read(".systemprompt/profiles/prod/docker/Dockerfile").startsWith("FROM scratch\n"));
        assertTrue(Files.exists(folder.resolve("services/web/index.html")));
    }
}
