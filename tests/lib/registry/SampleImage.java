package lib.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import lib.ImageReference.Digest;
import lib.Json;
import lib.Platform;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** An image made by the test itself, to be written in any format, whole or broken. */
public record SampleImage(byte[] config, List<byte[]> layers) {

    public static SampleImage of(byte[]... layers) {
        return on("amd64", layers);
    }

    static SampleImage on(String architecture, byte[]... layers) {
        return configured(Json.object().put("architecture", architecture).put("os", "linux"), layers);
    }

    /** One whose configuration begins so. */
    public static SampleImage configured(ObjectNode config, byte[]... layers) {
        config.putObject("config")
                .put("StopSignal", "SIGINT")
                .putArray("OnBuild")
                .add("RUN true");
        ArrayNode diffIds = config.putObject("rootfs").put("type", "layers").putArray("diff_ids");
        for (byte[] layer : layers) diffIds.add(Digest.of(layer).value());
        return new SampleImage(bytes(Json.pretty(config)), List.of(layers));
    }

    /** A layer of one file with this text, in white space so that it compresses. */
    public static byte[] layer(String text, int size) {
        return tar(Map.of("file", bytes((text + " ".repeat(size)).substring(0, Math.max(size, text.length())))));
    }

    /** A layer that doesn't compress. */
    static byte[] noise(int seed, int size) {
        byte[] noise = new byte[size];
        new Random(seed).nextBytes(noise);
        return tar(Map.of("noise", noise));
    }

    /** The members of a legacy {@code docker save} archive; a value of text is a link to that name. */
    public Map<String, Object> dockerSave() {
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

    /** The members of a {@code docker save} archive with these images under these names. */
    public static Map<String, Object> saved(Map<String, SampleImage> images) {
        Map<String, Object> members = new LinkedHashMap<>();
        List<String> entries = new ArrayList<>();
        images.forEach((name, image) -> {
            ObjectNode entry =
                    Json.object().put("Config", Digest.of(image.config).hex() + ".json");
            members.put(entry.get("Config").textValue(), image.config);
            entry.putArray("RepoTags").add(name);
            ArrayNode layers = entry.putArray("Layers");
            for (byte[] layer : image.layers) {
                String file = Digest.of(layer).hex() + "/layer.tar";
                members.put(file, layer);
                layers.add(file);
            }
            entries.add(Json.line(entry));
        });
        members.put("manifest.json", bytes("[" + String.join(",", entries) + "]"));
        return members;
    }

    /** The members of an OCI layout with these images in its index. */
    static Map<String, Object> ociLayout(SampleImage... images) {
        SampleLayout layout = new SampleLayout();
        for (SampleImage image : images) layout.lists(layout.image(image));
        return layout.members();
    }

    /** The only image of an archive, for the platform that is usual. */
    static ImageArchive open(Path file) throws InterruptedException {
        return open(file, Optional.empty(), Optional.empty());
    }

    /** What {@code --archive FILE}, an image's name and {@code --platform} open. */
    static ImageArchive open(Path file, Optional<String> name, Optional<String> platform) throws InterruptedException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        return ImageArchive.open(file, name, Platform.Wanted.of(platform.map(Platform::parse)), temporary);
    }

    public static Path write(Path file, Map<String, ?> members) throws IOException {
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

    public static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return packed.toByteArray();
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) all.writeBytes(part);
        return all.toByteArray();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
