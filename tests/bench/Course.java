package bench;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import harness.Command;
import harness.DebianRegistry;
import harness.Engine;
import harness.Project;
import harness.Scripts;
import harness.TestProject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import lib.ImageReference.Digest;
import lib.Json;
import sandbox.Cloud;
import sandbox.ExternalRegistry;
import sandbox.Tenant;

/** What is deployed, where to, and by what: real docker, a real registry, the sandbox's API, two homes. */
final class Course implements AutoCloseable {
    static final int TENANTS = 20;

    private static final int MEGABYTE = 1 << 20;

    private final Path folder;
    private final Engine engine;
    private final DebianRegistry registry;
    private final Cloud cloud;
    private final TestProject project;
    private final Scripts ours;
    private final Scripts byHand;
    private final SplittableRandom random = new SplittableRandom();
    private int tags;

    /** @param folder an empty one */
    Course(Path folder) throws IOException {
        this.folder = folder;
        engine = Engine.orSkip();
        registry = DebianRegistry.orSkip(Files.createDirectory(folder.resolve("registry")));
        cloud = Cloud.builder()
                .externalRegistry(new ExternalRegistry(
                        registry.host(), registry.username(), registry.password(), Optional.empty()))
                .start();
        ours = new Scripts(Files.createDirectory(folder.resolve("home")));
        byHand = new Scripts(Files.createDirectory(folder.resolve("other-home")));
        project = TestProject.in(Files.createDirectory(folder.resolve("project")), URI.create(cloud.apiUrl()))
                .token(cloud.operatorToken().reveal());
        addTenants();
        image(1, 10);
        // The labels of an image tell the commit; without one, each build is another image.
        ours.isolated(Command.of(
                        "sh",
                        "-c",
                        "git init -q . && git -c user.name=b -c user.email=b@example.com commit -q --allow-empty -m b"))
                .in(project.folder())
                .run()
                .succeeded();
    }

    private void addTenants() {
        var file = Json.object();
        var list = file.putArray("tenants");
        for (int number = 1; number <= TENANTS; number++) {
            cloud.put(Tenant.of(tenant(number), "Bench " + number, repository(number)));
            list.addObject()
                    .put("id", tenant(number))
                    .put("name", "Bench " + number)
                    .put("app_id", repository(number))
                    .put("tenant_type", "cloud");
            project.profile(profile(number), TestProject.profileOf(profile(number), tenant(number)));
        }
        project.file(".systemprompt/tenants.json", Json.pretty(file));
    }

    static String profile(int number) {
        return number == 1 ? TestProject.PROFILE : TestProject.PROFILE + number;
    }

    private static String tenant(int number) {
        return "ten_bench" + number;
    }

    private static String repository(int number) {
        return "sp-bench-" + number;
    }

    /** A new image for the project, of what programs are made of: a Java runtime's classes, from anywhere in them. */
    void image(int layers, int megabytes) {
        StringBuilder dockerfile = new StringBuilder("FROM scratch\n");
        for (int layer = 0; layer < layers; layer++) {
            fill(project.folder().resolve("part" + layer), megabytes / layers);
            dockerfile
                    .append("COPY part")
                    .append(layer)
                    .append(" /part")
                    .append(layer)
                    .append('\n');
        }
        project.dockerfile(dockerfile.toString());
    }

