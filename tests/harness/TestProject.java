package harness;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import lib.Json;

/**
 * A tenant's project on disk, complete and valid; a test changes what it is about.
 *
 * <p>One cloud profile {@code prod}, tenant {@value #TENANT}, credentials for a day, and an image of one small file. The
 * files have the shapes that the platform's own tools write.
 */
public final class TestProject {
    public static final String TENANT = "ten_demo";
    public static final String APP = "sp-demo";
    public static final String PROFILE = "prod";

    private final Path folder;
    private final ObjectNode credentials = Json.object();

    private TestProject(Path folder) {
        this.folder = folder;
    }

    /** @param api the Management API that the credentials are for */
    public static TestProject in(Path folder, URI api) {
        TestProject project = new TestProject(folder);
        project.credentials.put("api_token", Jwt.expiringIn(Duration.ofDays(1)));
        project.credentials.put("api_url", api.toString());
        project.credentials.put("authenticated_at", "2026-01-05T10:00:00Z");
        project.credentials.put("user_email", "dev@example.com");
        project.credentials.putNull("last_validated_at");
        return project.saveCredentials()
                .file(".systemprompt/.gitignore", "*\n")
                .file(".systemprompt/tenants.json", """
                    {
                      "tenants": [
                        {
                          "id": "%s",
                          "name": "demo",
                          "app_id": "%s",
                          "hostname": "demo.example.com",
                          "region": "lhr",
                          "tenant_type": "cloud",
                          "external_db_access": false
                        }
                      ],
                      "synced_at": "2026-01-05T10:00:00Z"
                    }
                    """.formatted(TENANT, APP))
                .profile(PROFILE, profileOf(PROFILE, TENANT))
                .dockerfile("FROM scratch\nCOPY hello.txt /hello.txt\n")
                .file("hello.txt", "hello\n");
    }

    /** A profile with the keys that a deploy reads. */
    public static String profileOf(String name, String tenant) {
        return """
            name: %s
            display_name: Production
            cloud:
              credentials_path: ../../credentials.json
              tenants_path: ../../tenants.json
              tenant_id: %s
              enabled: true
            """.formatted(name, tenant);
    }

    /** Credentials with this token. */
    public TestProject token(String token) {
        credentials.put("api_token", token);
        return saveCredentials();
    }

    /** Credentials that end so much later; a negative time makes them expired. */
    public TestProject expiringIn(Duration time) {
        return token(Jwt.expiringIn(time));
    }

    public TestProject api(URI api) {
        credentials.put("api_url", api.toString());
        return saveCredentials();
    }

    /** Writes the profile's file, this text and nothing else. */
    public TestProject profile(String name, String yaml) {
        return file(".systemprompt/profiles/" + name + "/profile.yaml", yaml);
    }

    public TestProject dockerfile(String text) {
        return file(".systemprompt/Dockerfile", text);
    }

    /** Writes a file of the project. */
    public TestProject file(String path, String text) {
        try {
            Path file = folder.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes a file of the project. */
    public TestProject without(String path) {
        try {
            Files.delete(folder.resolve(path));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TestProject saveCredentials() {
        file(".systemprompt/credentials.json", Json.pretty(credentials));
        try {
            Files.setPosixFilePermissions(credentialsFile(), PosixFilePermissions.fromString("rw-------"));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path folder() {
        return folder;
    }

    public Path credentialsFile() {
        return folder.resolve(".systemprompt/credentials.json");
    }

    /** The API token of the credentials. */
    public String token() {
        return credentials.path("api_token").asText();
    }
}
