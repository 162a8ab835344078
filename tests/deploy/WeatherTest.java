package deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import harness.Command;
import harness.Ran;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sandbox.Cloud;
import sandbox.Generation;

/**
 * The weather table: a scenario, and how the run ends in it. Each is a run of the real script against a cloud, with an
 * image archive, so that none depends on an engine.
 */
class WeatherTest {
    @TempDir
    Path folder;

    /**
     * @param disturb what is wrong
     * @param exitCode of the script
     * @param code {@code error.code}
     * @param sentence that the message holds
     * @param hint that the hint holds
     * @param tokens how many requests of {@code GET registry-token} the API saw
     * @param posts how many of {@code POST deploy}
     */
    record Row(
            String name,
            Consumer<Scene> disturb,
            List<String> arguments,
            int exitCode,
            String code,
            String sentence,
            String hint,
            int tokens,
            int posts) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final String LOGIN = "just login";
    private static final String CREDENTIALS = ".systemprompt/credentials.json";
    private static final String PROFILE = ".systemprompt/profiles/prod/profile.yaml";

    static Stream<Row> rows() {
        return Stream.of(files(), profiles(), answers(), deployments(), registries())
                .flatMap(List::stream);
    }

    private static List<Row> files() {
        return List.of(
                local(
                        "credentials missing",
                        s -> s.project.without(CREDENTIALS),
                        77,
                        "auth",
                        "Deployment requires cloud credentials",
                        LOGIN),
                local(
                        "credentials empty",
                        s -> s.project.file(CREDENTIALS, ""),
                        78,
                        "config",
                        "credentials.json",
                        LOGIN),
                local(
                        "credentials truncated",
                        s -> s.project.file(CREDENTIALS, "{\n\"api_token\": \"ab"),
                        78,
                        "config",
                        "(line 2)",
                        LOGIN),
                local(
                        "credentials not UTF-8",
                        s -> write(s, CREDENTIALS, new byte[] {'{', (byte) 0xff}),
                        78,
                        "config",
                        "not UTF-8",
                        LOGIN),
                local(
                        "credentials without a token",
                        s -> s.project.file(CREDENTIALS, "{\"api_url\":\"https://a.example\"}"),
                        78,
                        "config",
                        "no api_token",
                        LOGIN),
                local("credentials are a folder", s -> folderAt(s, CREDENTIALS), 78, "config", "is a folder", LOGIN),
                local(
                        "credentials expired",
                        s -> s.project.expiringIn(Duration.ofMinutes(-1)),
                        77,
                        "auth",
                        "Token expired",
                        LOGIN),
                local("token not decodable", s -> s.project.token("opaque"), 77, "auth", "Token expired", LOGIN),
                local(
                        "api_url without TLS",
                        s -> s.project.api(URI.create("http://api.example.com")),
                        78,
                        "config",
                        "must be https",
                        LOGIN),
                local(
                        "tenants.json corrupt",
                        s -> s.project.file(".systemprompt/tenants.json", "[oops"),
                        78,
                        "config",
                        "tenants.json",
                        LOGIN),
                local("archive missing", s -> delete(s.archive()), 78, "config", "sample.tar", ""),
                local("archive truncated", s -> truncate(s.archive()), 78, "config", "sample.tar", ""));
    }

