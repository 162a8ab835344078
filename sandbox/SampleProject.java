//SOURCES ../lib/Json.java
//SOURCES Cloud.java
//SOURCES CloudState.java
//SOURCES Generation.java
//SOURCES Tenant.java
package sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import lib.Json;

/**
 * A tenant's project that deploys to a {@link Cloud}: credentials, tenants, the profile {@code prod}, a Dockerfile that
 * needs nothing from the network, and a page to ship.
 *
 * <p>The fields are those that both generations of the original client read.
 */
public final class SampleProject {
    private static final String TOKENS_STAY = "*\n";

    private static final String PAGE = """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>Hello</title><h1>Hello from the sample project</h1>
        """;

    private static final String DOCKERFILE = """
        FROM scratch
        LABEL org.opencontainers.image.title="sample project"
        COPY services /app/services
        """;

    private final Path folder;
    private final Cloud cloud;

    private SampleProject(Path folder, Cloud cloud) {
        this.folder = folder;
        this.cloud = cloud;
    }

    /**
     * Writes the project into a folder, which is made where it doesn't exist.
     *
     * @throws java.nio.file.FileAlreadyExistsException when there is a project already
     */
    public static void write(Path folder, Cloud cloud, Tenant tenant) throws IOException {
        new SampleProject(folder, cloud).write(tenant);
    }

    private void write(Tenant tenant) throws IOException {
        secret(".systemprompt/credentials.json", Json.pretty(credentials()));
        secret(".systemprompt/tenants.json", Json.pretty(tenants()));
        create(".systemprompt/.gitignore", TOKENS_STAY);
        create(".systemprompt/profiles/prod/profile.yaml", profile(tenant));
        create(dockerfile(), DOCKERFILE);
        create(".dockerignore", ".systemprompt\n");
        create("services/web/index.html", PAGE);
    }

    private String dockerfile() {
        return cloud.generation() == Generation.G1
                ? ".systemprompt/Dockerfile"
                : ".systemprompt/profiles/prod/docker/Dockerfile";
    }

    private ObjectNode credentials() {
        return Json.object()
                .put("api_token", cloud.operatorToken().reveal())
                .put("api_url", cloud.apiUrl())
                .put("authenticated_at", now())
                .put("user_email", CloudState.EMAIL)
                .putNull("last_validated_at");
    }

    private ObjectNode tenants() {
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("tenants");
        for (Tenant tenant : cloud.tenants()) {
            list.addObject()
                    .put("id", tenant.id())
                    .put("name", tenant.name())
                    .put("app_id", tenant.appId())
                    .put("hostname", tenant.hostname())
                    .put("region", tenant.region())
                    .put("tenant_type", "cloud")
                    .put("external_db_access", false);
        }
        return json.put("synced_at", now());
    }

    private String profile(Tenant tenant) {
        String start = "name: prod\ndisplay_name: Production\n";
        String cloudBlock =
                cloud.generation() == Generation.G1 ? "cloud:\n  enabled: true\n" : "target: cloud\ncloud:\n";
        return start + cloudBlock + "  tenant_id: " + tenant.id() + "\n";
    }

    private static String now() {
        return Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private void secret(String name, String text) throws IOException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        if (posix)
            create(name, text, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        else create(name, text);
    }

    private void create(String name, String text, FileAttribute<?>... attributes) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (SeekableByteChannel channel = Files.newByteChannel(file, options, attributes)) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        }
    }
}
