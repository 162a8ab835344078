//SOURCES ../Failure.java
//SOURCES ../ImageReference.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ../Redactor.java
//SOURCES ../api/Deployment.java
//SOURCES ../cli/Run.java
//SOURCES ../project/Profile.java
//SOURCES ../project/Project.java
//SOURCES ../project/ProjectWriter.java
//SOURCES ../project/Target.java
//SOURCES ../project/Tenant.java
package lib.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference;
import lib.ImageReference.Digest;
import lib.ImageReference.PushedImage;
import lib.Json;
import lib.Printable;
import lib.Redactor;
import lib.api.Deployment;
import lib.cli.Run;
import lib.project.Profile;
import lib.project.Project;
import lib.project.Project.ProjectFile;
import lib.project.ProjectWriter;
import lib.project.Target;
import lib.project.Tenant;

/**
 * The accepted deployments of a project, in {@code .systemprompt/releases.jsonl}: one JSON object a line, oldest first, the
 * last 100 of each tenant. No line holds a secret. A note that cannot be written is a warning, never a failed deploy.
 */
public final class Releases {
    private static final int KEPT = 100;

    /** So that not every note writes the whole file anew. */
    private static final int SLACK = 20;

    private static final int LOCK_TRIES = 50;
    private static final long LOCK_PAUSE_MS = 100;

    private final Project project;
    private final Path file;
    private final Consumer<String> warn;
    private boolean warned;

    /** @param warn told what could not be written or read */
    public Releases(Project project, Consumer<String> warn) {
        this.project = project;
        this.file = project.folder().resolve("releases.jsonl");
        this.warn = warn;
    }

    /**
     * One accepted deployment.
     *
     * @param number 1, 2, … of its tenant
     * @param digest of the image's manifest, where it is known
     * @param revision of the source, where it was built here
     * @param rollbackOf the release whose image this one brought back
     */
    public record Release(
            int number,
            Instant at,
            Tenant.Id tenant,
            Optional<String> profile,
            ImageReference image,
            Optional<Digest> digest,
            Optional<String> revision,
            String status,
            Optional<String> url,
            Optional<Integer> rollbackOf) {

        /** What was just accepted; its number comes with the note. */
        public static Release accepted(
                Target target,
                PushedImage image,
                Optional<String> revision,
                Deployment deployment,
                Instant at,
                Optional<Integer> rollbackOf) {
            return new Release(
                    0,
                    at,
                    target.tenant().id(),
                    target.profile().map(Profile::name),
                    image.reference(),
                    image.digest(),
                    revision,
                    deployment.status(),
                    deployment.url(),
                    rollbackOf);
        }

        private static Release of(JsonNode json) {
            return new Release(
                    json.path("release").intValue(),
                    Instant.parse(text(json, "at").orElseThrow()),
                    new Tenant.Id(text(json, "tenant_id").orElseThrow()),
                    text(json, "profile"),
                    ImageReference.parse(text(json, "image").orElseThrow()),
                    text(json, "digest").map(Digest::new),
                    text(json, "revision"),
                    text(json, "status").orElse("unknown"),
                    text(json, "url"),
                    Optional.of(json.path("rollback_of"))
                            .filter(JsonNode::isInt)
                            .map(JsonNode::intValue));
        }

        /** A file may have been changed by hand, and what it says is shown. */
        private static Optional<String> text(JsonNode json, String name) {
            return Json.text(json, name).map(Printable::of);
        }

        public ObjectNode json() {
            return Json.object()
                    .put("release", number)
                    .put("at", at.truncatedTo(ChronoUnit.SECONDS).toString())
                    .put("tenant_id", tenant.value())
                    .put("profile", profile.orElse(null))
                    .put("image", image.toString())
                    .put("digest", digest.map(Digest::value).orElse(null))
                    .put("revision", revision.orElse(null))
                    .put("status", status)
                    .put("url", url.orElse(null))
                    .put("rollback_of", rollbackOf.orElse(null));
        }

        Release numbered(int other) {
            return new Release(other, at, tenant, profile, image, digest, revision, status, url, rollbackOf);
        }

        Release settled(String newStatus, Optional<String> newUrl) {
            return new Release(number, at, tenant, profile, image, digest, revision, newStatus, newUrl, rollbackOf);
        }

        // By the text: a record's own comparison is put together at run time, which costs a deploy 10 ms.
        boolean isOf(Tenant.Id other) {
            return tenant.value().equals(other.value());
        }

        boolean runsTheSameAs(Release other) {
            return digest.isPresent() && other.digest.isPresent()
                    ? digest.equals(other.digest)
                    : image.equals(other.image);
        }
    }

