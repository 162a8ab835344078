package lib.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import lib.Digest;
import lib.Json;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** An image made by the test itself, to be written in any format, whole or broken. */
record SampleImage(byte[] config, List<byte[]> layers) {

    static SampleImage of(byte[]... layers) {
        return on("amd64", layers);
    }

    static SampleImage on(String architecture, byte[]... layers) {
        ObjectNode config = Json.object().put("architecture", architecture).put("os", "linux");
        config.putObject("config")
                .put("StopSignal", "SIGINT")
                .putArray("OnBuild")
                .add("RUN true");
        ArrayNode diffIds = config.putObject("rootfs").put("type", "layers").putArray("diff_ids");
        for (byte[] layer : layers) diffIds.add(Digest.of(layer).value());
        return new SampleImage(bytes(Json.pretty(config)), List.of(layers));
    }

    /** A layer of one file with this text, in white space so that it compresses. */
    static byte[] layer(String text, int size) {
        return tar(Map.of("file", bytes((text + " ".repeat(size)).substring(0, Math.max(size, text.length())))));
    }

    /** A layer that doesn't compress. */
    static byte[] noise(int seed, int size) {
        byte[] noise = new byte[size];
        new Random(seed).nextBytes(noise);
        return tar(Map.of("noise", noise));
    }

    /** The members of a legacy {@code docker save} archive; a value of text is a link to that name. */
    Map<String, Object> dockerSave() {
        Map<String, Object> members = new LinkedHashMap<>();
        ObjectNode image = Json.object().put("Config", Digest.of(config).hex() + ".json");
        ArrayNode names = image.putArray("Layers");
        Map<String, String> known = new LinkedHashMap<>();
        for (int i = 0; i < layers.size(); i++) {
            String name = "id" + i + "/layer.tar";
            String digest = Digest.of(layers.get(i)).hex();
            Object content = known.containsKey(digest) ? "../" + known.get(digest) : layers.get(i);
            known.putIfAbsent(digest, name);
            members.put(name, content);
            names.add(name);
        }
        members.put(image.get("Config").textValue(), config);
        members.put("manifest.json", bytes("[" + Json.line(image) + "]"));
        return members;
    }

    /** The members of an OCI layout with these images in its index. */
    static Map<String, Object> ociLayout(SampleImage... images) {
        Map<String, Object> members = new LinkedHashMap<>();
        ObjectNode index = Json.object().put("schemaVersion", 2);
        ArrayNode manifests = index.putArray("manifests");
        for (SampleImage image : images) {
            ObjectNode manifest = Json.object().put("schemaVersion", 2).put("mediaType", ImageManifest.OCI);
            manifest.set("config", blob(members, "application/vnd.oci.image.config.v1+json", image.config));
            ArrayNode layers = manifest.putArray("layers");
            for (byte[] layer : image.layers)
                layers.add(blob(members, "application/vnd.oci.image.layer.v1.tar", layer));
            manifest.putObject("annotations").put("kept", "yes");
            manifests.add(blob(members, ImageManifest.OCI, bytes(Json.line(manifest))));
        }
        members.put("index.json", bytes(Json.line(index)));
        members.put("oci-layout", bytes("{\"imageLayoutVersion\":\"1.0.0\"}"));
        return members;
    }

    private static ObjectNode blob(Map<String, Object> members, String type, byte[] bytes) {
        members.put("blobs/sha256/" + Digest.of(bytes).hex(), bytes);
        return new Descriptor(type, Digest.of(bytes), bytes.length).over(Json.object());
    }

    static Path write(Path file, Map<String, ?> members) throws IOException {
        return Files.write(file, tar(members));
    }

    static byte[] tar(Map<String, ?> members) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (Map.Entry<String, ?> member : members.entrySet()) add(tar, member.getKey(), member.getValue());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    private static void add(TarArchiveOutputStream tar, String name, Object content) throws IOException {
        boolean link = content instanceof String;
        TarArchiveEntry entry = link
                ? new TarArchiveEntry(name, TarConstants.LF_SYMLINK, true)
                : new TarArchiveEntry(name, TarConstants.LF_NORMAL, true);
        entry.setModTime(0L);
        if (content instanceof String target) entry.setLinkName(target);
        if (content instanceof byte[] bytes) entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        if (content instanceof byte[] bytes) tar.write(bytes);
        tar.closeArchiveEntry();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
