package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import fuzz.Mutation;
import fuzz.Subject;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import lib.ImageReference.Digest;
import lib.Json;
import lib.Platform;
import lib.registry.ArchiveFiles.FileRegion;
import lib.registry.ImageManifest.Descriptor;
import lib.registry.ImageManifest.Layer;
import lib.registry.ImagePush.Compression;

/** Archives of all formats: damaged as bytes, in the fields of a tar's headers, or in the values of their JSON. */
public final class ArchiveSubject implements Subject {
    private static final int BLOCK = 512;
    private static final SampleImage IMAGE = SampleImage.of(SampleImage.layer("one", 700), SampleImage.noise(1, 900));
    private static final SampleImage OTHER = SampleImage.on("arm64", SampleImage.layer("two", 700));

    private final List<Map<String, Object>> archives = List.of(
            IMAGE.dockerSave(),
            SampleImage.saved(Map.of("web:1", IMAGE, "worker:1", OTHER)),
            SampleImage.ociLayout(IMAGE, OTHER),
            both(),
            nested(),
            packed());
    private final List<byte[]> tars = new ArrayList<>();
    private final ExecutorService compressor = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "compressor");
        thread.setDaemon(true);
        return thread;
    });

    public ArchiveSubject() throws IOException {
        for (Map<String, Object> members : archives) tars.add(SampleImage.tar(members));
        if (!Tool.isThere("skopeo")) return;
        Path folder = Files.createTempDirectory("archives");
        Path source = SampleImage.write(folder.resolve("source.tar"), IMAGE.dockerSave());
        for (String format : List.of("docker-archive", "oci-archive")) {
            Path made = Skopeo.convert("docker-archive:" + source, format, folder.resolve(format));
            tars.add(Files.readAllBytes(made));
        }
    }

    private static Map<String, Object> both() {
        Map<String, Object> members = SampleImage.saved(Map.of("web:1", IMAGE));
        members.putAll(SampleImage.ociLayout(IMAGE));
        return members;
    }

    private static Map<String, Object> nested() {
        SampleLayout layout = new SampleLayout();
        ObjectNode signature =
                SampleLayout.annotated("vnd.docker.reference.type", "attestation-manifest", layout.image(OTHER));
        ObjectNode index = layout.index(SampleLayout.on("amd64", layout.image(IMAGE)), signature);
        return layout.lists(SampleLayout.named("web:1", index)).members();
    }

    private static Map<String, Object> packed() {
        Map<String, Object> members = IMAGE.dockerSave();
        members.replaceAll((name, content) ->
                name.endsWith(".tar") && content instanceof byte[] plain ? SampleImage.gzip(plain) : content);
        return members;
    }

    @Override
    public byte[] input(Random random) throws IOException {
        byte[] input = switch (random.nextInt(4)) {
            case 0 -> Mutation.of(tars.get(random.nextInt(tars.size())), random);
            case 1 -> withOddHeaders(tars.get(random.nextInt(tars.size())).clone(), random);
            default -> SampleImage.tar(withOddJson(archives.get(random.nextInt(archives.size())), random));
        };
        if (random.nextInt(8) > 0) return input;
        byte[] gzip = SampleImage.gzip(input);
        return random.nextBoolean() ? gzip : Mutation.of(gzip, random);
    }

    /** Fields of headers are changed and their checksums put right, so that what is in them is believed. */
    private static byte[] withOddHeaders(byte[] tar, Random random) {
        int[] fields = {0, 100, 124, 125, 135, 156, 157, 257, 263, 345, 482};
        for (int i = random.nextInt(4); i >= 0; i--) {
            int header = random.nextInt(tar.length / BLOCK) * BLOCK;
            int field = header + fields[random.nextInt(fields.length)];
            String odd = "\0 07/.LKxgS123456\u0080\u00ff";
            for (int n = random.nextInt(4); n >= 0; n--)
                tar[field + n] = (byte) odd.charAt(random.nextInt(odd.length()));
            TarFilesTest.seal(tar, header);
        }
        return tar;
    }

    /** Values of one JSON are exchanged; what names it by its digest follows, so that it is found. */
    private static Map<String, Object> withOddJson(Map<String, Object> members, Random random) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>(members);
        List<String> names =
                all.keySet().stream().filter(name -> isJson(all.get(name))).toList();
        String name = names.get(random.nextInt(names.size()));
        JsonNode json = Json.parse(text(all.get(name)));
        byte[] odd = SampleImage.bytes(Json.line(Mutation.of(json, random)));
        replace(all, name, random.nextInt(4) > 0 ? odd : Mutation.of(odd, random));
        return all;
    }

    private static void replace(Map<String, Object> all, String name, byte[] content) {
        String old = Digest.of((byte[]) all.put(name, content)).hex();
        String fresh = Digest.of(content).hex();
        if (name.contains(old)) all.put(name.replace(old, fresh), all.remove(name));
        for (String other : List.copyOf(all.keySet()))
            if (isJson(all.get(other)) && text(all.get(other)).contains(old))
                replace(all, other, SampleImage.bytes(text(all.get(other)).replace(old, fresh)));
    }

    private static boolean isJson(Object content) {
        return content instanceof byte[] bytes && bytes.length > 1 && (bytes[0] == '{' || bytes[0] == '[');
    }

    private static String text(Object content) {
        return new String((byte[]) content, StandardCharsets.UTF_8);
    }

    @Override
    public void read(byte[] input, Path folder) throws Exception {
        Path file = Files.write(folder.resolve("archive"), input);
        Platform.Wanted wanted = Platform.Wanted.of(Optional.of(Platform.LINUX_AMD64));
        ImageArchive archive = ImageArchive.open(file, Optional.empty(), wanted, folder);
        FileRegion config = archive.config().content();
        read(BlobReader.stored(config, new Descriptor("", archive.imageId(), config.size()), count -> {}));
        for (Layer layer : archive.layers()) {
            if (layer.content().isEmpty()) continue;
            read(BlobReader.stored(layer.content().get(), layer.descriptor(), count -> {}));
            if (layer.descriptor().isPlainTar())
                read(BlobReader.compressed(
                        layer, layer.content().get(), BlockCompression.of(Compression.GZIP), compressor, count -> {}));
        }
        archive.manifest()
                .carrying(archive.layers().stream().map(Layer::descriptor).toList());
    }

    private static void read(BlobReader reader) throws IOException, InterruptedException {
        try (reader) {
            while (reader.next().isPresent()) continue;
            reader.finish();
        }
    }
}
