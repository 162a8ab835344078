package bench;

import harness.Command;
import harness.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * {@code just bench [--quick] [--write]}: how long ours takes, beside what one would write by hand, in one run and in
 * turns. The table goes to stdout, and with {@code --write} into docs/benchmarks.md. The JDK is that of {@code JAVA_HOME}.
 */
final class Bench {
    private static final int IMAGE_MEGABYTES = 160;
    private static final int SMALL_IMAGE_MEGABYTES = 10;

    private final Course course;
    private final boolean quick;
    private final String java = javaVersion();
    private final List<String> rows = new ArrayList<>();
    private final Map<String, String> ratios = new LinkedHashMap<>();

    private Bench(Course course, boolean quick) {
        this.course = course;
        this.quick = quick;
    }

    public static void main(String... words) throws IOException {
        List<String> options = List.of(words);
        if (!List.of("--quick", "--write").containsAll(options)) {
            System.err.println("bench: usage: just bench [--quick] [--write]");
            System.exit(2);
        }
        Path folder = Files.createTempDirectory("systemprompt-bench-");
        try (Course course = new Course(folder)) {
            Bench bench = new Bench(course, options.contains("--quick"));
            System.out.print(bench.table());
            if (options.contains("--write")) {
                new ResultsTable(Project.ROOT.resolve("docs/benchmarks.md"))
                        .write("JDK " + bench.java.split("[.+-]")[0], bench.ratios);
            }
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
            }
        }
    }

    private String table() {
        long start = System.nanoTime();
        token();
        nothingChanged();
        firstPush(1);
        firstPush(4);
        archive();
        for (int tenants : new int[] {1, 5, Course.TENANTS}) tenants(tenants);
        String head = "Medians of " + rounds(15) + " runs for the token and of " + rounds(5) + " else, in turns, on "
                + Runtime.getRuntime().availableProcessors() + " cores with JDK " + java + ", Docker "
                + course.engineVersion() + ", docker-registry and the sandbox's API on one machine; `just bench`, "
                + (System.nanoTime() - start) / 1_000_000_000 + " s.\n\n"
                + "| what | ours | beside | ratio | more |\n|---|---|---|---|---|\n";
        return head + String.join("", rows);
    }

    private void token() {
        Map<String, Double> times = race(() -> {})
                .way("recipe", () -> course.recipe("registry_token.java", "-p", "prod"))
                .way("jbang", () -> course.jbang("registry_token.java", "-p", "prod"))
                .way("naive", course::naive)
                .way("curl", () -> course.byHand("token", ""))
                .run(rounds(15));
        row("`just token`", times.get("recipe"), "naive script", times.get("naive"));
        row("`just token`", times.get("recipe"), "`curl` and `sed`", times.get("curl"));
        row("`jbang registry_token.java`", times.get("jbang"), "naive script", times.get("naive"));
    }

    private void nothingChanged() {
        Map<String, Double> times = race(() -> {})
                .way("ours", () -> course.recipe("deploy.java", "-p", "prod", "--tag", "same"))
                .way("by hand", () -> course.byHand("deploy", "same"))
                .run(rounds(5));
        row("`just deploy`, nothing changed", times.get("ours"), "by hand", times.get("by hand"));
    }

    private void firstPush(int layers) {
        Map<String, Double> times = race(() -> {
                    course.emptyRegistry();
                    course.image(layers, IMAGE_MEGABYTES);
                })
                .way("ours", () -> course.recipe("deploy.java", "-p", "prod", "--tag", course.newTag()))
                .way("by hand", () -> course.byHand("deploy", course.newTag()))
                .run(rounds(5));
        String what = "`just deploy`, " + IMAGE_MEGABYTES + " MB in " + layers + (layers == 1 ? " layer" : " layers");
        row(what, times.get("ours"), "by hand", times.get("by hand"));
    }

    private void archive() {
        String tag = course.newTag();
        course.image(4, IMAGE_MEGABYTES);
        Path archive = course.archive(tag);
        Supplier<Command> ours =
                () -> course.recipe("docker_push.java", "-p", "prod", "--archive", archive.toString(), "--tag", tag);
        Map<String, Double> times = race(course::emptyRegistry)
                .way("ours", ours)
                .way("by hand", () -> course.byHand("push", tag))
                .run(rounds(5));
        row("`just push --archive`, the same", times.get("ours"), "`docker push`", times.get("by hand"));
        Map<String, Double> again = race(() -> {})
                .way("ours", ours)
                .way("start", () -> ours.get().with("--version"))
                .run(rounds(5));
        row("`just push --archive`, nothing changed", again.get("ours"), "its start alone", again.get("start"));
        // It holds the heap that the pages promise.
        course.emptyRegistry();
        ours.get().env("JDK_JAVA_OPTIONS", "-Xmx64m").run().succeeded();
    }

    private void tenants(int count) {
        String[] profiles = IntStream.rangeClosed(1, count)
                .mapToObj(number -> "--profile=" + Course.profile(number))
                .toArray(String[]::new);
        Map<String, Double> times = race(() -> {
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

    private void row(String what, double ours, String beside, double other) {
        String row = String.format(
                Locale.ROOT,
                "| %s | %.2f s | %s %.2f s | %.2f | %+.2f s |%n",
                what,
                ours,
                beside,
                other,
                ours / other,
                ours - other);
        System.err.print(row);
        rows.add(row);
        String ratio = String.format(Locale.ROOT, "%.2f", ours / other);
        String more = ours > other ? String.format(Locale.ROOT, " (%+.2f s)", ours - other) : "";
        ratios.put(what + " | " + beside, ratio + more);
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
