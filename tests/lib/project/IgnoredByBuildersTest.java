package lib.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Command;
import harness.Engine;
import harness.Ran;
import harness.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.Template;
import lib.project.BuildContext.ImageBuilder;
import lib.project.BuildContext.PrivateFiles;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an ignore file keeps out, against the builders themselves: what each copies is what is said, file by file. */
@Timeout(300)
class IgnoredByBuildersTest {
    private static final List<String> FILES = List.of(
            "a",
            "b.txt",
            "c.md",
            "x y",
            "#hash",
            "!bang",
            "foo",
            "foo5",
            "xfoo",
            "Foo",
            ".hidden",
            "star*",
            "a[b",
            "a]b",
            "a^b",
            "b$c",
            "d+e",
            "(f)",
            "{g}",
            "é.txt",
            "😀",
            "back\\slash",
            "..dots",
            "dir/foo",
            "dir/xfoo",
            "dir/keep",
            "dir/b.txt",
            "dir/sub/foo",
            "dir/sub/keep",
            "dir/sub/deeper/b.txt",
            "sub/dir/foo",
            "deep/1/2/3/keep",
            "target/release/systemprompt",
            "target/debug/app",
            ".systemprompt/credentials.json",
            ".systemprompt/.credentials.json1.tmp",
            ".systemprompt/sessions/index.json",
            ".systemprompt/profiles/prod/secrets.json",
            ".systemprompt/profiles/prod/profile.yaml");

    /** Patterns that mean something else to each version of Docker, or nothing. */
    private static final List<String> UNJUDGED =
            List.of("a^*", "foo\\d", "foo\\", "back\\slash", "a[b", "[z-a]", "[]a]", "[a-]", "[*]", "[", "!", "a\n!\n");

    /** Each an ignore file's text. */
    private static final List<String> TEXTS = List.of(
            "",
            "# nothing\n\n   \n",
            "a\nb.txt",
            "\ufeffa\n\ufeffb.txt\n",
            "a\r\nb.txt\r\n",
            "  a\t\n\u00a0b.txt\u00a0\n",
            "#hash\n #hash\n",
            "\\#hash\n\\!bang\n",
            "!bang\n",
            "*\n!bang\n",
            "*\n!!bang\n",
            "/a\n//b.txt\n/dir/\n",
            "./a\ndir/./foo\ndir/../b.txt\n../c.md\n",
            ".\n",
            "./\n",
            "/\n",
            "..\n",
            "*\n",
            "**\n",
            "**/*\n",
            "*/*\n",
            "*.txt\n",
            "**/*.txt\n",
            "**.txt\n",
            "**foo\n",
            "**/foo\n",
            "***/foo\n",
            "dir/**\n",
            "dir**\n",
            "**/dir/**\n",
            "dir/**/foo\n",
            "d**/foo\n",
            "dir/*\n!dir/keep\n",
            "dir\n!dir/keep\n",
            "dir\n!dir/sub\n",
            "dir/\n!dir/sub/keep\n",
            "dir\n!dir/*\n",
            "dir\n!dir/**\n",
            "dir\n!dir/*/keep\n",
            "dir\n!**/keep\n",
            "dir\n!di?/keep\n",
            "*\n!dir\n",
            "*\n!dir\ndir/sub\n",
            "*\n!dir\ndir\n!dir/sub/keep\n",
            "!dir/keep\ndir\n",
            "!dir\ndir/foo\n!dir/foo\n",
            "**/keep\n!**/sub/keep\n",
            "dir/sub\n!dir\n",
            "*\n!*.md\n!**/*.yaml\n",
            "foo?\n?foo\n",
            "[ab]\n[^a-z]oo\n",
            "[a-c].*\n",
            "dir[/]foo\ndir[^x]keep\n",
            "a\\[b\na]b\n",
            "a^b\n",
            "star\\*\n",
            "b$c\nd+e\n(f)\n{g}\n",
            "b$*\nd+?\n(*)\n{?}\n",
            "é.*\n??.txt\n",
            "😀\n",
            "?\n",
            "back\\\\slash\n",
            "! dir/keep\ndir\n! dir/keep\n",
            "target\n!target/release/systemprompt\n",
            "target/*\n!target/release\n",
            ".systemprompt\n!.systemprompt/profiles\n",
            ".systemprompt\n!**/secrets.json\n",
            ".systemprompt/**\n!.systemprompt/**/profile.yaml\n",
            "**/.h*\n!.hidden\n",
            String.join("\n", PrivateFiles.CREDENTIALS),
            String.join("\n", PrivateFiles.SECRETS),
            Template.of("dockerignore", Map.of()));