    private void fill(Path file, int megabytes) {
        Path classes = Path.of(System.getProperty("java.home"), "lib/modules");
        long size = (long) megabytes * MEGABYTE;
        byte[] neverBefore = new byte[64];
        try (FileChannel in = FileChannel.open(classes);
                FileChannel out = FileChannel.open(file, CREATE, TRUNCATE_EXISTING, WRITE)) {
            random.nextBytes(neverBefore);
            out.write(ByteBuffer.wrap(neverBefore));
            long from = random.nextLong(in.size());
            while (out.size() < size) {
                in.transferTo(from, size - out.size(), out);
                from = 0;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The registry holds nothing any more. */
    void emptyRegistry() {
        Path storage = folder.resolve("registry/storage");
        if (Files.notExists(storage)) return;
        try (Stream<Path> files = Files.walk(storage)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A tag that was not used before. */
    String newTag() {
        return "t" + ++tags;
    }

    /** What a recipe runs. */
    Command recipe(String script, String... arguments) {
        return here(ours.run(script, arguments));
    }

    /** What {@code jbang FILE} runs. */
    Command jbang(String script, String... arguments) {
        return here(ours.jbang(script, arguments));
    }

    /** {@code jbang} with the script that one would write first. */
    Command naive() {
        Path script = folder.resolve("naive.java");
        try {
            if (Files.notExists(script)) Files.copy(Project.ROOT.resolve("tests/bench/naive.txt"), script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return jbang(script.toString());
    }

    /** {@code deploy}, {@code push} or {@code token}, written by hand. */
    Command byHand(String verb, String tag) {
        return here(byHand.isolated(Command.of(
                Project.ROOT.resolve("tests/bench/by-hand.sh").toString(), verb, tenant(1), repository(1), tag)));
    }

    /** One build, and then by hand the rest for so many tenants, one after the other. */
    Command byHand(int tenants, String tag) {
        String script = "\"$0\" deploy " + tenant(1) + " " + repository(1) + " " + tag;
        for (int number = 2; number <= tenants; number++) {
            script += " && \"$0\" deploy " + tenant(number) + " " + repository(number) + " " + tag;
        }
        return here(byHand.isolated(Command.of(
                "sh",
                "-c",
                script,
                Project.ROOT.resolve("tests/bench/by-hand.sh").toString())));
    }

    /** Saves the project's image as an archive, and leaves it in the engine under the tag. */
    Path archive(String tag) {
        byHand("deploy", tag).run().succeeded();
        Path archive = folder.resolve(tag + ".tar");
        engine.docker("save", "--output", archive.toString(), "by-hand/app:" + tag)
                .run()
                .succeeded();
        return archive;
    }

    /** What skopeo types: the archive, pushed to the first tenant's repository. */
    Command skopeo(Path archive, String tag, String... options) {
        String login = registry.username() + ":" + registry.password().reveal();
        return here(byHand.isolated(Command.of("skopeo", "copy", "--quiet", "--dest-tls-verify=false"))
                .with("--dest-creds", login)
                .with(options)
                .with("docker-archive:" + archive, "docker://" + registry.host() + "/" + repository(1) + ":" + tag));
    }

    /** The bytes of all blobs that the registry holds: after {@link #emptyRegistry}, what one push has sent. */
    long registryBytes() {
        Path blobs = folder.resolve("registry/storage/docker/registry/v2/blobs");
        try (Stream<Path> files = Files.walk(blobs)) {
            long sum = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) sum += Files.size(file);
            return sum;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Does something while the project is no repository of git's. */
    void withoutGit(Runnable work) throws IOException {
        Path git = project.folder().resolve(".git");
        Path aside = Files.move(git, folder.resolve("git-aside"));
        work.run();
        Files.move(aside, git);
    }

    /** An image of one layer, as an OCI layout: classes, and as many zeros, which cost no disk. */
    Path largeLayout(int gigabytes) throws IOException {
        Path layout = folder.resolve("large");
        Path blobs = Files.createDirectories(layout.resolve("blobs/sha256"));
        Path layer = blobs.resolve("layer");
        fill(layer, 32);
        byte[] part = Files.readAllBytes(layer);
        try (FileChannel out = FileChannel.open(layer, WRITE)) {
            for (long at = 0; at < (long) gigabytes << 30; at += 2L * part.length) {
                out.write(ByteBuffer.wrap(part), at);
                out.write(ByteBuffer.allocate(1), at + 2L * part.length - 1);
            }
        }
        String hash = Command.of("sha256sum", layer.toString())
                .within(Duration.ofMinutes(5))
                .run()
                .succeeded()
                .out()
                .substring(0, 64);
        long size = Files.size(Files.move(layer, blobs.resolve(hash)));
        String config = blob(blobs, """
            {"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}\
            """.formatted(hash));
        String manifest = blob(blobs, """
            {"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json",%s},"layers":[\
            {"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"sha256:%s","size":%d}]}\
            """.formatted(config, hash, size));
        Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        Files.writeString(layout.resolve("index.json"), """
            {"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json",%s}]}\
            """.formatted(manifest));
        return layout;
    }

    /** Stores it. Returns the fields of its descriptor. */
    private static String blob(Path blobs, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        Digest digest = Digest.of(bytes);
        Files.write(blobs.resolve(digest.hex()), bytes);
        return "\"digest\":\"" + digest + "\",\"size\":" + bytes.length;
    }

    private Command here(Command command) {
        return engine.serving(command).in(project.folder());
    }

    String engineVersion() {
        return engine.version();
    }

    /** Removes every image that was made here. */
    @Override
    public void close() {
        engine.docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}")
                .run()
                .out()
                .lines()
                .filter(name -> name.contains("sp-bench-") || name.startsWith("by-hand/app:"))
                .forEach(engine::remove);
        cloud.close();
        registry.close();
    }
}
