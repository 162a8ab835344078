package sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import lib.Json;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The sample project as an image archive, made without an engine: one layer, in the format of {@code docker save}.
 *
 * <p>Source: Docker image specification v1.2, combined image JSON and filesystem changeset format.
 */
public final class SampleArchive {
    private SampleArchive() {}

    /** Writes what the sample project's Dockerfile describes. @param project a folder of {@link SampleProject} */
    public static void write(Path archive, Path project) throws IOException {
        byte[] layer = tar(services(project));
        byte[] config = Json.line(config(layer)).getBytes(StandardCharsets.UTF_8);
        String configName = sha256(config) + ".json";
        String layerName = sha256(layer) + "/layer.tar";
        ObjectNode manifest = Json.object().put("Config", configName);
        manifest.putArray("RepoTags").add("sample:latest");
        manifest.putArray("Layers").add(layerName);
        byte[] list = ("[" + Json.line(manifest) + "]").getBytes(StandardCharsets.UTF_8);
        Files.write(archive, tar(new TreeMap<>(Map.of(configName, config, layerName, layer, "manifest.json", list))));
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