    private static List<Row> profiles() {
        return List.of(
                local(
                        "profile unknown",
                        s -> {},
                        List.of("-p", "nope"),
                        78,
                        "config",
                        "Profile not found: 'nope'",
                        "prod"),
                local(
                        "profile hostile",
                        s -> {},
                        List.of("-p", "../../etc/passwd"),
                        78,
                        "config",
                        "Profile not found",
                        "prod"),
                local(
                        "profile not YAML",
                        s -> s.project.file(PROFILE, "name: [\n"),
                        List.of("-p", "prod"),
                        78,
                        "config",
                        "not valid YAML",
                        "--profile"),
                local(
                        "profile empty",
                        s -> s.project.file(PROFILE, ""),
                        List.of("-p", "prod"),
                        78,
                        "config",
                        "profile.yaml is empty",
                        "--profile"),
                local(
                        "cloud disabled",
                        s -> s.project.profile("prod", "cloud: {enabled: false, tenant_id: ten_demo}\n"),
                        78,
                        "config",
                        "Cloud features are disabled in this profile",
                        "Set cloud.enabled: true"),
                local(
                        "no tenant",
                        s -> s.project.profile("prod", "name: prod\n"),
                        78,
                        "config",
                        "No tenant configured",
                        "just tenant"),
                local(
                        "tenant id hostile",
                        s -> s.project.profile("prod", "cloud: {tenant_id: '../x'}\n"),
                        78,
                        "config",
                        "no tenant id",
                        "--profile"),
                local(
                        "target local",
                        s -> s.project.profile("prod", "target: local\ncloud: {tenant_id: ten_demo}\n"),
                        78,
                        "config",
                        "Cannot deploy a local profile",
                        "just tenant"),
                local(
                        "no project",
                        s -> {},
                        List.of("-C", "/"),
                        78,
                        "config",
                        "Not a systemprompt.io project",
                        "--project"),
                local("unknown option", s -> {}, List.of("--frobnicate"), 2, "usage", "--frobnicate", "--help"),
                local("hostile tag", s -> {}, List.of("--tag", "--config=x"), 2, "usage", "--tag", ""));
    }

    private static List<Row> answers() {
        return List.of(
                api(
                        "503 three times",
                        "GET registry-token 503 x3",
                        69,
                        "unavailable",
                        "Failed after 3 retries: ",
                        "network",
                        3),
                api(
                        "503 with an envelope is final",
                        "GET registry-token 503=Registry service not available x*",
                        69,
                        "unavailable",
                        "Registry service not available",
                        "Contact admin",
                        1),
                api(
                        "not provisioned, as 409",
                        "GET registry-token 409=No cloud infrastructure provisioned",
                        69,
                        "unavailable",
                        "No cloud infrastructure provisioned",
                        "Wait for provisioning",
                        1),
                api(
                        "the sentence counts, not the status",
                        "GET registry-token 500=registry service NOT available",
                        69,
                        "unavailable",
                        "Registry service not available",
                        "Contact admin",
                        1),
                api("404", "GET registry-token 404", 78, "config", "Tenant not found", "just tenant", 1),
                api("401 throughout", "* /* 401 x*", 77, "auth", "Authentication failed", LOGIN, 1),
                api("403", "GET registry-token 403=Not yours x*", 77, "auth", "Not yours", "just whoami", 1),
                api(
                        "500 without an envelope",
                        "GET registry-token 500 x*",
                        69,
                        "unavailable",
                        "Failed after 3 retries: ",
                        "",
                        3),
                api("a page of HTML", "GET registry-token html", 76, "protocol", "unexpected response", "api_url", 1),
                api("an empty answer", "GET registry-token empty", 76, "protocol", "unexpected response", "api_url", 1),
                api("garbage", "GET registry-token garbage", 76, "protocol", "unexpected response", "api_url", 1),
                api("an endless answer", "GET registry-token huge", 69, "unavailable", "larger than 1 MiB", "", 1),
                api(
                        "a truncated answer",
                        "GET registry-token truncate x*",
                        69,
                        "unavailable",
                        "Failed after 3 retries: ",
                        "network",
                        3),
                api(
                        "a reset",
                        "GET registry-token reset x*",
                        69,
                        "unavailable",
                        "Failed after 3 retries: ",
                        "network",
                        3),
                api(
                        "a redirect",
                        "GET registry-token redirect=http://127.0.0.1:9/",
                        76,
                        "protocol",
                        "a redirect",
                        "api_url",
                        1),
                api("control codes", "GET registry-token ansi", 1, "token_failed", "400", "", 1));
    }

