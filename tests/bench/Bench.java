package bench;

import bench.Race.Result;
import harness.Command;
import harness.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * {@code just bench [--quick] [--write] [PART...]}: how long ours takes, beside what one would write by hand and beside
 * skopeo, in one run and in turns. The table goes to stdout, and with {@code --write} into docs/benchmarks.md. The JDK is
 * that of {@code JAVA_HOME}.
 */
final class Bench {
    private static final int IMAGE_MEGABYTES = 160;
    private static final int SMALL_IMAGE_MEGABYTES = 10;

    /** What can be measured by itself. */
    private enum Part {
        TOKEN(Bench::token),
        UNCHANGED(Bench::nothingChanged),
        PUSH(bench -> {
            bench.firstPush(1);
            bench.firstPush(4);
        }),
        ARCHIVE(bench -> {
            bench.archive(1);
            bench.archive(4);
        }),
        HEAP(Bench::heap),
        TENANTS(bench -> {
            for (int tenants : new int[] {1, 5, Course.TENANTS}) bench.tenants(tenants);
        });

        private interface Work {
            void of(Bench bench) throws IOException;
        }

        private final Work work;

        Part(Work work) {
            this.work = work;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Course course;
    private final boolean quick;
    private final String java = javaVersion();
    private final List<String> rows = new ArrayList<>();
    private final Map<String, String> results = new LinkedHashMap<>();

    private Bench(Course course, boolean quick) {
        this.course = course;
        this.quick = quick;
    }

    public static void main(String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(arguments));
        boolean quick = words.remove("--quick");
        boolean write = words.remove("--write");
        List<Part> parts = Stream.of(Part.values())
                .filter(part -> words.isEmpty() || words.contains(part.toString()))
                .toList();
        if (!words.isEmpty() && parts.size() != words.size()) {
            System.err.println("bench: usage: just bench [--quick] [--write] " + List.of(Part.values()));
            System.exit(2);
        }
        Path folder = Files.createTempDirectory(Path.of("/var/tmp"), "systemprompt-bench-");
        try (Course course = new Course(folder)) {
            Bench bench = new Bench(course, quick);
            System.out.print(bench.table(parts));
            if (write) {
                new ResultsTable(Project.ROOT.resolve("docs/benchmarks.md"))
                        .write("JDK " + bench.java.split("[.+-]")[0], bench.results);
            }
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
            }
        }
    }

    private String table(List<Part> parts) throws IOException {
        long start = System.nanoTime();
        for (Part part : parts) part.work.of(this);
        String head = "Medians of " + rounds(15) + " runs for the token, of " + rounds(3)
                + " for several tenants and of "
                + rounds(5) + " else, in turns, on " + Runtime.getRuntime().availableProcessors()
                + " cores with JDK " + java + ", Docker " + course.engineVersion()
                + ", docker-registry and the sandbox's API on one machine; `just bench`, "
                + (System.nanoTime() - start) / 1_000_000_000 + " s.\n\n"
                + "| what | ours | beside | ratio | more | sent | beside |\n|---|---|---|---|---|---|---|\n";
        return head + String.join("", rows);
    }

    private void token() {
        Map<String, Result> times = race(() -> {})
                .way("recipe", () -> course.recipe("registry_token.java", "-p", "prod"))
                .way("jbang", () -> course.jbang("registry_token.java", "-p", "prod"))
                .way("naive", course::naive)
                .way("curl", () -> course.byHand("token", ""))
                .run(rounds(15));
        row("`just token`", times.get("recipe"), "naive script", times.get("naive"));
        row("`just token`", times.get("recipe"), "`curl` and `sed`", times.get("curl"));
        row("`jbang registry_token.java`", times.get("jbang"), "naive script", times.get("naive"));
    }

    private void nothingChanged() throws IOException {
        nothingChanged("`just deploy`, nothing changed");
        course.withoutGit(() -> nothingChanged("`just deploy`, nothing changed, without git"));
    }

    private void nothingChanged(String what) {
        Map<String, Result> times = race(() -> {})
                .way("ours", () -> course.recipe("deploy.java", "-p", "prod", "--tag", "same"))
                .way("by hand", () -> course.byHand("deploy", "same"))
                .run(rounds(5));
        row(what, times.get("ours"), "by hand", times.get("by hand"));
    }

    private void firstPush(int layers) {
        Map<String, Result> times = race(() -> {
                    course.emptyRegistry();
                    course.image(layers, IMAGE_MEGABYTES);
                })
                .counting(course::registryBytes)
                .way("ours", () -> course.recipe("deploy.java", "-p", "prod", "--tag", course.newTag()))
                .way("by hand", () -> course.byHand("deploy", course.newTag()))
                .run(rounds(5));
        row("`just deploy`, " + imageOf(layers), times.get("ours"), "by hand", times.get("by hand"));
    }