    /** Returns the tenant's releases, newest first; a line that is none is skipped, with one warning. */
    public List<Release> of(Tenant.Id tenant) {
        return read().stream()
                .flatMap(line -> line.release().stream())
                .filter(release -> release.isOf(tenant))
                .sorted(Comparator.comparing(Release::number).reversed())
                .limit(KEPT)
                .toList();
    }

    /**
     * Returns the release to go back to: the one of that number, else the newest before the current one with another
     * image. What a rollback brought back counts as the release that it came from, so two in a row go back two steps.
     *
     * @throws Failure {@code config} when there is none, with the command to type
     */
    public static Release target(List<Release> releases, Optional<Integer> number, Tenant.Id tenant) {
        if (releases.isEmpty()) {
            throw new Failure(
                    ErrorCode.CONFIG,
                    "No release of " + tenant + " is noted on this machine",
                    "Deploy an image of the registry by its name: just deploy --skip-push --image"
                            + " REGISTRY/REPOSITORY:TAG");
        }
        if (number.isPresent()) {
            return releases.stream()
                    .filter(release -> release.number() == number.get())
                    .findFirst()
                    .orElseThrow(() -> new Failure(
                            ErrorCode.CONFIG,
                            "There is no release " + number.get() + " of " + tenant,
                            "'just releases' lists them"));
        }
        Release current = releases.get(0);
        int origin = origin(releases, current);
        return releases.stream()
                .filter(release -> release.number() < origin && !release.runsTheSameAs(current))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        ErrorCode.CONFIG,
                        "No other image was deployed to " + tenant + " before the current one",
                        "'just releases' lists what was; name one: just rollback RELEASE"));
    }

    private static int origin(List<Release> releases, Release current) {
        Map<Integer, Release> byNumber = new HashMap<>();
        releases.forEach(release -> byNumber.put(release.number(), release));
        Release origin = current;
        while (origin.rollbackOf().filter(byNumber::containsKey).isPresent()
                && origin.rollbackOf().get() < origin.number()) {
            origin = byNumber.get(origin.rollbackOf().get());
        }
        return origin.number();
    }

    /** Notes a deployment under the tenant's next number. @return it with its number; empty when it could not be written */
    public Optional<Release> note(Release accepted) throws InterruptedException {
        return locked(() -> {
            List<Line> lines = read();
            int number = 1
                    + Math.max(
                            0,
                            numbers(lines, accepted.tenant())
                                    .max(Comparator.naturalOrder())
                                    .orElse(0));
            Release release = accepted.numbered(number);
            Line line = Line.of(release);
            if (line.release().isEmpty()) throw new IOException("its image is called as a secret is");
            boolean isFull = numbers(lines, accepted.tenant()).count() >= KEPT + SLACK;
            if (isFull || !Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                List<Line> kept = trimmed(lines, accepted.tenant());
                kept.add(line);
                write(kept);
            } else append(line.text());
            return release;
        });
    }

    /**
     * Waits for what becomes of a deployment, and notes it.
     *
     * @param release the note of it, if it could be written
     * @param back the command that goes back, for the hint of a failure
     */
    public Deployment settled(Optional<Release> release, String back, Run.Work<Deployment> wait)
            throws InterruptedException {
        try {
            Deployment now = wait.get();
            if (release.isPresent()) settle(release.get(), now.status(), now.url());
            return now;
        } catch (Failure failure) {
            if (failure.code() != ErrorCode.DEPLOY_FAILED) throw failure;
            if (release.isPresent())
                settle(release.get(), "failed", release.get().url());
            throw failure.alsoHinting("Back to what ran before: " + back);
        }
    }

    private void settle(Release release, String status, Optional<String> url) throws InterruptedException {
        locked(() -> {
            UnaryOperator<Line> settled = line -> line.release()
                    .filter(other -> other.number() == release.number() && other.isOf(release.tenant()))
                    .map(other -> Line.of(other.settled(status, url)))
                    .orElse(line);
            write(read().stream().map(settled).toList());
            return release;
        });
    }

    private static Stream<Integer> numbers(List<Line> lines, Tenant.Id tenant) {
        return lines.stream()
                .flatMap(line -> line.release().stream())
                .filter(release -> release.isOf(tenant))
                .map(Release::number);
    }

    /** Without the tenant's oldest. */
    private static List<Line> trimmed(List<Line> lines, Tenant.Id tenant) {
        List<Integer> numbers = numbers(lines, tenant).sorted().toList();
        int oldest = numbers.size() < KEPT ? 0 : numbers.get(numbers.size() - KEPT + 1);
        List<Line> kept = new ArrayList<>(lines);
        kept.removeIf(line -> line.release()
                .filter(release -> release.isOf(tenant) && release.number() < oldest)
                .isPresent());
        return kept;
    }

    /** A line of the file: a release, or something else, which stays as it is. */
    private record Line(String text, Optional<Release> release) {
        static Line of(Release release) {
            ObjectNode masked = (ObjectNode) Redactor.over(release.json(), Optional.empty());
            // By chance the digits of a digest may be those of a short secret; a digest says none.
            masked.put("digest", release.digest().map(Digest::value).orElse(null));
            return read(Json.line(masked));
        }

        static Line read(String text) {
            try {
                Release release = Release.of(Json.parse(text));
                return new Line(text, Optional.of(release).filter(it -> it.number() > 0));
            } catch (JsonProcessingException
                    | DateTimeException
                    | IllegalArgumentException
                    | NoSuchElementException e) {
                return new Line(text, Optional.empty());
            }
        }
    }

    private List<Line> read() {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) return List.of();
        String text = new ProjectFile(file, "Move it away: it holds the notes of earlier deployments alone").text();
        List<Line> lines =
                text.lines().filter(line -> !line.isBlank()).map(Line::read).toList();
        long odd = lines.stream().filter(line -> line.release().isEmpty()).count();
        if (odd > 0 && !warned) {
            warned = true;
            warn.accept(file + " has " + odd + (odd == 1 ? " line that is" : " lines that are")
                    + " no note of a release; skipped");
        }
        return lines;
    }

    private void write(List<Line> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.text()).append('\n'));
        new ProjectWriter(project, warn).writePrivate(file, text.toString());
    }

    /** Adds a line to a file that is there; a disk that fills up leaves the file as it was. */
    private void append(String line) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            long size = channel.size();
            ByteBuffer last = ByteBuffer.allocate(1);
            boolean open = size > 0 && channel.read(last, size - 1) == 1 && last.get(0) != '\n';
            ByteBuffer bytes = StandardCharsets.UTF_8.encode((open ? "\n" : "") + line + "\n");
            try {
                for (long at = size; bytes.hasRemaining(); ) at += channel.write(bytes, at);
            } catch (IOException e) {
                channel.truncate(size);
                throw e;
            }
        }
    }

    @FunctionalInterface
    private interface Change {
        Release make() throws IOException;
    }

    /** Several tenants are noted at once by one process, and two processes may deploy from one folder. */
    private Optional<Release> locked(Change change) throws InterruptedException {
        synchronized (Releases.class) {
            Path lock = project.folder().resolve("releases.lock");
            try (FileChannel channel = FileChannel.open(
                    lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                FileLock held = channel.tryLock();
                for (int tries = 1; held == null && tries < LOCK_TRIES; tries++) {
                    Thread.sleep(LOCK_PAUSE_MS);
                    held = channel.tryLock();
                }
                if (held == null) throw new IOException("another process holds " + lock);
                return Optional.of(change.make());
            } catch (IOException | Failure e) {
                warn.accept("This deployment is not noted for a rollback: " + Printable.of(reason(e)));
                return Optional.empty();
            }
        }
    }

    private static String reason(Exception e) {
        return e instanceof Failure || e.getMessage() == null
                ? String.valueOf(e.getMessage())
                : e.getClass().getSimpleName().replaceAll("Exception$", "") + ": " + e.getMessage();
    }
}