    private static List<Row> deployments() {
        return List.of(
                deploy(
                        "refused with a sentence",
                        "POST deploy 422=Image too large",
                        1,
                        "deploy_failed",
                        "Image too large",
                        ""),
                deploy(
                        "cut after it was read",
                        "POST deploy cut",
                        75,
                        "outcome_unknown",
                        "may or may not have been accepted",
                        "just tenant status"),
                deploy(
                        "502 without an envelope",
                        "POST deploy 502",
                        75,
                        "outcome_unknown",
                        "502",
                        "just tenant status"),
                deploy("503 with an envelope", "POST deploy 503=Maintenance", 69, "unavailable", "Maintenance", ""),
                deploy("an answer without sense", "POST deploy html", 76, "protocol", "unexpected response", ""));
    }

    private static List<Row> registries() {
        return List.of(
                new Row(
                        "registry refuses every login",
                        s -> s.cloud.refuseNextCredentials(9),
                        List.of(),
                        1,
                        "login_failed",
                        "401",
                        "token",
                        2,
                        0),
                new Row(
                        "registry down for good",
                        s -> s.cloud.fault("* /v2/* 503 x*"),
                        List.of(),
                        69,
                        "unavailable",
                        "503",
                        "",
                        1,
                        0),
                new Row(
                        "registry without its manifests",
                        s -> s.cloud.fault("PUT manifest 500 x*"),
                        List.of(),
                        69,
                        "unavailable",
                        "500",
                        "",
                        1,
                        0));
    }

    private static Row local(
            String name, Consumer<Scene> disturb, int exit, String code, String sentence, String hint) {
        return local(name, disturb, List.of(), exit, code, sentence, hint);
    }

    private static Row local(
            String name,
            Consumer<Scene> disturb,
            List<String> arguments,
            int exit,
            String code,
            String sentence,
            String hint) {
        return new Row(name, disturb, arguments, exit, code, sentence, hint, 0, 0);
    }

    private static Row api(String name, String fault, int exit, String code, String sentence, String hint, int tokens) {
        return new Row(name, s -> s.cloud.fault(fault), List.of(), exit, code, sentence, hint, tokens, 0);
    }

    private static Row deploy(String name, String fault, int exit, String code, String sentence, String hint) {
        return new Row(name, s -> s.cloud.fault(fault), List.of(), exit, code, sentence, hint, 1, 1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void endsInOneClearSentence(Row row) {
        try (Cloud cloud = Cloud.builder().generation(Generation.G1).start()) {
            Scene scene = new Scene(folder, cloud);
            String archive = scene.archive().toString();
            row.disturb().accept(scene);
            List<String> before = listing(scene.project.folder());
            Path temporary = Files.createDirectories(folder.resolve("tmp"));

            Command command = scene.script("deploy.java", "--archive", archive, "--json")
                    .with(row.arguments().toArray(String[]::new))
                    .env("TMPDIR", temporary.toString());
            Ran ran = command.run().exitedWith(row.exitCode());

            JsonNode error = ran.json().path("error");
            assertEquals(row.code(), error.path("code").asText(), ran.toString());
            assertEquals(row.exitCode(), error.path("exit_code").asInt());
            assertTrue(error.path("message").asText().contains(row.sentence()), error.toString());
            assertTrue(error.path("hint").asText().contains(row.hint()), error.toString());
            ran.errContains(error.path("message").asText())
                    .errLacks("\tat ")
                    .errLacks("\u001b")
                    .errLacks(scene.project.token());
            assertEquals(row.tokens(), cloud.count("GET", "registry-token"), "requests of a token");
            assertEquals(row.posts(), cloud.count("POST", "deploy"), "deployments asked for");
            assertEquals(before, listing(scene.project.folder()), "the project's files");
            assertEquals(List.of(), listing(temporary), "what is left behind");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> listing(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(Files::isRegularFile)
                    .sorted()
                    .forEach(file -> names.add(folder.relativize(file).toString()));
        }
        return names;
    }

    private static void write(Scene scene, String path, byte[] bytes) {
        try {
            Files.write(scene.project.folder().resolve(path), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void folderAt(Scene scene, String path) {
        try {
            Files.createDirectory(scene.project.without(path).folder().resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void truncate(Path file) {
        try {
            byte[] whole = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(whole, whole.length / 3));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