    @TempDir
    Path folder;

    private Path context;
    private Path dockerfile;
    private final List<Runnable> cleanUp = new ArrayList<>();
    private int builds;

    /** Builds the context with a builder. @return what it copied; empty where it refuses to build */
    private interface Builder {
        Optional<Set<String>> copied(Path out) throws IOException;
    }

    @BeforeEach
    void context() throws IOException {
        context = Files.createDirectory(folder.resolve("context"));
        for (String file : FILES) write(file, "x");
        dockerfile = write(".systemprompt/profiles/prod/docker/Dockerfile", "FROM scratch\nCOPY . /all\n");
    }

    @AfterEach
    void cleanUp() {
        cleanUp.forEach(Runnable::run);
    }

    @Test
    void buildKitCopiesWhatIsSaid() throws IOException {
        assertEquals(List.of(), compare(ImageBuilder.BUILDKIT, TEXTS, buildKit()));
    }

    @Test
    void theClassicBuilderCopiesWhatIsSaid() throws IOException {
        assertEquals(List.of(), compare(ImageBuilder.CLASSIC, TEXTS, classic()));
    }

    @Test
    void podmanCopiesWhatIsSaid() throws IOException {
        // A byte order mark in the middle is nobody's.
        compare(
                ImageBuilder.PODMAN,
                TEXTS.stream().filter(text -> text.lastIndexOf('\ufeff') < 1).toList(),
                podman());
    }

    /** Each file ignores something else. */
    @Test
    void theIgnoreFileThatCountsIsTheOneThatIsSaid() throws IOException {
        String beside = context.relativize(dockerfile).toString();
        Map<String, String> files = Map.of(
                ".dockerignore",
                "a",
                ".containerignore",
                "b.txt",
                beside + ".dockerignore",
                "c.md",
                beside + ".containerignore",
                "foo");
        Map<ImageBuilder, Builder> builders = Map.of(
                ImageBuilder.BUILDKIT, buildKit(), ImageBuilder.CLASSIC, classic(), ImageBuilder.PODMAN, podman());
        for (List<String> there : List.of(
                List.<String>of(),
                List.of(".dockerignore"),
                List.of(".dockerignore", ".containerignore"),
                List.of(".dockerignore", beside + ".dockerignore"),
                List.of(".containerignore", beside + ".containerignore"),
                List.copyOf(files.keySet()))) {
            for (String file : there) write(file, files.get(file));
            for (ImageBuilder builder : ImageBuilder.values()) {
                assertEquals(Optional.of(""), difference(builder, builders.get(builder)), builder + " " + there);
            }
            for (String file : there) Files.delete(context.resolve(file));
        }
        write(".dockerignore", "a");
        write(beside + ".dockerignore", "");
        assertEquals(Optional.of(""), difference(ImageBuilder.BUILDKIT, builders.get(ImageBuilder.BUILDKIT)));
    }

    @Test
    void whatIsLeftUnsaidIsOdd() throws IOException {
        for (String text : UNJUDGED) assertTrue(IgnoreFile.of(text).isEmpty(), text);
    }

    /** Texts that nobody thought of. */
    @Test
    void bothCopyWhatIsSaidOfRandomTexts() throws IOException {
        Random random = new Random();
        List<String> texts = Stream.generate(() -> text(random)).limit(15).toList();
        compare(ImageBuilder.BUILDKIT, texts, buildKit());
        compare(ImageBuilder.CLASSIC, texts, classic());
    }

