package lib.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import lib.Failure;
import lib.Json;
import lib.project.Project;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedLoginTest {
    private static final Instant NOW = Instant.parse("2026-02-03T04:05:06.789Z");

    @TempDir
    Path root;

    private Project project;
    private final List<String> warnings = new ArrayList<>();

    @BeforeEach
    void project() throws Exception {
        project = new Project(root);
        Files.createDirectories(project.folder());
    }

    @Test
    void localTenantsAndUnknownFieldsStayAndTheServersWordsAreTaken() throws Exception {
        String before = """
            {"version": 3, "tenants": [
              {"id": "local_1", "name": "mine", "tenant_type": "local", "database_url": "postgres://u:p@h/d", "docker_project": "x"},
              {"id": "local_2", "name": "old, without a type"},
              {"id": "ten_a", "name": "before", "app_id": "sp-a", "note": {"by": "me"}, "hostname": "a.example.com",
               "tenant_type": "cloud", "external_db_access": true, "database_url": "postgres://u:p@ext/a",
               "internal_database_url": "postgres://u:p@int/a"},
              {"id": "ten_other", "name": "another account's", "tenant_type": "cloud"}
            ], "synced_at": "2026-01-05T10:00:00Z"}
            """;
        Files.writeString(project.tenants(), before);
        merge("""
            {"id": "ten_a", "name": "after", "region": "lhr", "plan": {"name": "p"}, "app_id": null,
             "database_url": "postgres://u:***@int/a"}
            """, "{\"id\": \"ten_new\", \"name\": \"new\", \"hostname\": \"https://n.example.com/x\"}");

        ObjectNode expected = (ObjectNode) Json.parse(before);
        ((ObjectNode) expected.path("tenants").path(2)).put("name", "after").put("region", "lhr");
        expected.withArray("tenants")
                .addObject()
                .put("id", "ten_new")
                .put("name", "new")
                .put("hostname", "n.example.com")
                .put("tenant_type", "cloud")
                .put("external_db_access", false);
        expected.put("synced_at", "2026-02-03T04:05:06Z");
        assertEquals(expected, Json.parse(Files.readString(project.tenants())));
        assertEquals(List.of(), warnings);
    }

    @Test
    void aMaskedDatabaseUrlNeverReplacesARealOne() throws Exception {
        for (String mask : List.of(":***@", ":********@")) {
            Files.writeString(
                    project.tenants(),
                    "{\"tenants\":[{\"id\":\"t\",\"name\":\"n\",\"internal_database_url\":\"postgres://u:real@h/d\"}]}");
            merge("{\"id\":\"t\",\"name\":\"n\",\"database_url\":\"postgres://u" + mask + "h/d\"}");
            assertEquals(
                    "postgres://u:real@h/d",
                    entry(0).path("internal_database_url").asText());
        }
        merge("{\"id\":\"t\",\"name\":\"n\",\"database_url\":\"postgres://u:newer@h/d\"}");
        assertEquals(
                "postgres://u:newer@h/d", entry(0).path("internal_database_url").asText());
        merge("{\"id\":\"t2\",\"name\":\"n\",\"database_url\":\"postgres://u:***@h/d\"}");
        assertFalse(entry(1).has("internal_database_url"));
    }

    @Test
    void aFileThatIsCorruptOrOfAnotherShapeIsSetAsideAndNamed() throws Exception {
        for (String text : List.of(
                "{\"tenants\": [",
                "",
                "[]",
                "{\"tenants\": {}}",
                "{\"tenants\": [\"x\"]}",
                "\u0000",
                "{}\n{\"tenants\": []}")) {
            warnings.clear();
            Files.writeString(project.tenants(), text);
            merge("{\"id\":\"t\",\"name\":\"n\"}");
            assertEquals(1, warnings.size(), text);
            String name = warnings.get(0).replaceAll(".* is now (tenants\\.json\\.corrupt-[^;]*);.*", "$1");
            assertEquals(text, Files.readString(project.folder().resolve(name)));
            assertEquals("t", entry(0).path("id").asText());
            Files.delete(project.folder().resolve(name));
        }
    }

    @Test
    void aListShowsEveryEntryThatCanBeShown() throws Exception {
        Files.writeString(
                project.tenants(),
                "{\"tenants\":[{\"id\":\"local_1\",\"name\":\"l\"},{\"id\":\"../x\",\"name\":\"bad\"},"
                    + "{\"id\":\"t\",\"name\":\"n\",\"tenant_type\":\"cloud\",\"hostname\":\"https://h.example.com\"}]}");
        List<TenantList.Entry> entries = new SavedLogin(project, warnings::add).tenants();
        assertEquals(
                List.of("local_1", "t"),
                entries.stream().map(entry -> entry.id().value()).toList());
        assertTrue(entries.get(0).local());
        assertEquals("h.example.com", entries.get(1).hostname().orElseThrow());
    }

    @Test
    void anUnreadableFileIsNoReasonToLoseIt() throws Exception {
        Files.createDirectory(project.tenants());
        assertThrows(Failure.class, () -> merge("{\"id\":\"t\",\"name\":\"n\"}"));
        assertTrue(Files.isDirectory(project.tenants()));
    }

    private JsonNode entry(int number) throws Exception {
        return Json.parse(Files.readString(project.tenants())).path("tenants").path(number);
    }

    private void merge(String... tenants) throws Exception {
        List<JsonNode> nodes = new ArrayList<>();
        for (String tenant : tenants) nodes.add(Json.parse(tenant));
        new SavedLogin(project, warnings::add).saveTenants(nodes, NOW);
    }
}
