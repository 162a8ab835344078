//DEPS org.apache.commons:commons-compress:1.28.0
//SOURCES ../lib/Json.java
package sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import lib.Json;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The sample project as an image archive, made without an engine: one layer, as {@code docker save} writes it since
 * Docker 25, an OCI layout that older readers find their {@code manifest.json} in.
 *
 * <p>Sources: OCI image layout; Docker image specification v1.2, combined image JSON and filesystem changeset format.
 */
public final class SampleArchive {
    private static final String TYPE = "application/vnd.oci.image.";

    private SampleArchive() {}

    /** Writes what the sample project's Dockerfile describes. @param project a folder of {@link SampleProject} */
    public static void write(Path archive, Path project) throws IOException {
        byte[] layer = tar(services(project));
        byte[] config = bytes(config(layer));
        ObjectNode image = Json.object().put("schemaVersion", 2).put("mediaType", TYPE + "manifest.v1+json");
        image.set("config", descriptor("config.v1+json", config));
        image.putArray("layers").add(descriptor("layer.v1.tar", layer));
        byte[] manifest = bytes(image);
        ObjectNode index = Json.object().put("schemaVersion", 2).put("mediaType", TYPE + "index.v1+json");
        index.putArray("manifests").add(descriptor("manifest.v1+json", manifest));
        ObjectNode older = Json.object().put("Config", blob(config));
        older.putArray("RepoTags").add("sample:latest");
        older.putArray("Layers").add(blob(layer));
        Map<String, byte[]> files = new TreeMap<>();
        for (byte[] blob : List.of(layer, config, manifest)) files.put(blob(blob), blob);
        files.put("oci-layout", bytes(Json.object().put("imageLayoutVersion", "1.0.0")));
        files.put("index.json", bytes(index));
        files.put("manifest.json", bytes(JsonNodeFactory.instance.arrayNode().add(older)));
        Files.write(archive, tar(files));
    }

    private static byte[] bytes(JsonNode json) {
        return Json.line(json).getBytes(StandardCharsets.UTF_8);
    }

    private static String blob(byte[] content) {
        return "blobs/sha256/" + sha256(content);
    }

    private static ObjectNode descriptor(String type, byte[] content) {
        return Json.object()
                .put("mediaType", TYPE + type)
                .put("digest", "sha256:" + sha256(content))
                .put("size", content.length);
    }

    private static JsonNode config(byte[] layer) {
        ObjectNode config = Json.object().put("architecture", "amd64").put("os", "linux");
        config.putObject("config").putObject("Labels").put("org.opencontainers.image.title", "sample project");
        config.putObject("rootfs").put("type", "layers").putArray("diff_ids").add("sha256:" + sha256(layer));
        return config;
    }

    private static Map<String, byte[]> services(Path project) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(project.resolve("services"))) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put("app/" + project.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
            }
        }
        return files;
    }

    private static byte[] tar(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (Map.Entry<String, byte[]> file : files.entrySet()) add(tar, file.getKey(), file.getValue());
        }
        return bytes.toByteArray();
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