    private static String text(Random random) {
        List<String> lines = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            String path = FILES.get(random.nextInt(FILES.size()));
            String[] parts = path.replaceAll("[\\\\\\[\\]^*#!]", "?").split("/");
            int length = 1 + random.nextInt(parts.length);
            for (int part = 0; part < length; part++) {
                switch (random.nextInt(8)) {
                    case 0 -> parts[part] = "*";
                    case 1 -> parts[part] = "**";
                    case 2 -> parts[part] = "*" + parts[part].substring(parts[part].offsetByCodePoints(0, 1));
                    case 3 -> parts[part] = parts[part] + "*";
                    case 4 -> parts[part] = "**" + parts[part];
                    default -> {}
                }
            }
            String pattern = String.join("/", Arrays.copyOf(parts, length));
            lines.add((random.nextInt(3) == 0 ? "!" : "") + pattern + (random.nextInt(5) == 0 ? "/" : ""));
        }
        return String.join("\n", lines);
    }

    private Builder buildKit() {
        Engine engine = Engine.orSkip();
        return out -> {
            Command build = engine.docker("build", "--quiet", "--output=type=local,dest=" + out);
            boolean built = built(build.env("DOCKER_BUILDKIT", "1")).isPresent();
            return built ? Optional.of(files(out.resolve("all"))) : Optional.empty();
        };
    }

    private Builder classic() {
        Engine engine = Engine.legacyOrSkip();
        return builder(engine::docker);
    }

    private Builder podman() {
        Tool.orSkip("podman");
        return builder(words -> Command.of("podman").with(words));
    }

    private Builder builder(Cli tool) {
        List<String> images = new ArrayList<>(List.of("image", "rm", "--force"));
        cleanUp.add(() -> tool.command(images.toArray(String[]::new)).run());
        return out -> {
            Optional<String> image = built(tool.command("build", "--quiet").env("DOCKER_BUILDKIT", "0"));
            image.ifPresent(images::add);
            return image.isEmpty() ? Optional.empty() : Optional.of(copied(tool, image.get(), out));
        };
    }

    private interface Cli {
        Command command(String... words);
    }

    private Optional<String> built(Command build) {
        Ran ran =
                build.with("--file", dockerfile.toString(), context.toString()).run();
        return ran.exitCode() == 0 ? Optional.of(ran.out().strip()) : Optional.empty();
    }

    /** What the image's only layer holds. */
    private static Set<String> copied(Cli tool, String image, Path out) throws IOException {
        tool.command("save", "--output", out.toString(), image).run().succeeded();
        Set<String> files = new TreeSet<>();
        try (TarArchiveInputStream saved = new TarArchiveInputStream(Files.newInputStream(out))) {
            for (TarArchiveEntry part = saved.getNextEntry(); part != null; part = saved.getNextEntry()) {
                if (!part.isFile() || !part.getName().endsWith(".tar")) continue;
                TarArchiveInputStream layer = new TarArchiveInputStream(saved, "UTF-8");
                for (TarArchiveEntry file = layer.getNextEntry(); file != null; file = layer.getNextEntry()) {
                    if (file.isFile()) files.add(file.getName().replaceFirst("^all/", ""));
                }
            }
        }
        return files;
    }

    /** @return the texts with which the builder refuses to build, or of which nothing is said */
    private List<String> compare(ImageBuilder builder, List<String> texts, Builder tool) throws IOException {
        List<String> wrong = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (String text : texts) {
            Files.writeString(context.resolve(".dockerignore"), text);
            Optional<String> difference = difference(builder, tool);
            if (difference.isEmpty()) refused.add(text);
            else if (!difference.get().isEmpty()) wrong.add(text.strip() + difference.get());
        }
        assertEquals("", String.join("\n\n", wrong), builder.toString());
        return refused;
    }

    /** Builds once. @return in what the builder and the judgement differ */
    private Optional<String> difference(ImageBuilder builder, Builder tool) throws IOException {
        BuildContext judged = BuildContext.of(context, dockerfile, builder);
        Optional<Set<String>> built = tool.copied(folder.resolve("built-" + ++builds));
        if (built.isEmpty() || !judged.isClear()) return Optional.empty();
        Set<String> copied = new TreeSet<>(built.get());
        Set<String> said = files(context);
        said.removeIf(file -> judged.ignoring(file).isPresent());
        // The classic builder's engine takes these away again, by another version's rules.
        if (builder == ImageBuilder.CLASSIC) {
            List<String> own =
                    List.of(".dockerignore", context.relativize(dockerfile).toString());
            own.forEach(said::remove);
            own.forEach(copied::remove);
        }
        if (said.equals(copied)) return Optional.of("");
        Set<String> both = new TreeSet<>(said);
        both.retainAll(copied);
        said.removeAll(both);
        copied.removeAll(both);
        return Optional.of("\n  copied and not said: " + copied + "\n  said and not copied: " + said);
    }

    private static Set<String> files(Path root) throws IOException {
        if (!Files.isDirectory(root)) return Set.of();
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private Path write(String path, String text) throws IOException {
        Path file = context.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