    private void archive(int layers) {
        String tag = course.newTag();
        course.image(layers, IMAGE_MEGABYTES);
        Path archive = course.archive(tag);
        Map<String, Result> times = race(course::emptyRegistry)
                .counting(course::registryBytes)
                .way("gzip", () -> push(archive, tag, "gzip"))
                .way("zstd", () -> push(archive, tag, "zstd"))
                .way("docker", () -> course.byHand("push", tag))
                .way("skopeo gzip", () -> course.skopeo(archive, tag))
                .way("skopeo zstd", () -> course.skopeo(archive, tag, "--format=oci", "--dest-compress-format=zstd"))
                .run(rounds(5));
        String gzip = "`just push --archive`, " + imageOf(layers);
        row(gzip, times.get("gzip"), "`docker push`", times.get("docker"));
        row(gzip, times.get("gzip"), "`skopeo copy`", times.get("skopeo gzip"));
        row(gzip + ", zstd", times.get("zstd"), "`skopeo copy`", times.get("skopeo gzip"));
        row(gzip + ", zstd", times.get("zstd"), "`skopeo copy`, zstd", times.get("skopeo zstd"));
        Map<String, Result> again = race(() -> {})
                .way("ours", () -> push(archive, tag, "gzip"))
                .way("start", () -> push(archive, tag, "gzip").with("--version"))
                .run(rounds(5));
        if (layers > 1)
            row("`just push --archive`, nothing changed", again.get("ours"), "its start alone", again.get("start"));
    }

    private Command push(Path archive, String tag, String compression) {
        return course.recipe("docker_push.java", "-p", "prod", "--archive", archive.toString())
                .with("--tag", tag, "--compression", compression);
    }

    /** That a layer of any size is pushed in the heap that the pages promise: it fails where it is not. */
    private void heap() throws IOException {
        Path layout = course.largeLayout(quick ? 1 : 5);
        for (String compression : List.of("gzip", "zstd", "none")) {
            course.emptyRegistry();
            push(layout, course.newTag(), compression)
                    .env("JDK_JAVA_OPTIONS", "-Xmx64m")
                    .within(Duration.ofMinutes(10))
                    .run()
                    .succeeded();
        }
    }

    private static String imageOf(int layers) {
        return IMAGE_MEGABYTES + " MB in " + layers + (layers == 1 ? " layer" : " layers");
    }

    private void tenants(int count) {
        String[] profiles = IntStream.rangeClosed(1, count)
                .mapToObj(number -> "--profile=" + Course.profile(number))
                .toArray(String[]::new);
        Map<String, Result> times = race(() -> {
                    course.emptyRegistry();
                    course.image(1, SMALL_IMAGE_MEGABYTES);
                })
                .way("ours", () -> course.recipe("deploy.java", profiles).with("--tag", course.newTag()))
                .way("by hand", () -> course.byHand(count, course.newTag()))
                .run(rounds(3));
        String what = count == 1 ? "1 tenant" : count + " tenants";
        row(
                "`just deploy`, " + SMALL_IMAGE_MEGABYTES + " MB to " + what,
                times.get("ours"),
                "by hand, in turn",
                times.get("by hand"));
    }

    private static Race race(Runnable before) {
        return new Race(before);
    }

    private int rounds(int thorough) {
        return quick ? Math.min(3, thorough) : thorough;
    }

    private void row(String what, Result ours, String beside, Result other) {
        double ratio = ours.seconds() / other.seconds();
        boolean sent = ours.bytes() > 0;
        String row = String.format(
                Locale.ROOT,
                "| %s | %.2f s | %s %.2f s | %.2f | %+.2f s | %s | %s |%n",
                what,
                ours.seconds(),
                beside,
                other.seconds(),
                ratio,
                ours.seconds() - other.seconds(),
                sent ? megabytes(ours.bytes()) : "",
                sent ? megabytes(other.bytes()) : "");
        System.err.print(row);
        rows.add(row);
        String result = String.format(
                Locale.ROOT, "takes %.2f s, the other %.2f s (%.2f)", ours.seconds(), other.seconds(), ratio);
        if (sent) result += "; sends " + megabytes(ours.bytes()) + ", the other " + megabytes(other.bytes());
        results.put(what + " | " + beside, result);
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    private static String javaVersion() {
        String home = System.getenv("JAVA_HOME");
        String java = home == null ? "java" : home + "/bin/java";
        String said = Command.of(java, "-XshowSettings:properties", "-version")
                .run()
                .succeeded()
                .err();
        return said.lines()
                .filter(line -> line.contains("java.version = "))
                .map(line -> line.substring(line.indexOf('=') + 2))
                .findFirst()
                .orElse("unknown");
    }
}
