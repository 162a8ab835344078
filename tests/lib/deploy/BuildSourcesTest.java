package lib.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import harness.Command;
import harness.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import lib.Environment;
import lib.Failure.Finding;
import lib.project.BuildContext.ImageBuilder;
import lib.project.BuildContext.PrivateFiles;
import lib.project.Profile;
import lib.project.Project;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildSourcesTest {
    @TempDir
    Path context;

    @Test
    void eachMissingFileIsAFailureWithItsFix() throws Exception {
        Finding finding = findings("FROM scratch\nCOPY gone.txt /\n").get(0);
        assertEquals(Finding.State.FAIL, finding.state());
        assertEquals("COPY source not found: " + context.resolve("gone.txt"), finding.message());
        assertEquals("Create it, or correct line 2 of " + context.resolve("Dockerfile"), finding.hint());
        assertEquals(78, finding.code().orElseThrow().exitCode());
    }

    @Test
    void theTwoKnownFilesAreToldByTheCommandThatMakesThem() throws Exception {
        List<Finding> findings = findings("FROM scratch\nCOPY target/release/systemprompt /b\nCOPY core/web/dist /w\n");
        Path binary = context.resolve("target/release/systemprompt");
        assertEquals("Release binary not found: " + binary, findings.get(0).message());
        assertEquals(
                "Run: cargo build --release --bin systemprompt", findings.get(0).hint());
        assertEquals(
                "Web dist not found: " + context.resolve("core/web/dist"),
                findings.get(1).message());
        assertEquals("Run: npm run build", findings.get(1).hint());
    }

    @Test
    void aFileThatIsMissingTwiceIsNamedOnceALine() throws Exception {
        assertEquals(1, findings("FROM scratch\nCOPY x x /x/\n").size());
    }

    @Test
    void everythingThereIsOneLine() throws Exception {
        write("a.txt");
        write("d/b.json");
        Files.createSymbolicLink(context.resolve("dangling"), Path.of("nowhere"));
        List<Finding> findings = findings(
                "FROM scratch\nCOPY a.txt /a\nCOPY d/*.json /d/\nCOPY d . dangling /e/\nCOPY [ab].tx? */ /f/\n");
        assertEquals(1, findings.size(), findings.toString());
        assertEquals(Finding.State.OK, findings.get(0).state());
    }

    @Test
    void aPatternWithoutAMatchIsAWarningUnlessOtherFilesAreCopiedWithIt() throws Exception {
        write("package.json");
        assertEquals(
                Finding.State.WARN,
                findings("FROM scratch\nCOPY *.lock /\n").get(0).state());
        assertEquals(
                Finding.State.OK,
                findings("FROM scratch\nCOPY package.json yarn.loc[k] /\n")
                        .get(0)
                        .state());
    }

    @Test
    void anIgnoredFileIsAFailureThatNamesTheLine() throws Exception {
        write("target/release/systemprompt");
        String copy = "FROM scratch\nCOPY target/release/systemprompt /b\n";
        ignore("docs\ntarget\n");
        Finding finding = findings(copy).get(0);
        Path binary = context.resolve("target/release/systemprompt");
        Path file = context.resolve(".dockerignore");
        assertEquals("COPY source is ignored: " + binary + " (line 2 of " + file + ")", finding.message());
        assertEquals(
                "Add '!target/release/systemprompt' at the end of that file, or correct line 2 of "
                        + context.resolve("Dockerfile"),
                finding.hint());
        assertEquals(78, finding.code().orElseThrow().exitCode());

        ignore("docs\ntarget\n!target/release/systemprompt\n");
        assertEquals(Finding.State.OK, findings(copy).get(0).state());
    }

    @Test
    void whatMayBeIgnoredInPartIsLeftToDocker() throws Exception {
        write("d/a.txt");
        write("d/keep");
        Files.createSymbolicLink(context.resolve("link"), Path.of("d"));
        ignore("d\nlink/*\n!d/keep\n");
        assertEquals(
                Finding.State.OK,
                findings("FROM scratch\nCOPY d link/keep link /x/\n").get(0).state());
        ignore("d\n[odd\n");
        assertEquals(
                Finding.State.OK, findings("FROM scratch\nCOPY d /x/\n").get(0).state());
        ignore("d\n");
        assertEquals(
                Finding.State.FAIL,
                findings("FROM scratch\nCOPY d /x/\n").get(0).state());
    }

    /** To a builder the context is the root folder, which no link leaves. */
    @Test
    void linksAreFollowedAsBuildersFollowThem() throws Exception {
        write("d/f");
        link("absolute", "/d");
        link("up", "../../../../../../../d");
        link("loop", "loop");
        for (String source : List.of("absolute/f", "up/f", "absolute", "loop", "a*/f"))
            assertEquals(
                    List.of(Finding.State.OK), states(findings("FROM scratch\nCOPY " + source + " /x/\n")), source);
        for (String source : List.of("absolute/gone", "up/gone"))
            assertEquals(
                    List.of(Finding.State.FAIL), states(findings("FROM scratch\nCOPY " + source + " /x/\n")), source);
    }

    @Test
    void credentialsThatALinkLeadsToAreKeptOutOfTheImage() throws Exception {
        write(".systemprompt/credentials.json");
        link("settings", ".systemprompt");
        link("conf/key.json", "../.systemprompt/credentials.json");
        for (String source : List.of("settings", "settings/", "sett*", "conf/key.json", "c?nf/*.json"))
            assertTrue(last(findings("FROM scratch\nCOPY " + source + " /x/\n")).isFailure(), source);
        // Of a folder, links are copied as links.
        assertEquals(
                Finding.State.OK,
                last(findings("FROM scratch\nCOPY conf /x/\n")).state());
    }

    @Test
    void aPatternOfWhichAllIsIgnoredCopiesNothing() throws Exception {
        write("d/a.txt");
        ignore("**/*.txt\n");
        assertEquals(
                Finding.State.WARN,
                findings("FROM scratch\nCOPY d/*.txt /x/\n").get(0).state());
        write("d/b.md");
        assertEquals(
                Finding.State.OK,
                findings("FROM scratch\nCOPY d/* /x/\n").get(0).state());
    }

    @Test
    void credentialsInTheImageEndTheRunWithTheLinesToAdd() throws Exception {
        write(".systemprompt/credentials.json");
        write(".systemprompt/.credentials.json123.tmp");
        write(".systemprompt/tenants.json.corrupt-20260105");
        write(".systemprompt/sessions/index.json");
        Finding finding = refusal(ImageBuilder.BUILDKIT).orElseThrow();
        Path file = context.resolve(".dockerignore");
        assertEquals(
                "Your credentials would get into the image: .systemprompt/.credentials.json123.tmp,"
                        + " .systemprompt/credentials.json, .systemprompt/sessions/index.json,"
                        + " .systemprompt/tenants.json.corrupt-20260105 (line 2 of "
                        + context.resolve("Dockerfile") + ")",
                finding.message());
        assertEquals(
                "Add at the end of " + file + ":\n    "
                        + String.join("\n    ", credentials().lines()),
                finding.hint());
        assertEquals(78, finding.code().orElseThrow().exitCode());

        ignore("node_modules\n!.systemprompt/tenants.json\n.systemprompt/sessions\n");
        finding = refusal(ImageBuilder.CLASSIC).orElseThrow();
        assertFalse(finding.message().contains("sessions"), finding.message());
        assertFalse(finding.hint().contains("sessions"), finding.hint());
        String lines = finding.hint().substring(finding.hint().indexOf('\n') + 1);
        Files.writeString(file, lines, StandardOpenOption.APPEND);
        assertEquals(Optional.empty(), refusal(ImageBuilder.CLASSIC));
        assertEquals(Optional.empty(), refusal(ImageBuilder.BUILDKIT));
    }

    @Test
    void theIgnoreFileIsTheOneThatTheBuilderReads() throws Exception {
        write(".systemprompt/credentials.json");
        Path beside = context.resolve("Dockerfile.dockerignore");
        Files.writeString(beside, ".systemprompt\n");
        assertEquals(Optional.empty(), refusal(ImageBuilder.BUILDKIT));
        assertEquals(Optional.empty(), refusal(ImageBuilder.PODMAN));
        assertTrue(refusal(ImageBuilder.CLASSIC).orElseThrow().hint().contains(context + "/.dockerignore:\n"));

        ignore(".systemprompt\n");
        Files.writeString(beside, "docs\n");
        assertTrue(refusal(ImageBuilder.BUILDKIT).orElseThrow().hint().contains(beside + ":\n"));
        assertEquals(Optional.empty(), refusal(ImageBuilder.CLASSIC));

        Files.delete(beside);
        assertEquals(Optional.empty(), refusal(ImageBuilder.BUILDKIT));
        Files.writeString(context.resolve(".containerignore"), "docs\n");
        assertEquals(Optional.empty(), refusal(ImageBuilder.BUILDKIT));
        assertTrue(refusal(ImageBuilder.PODMAN).orElseThrow().hint().contains(".containerignore:\n"));
    }

    @Test
    void nobodyIsAskedForTheBuilderWhereItMakesNoDifference() throws Exception {
        write(".systemprompt/credentials.json");
        write("a");
        Path file = Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nCOPY a /a\n");
        Files.writeString(context.resolve("Dockerfile.dockerignore"), ".systemprompt\n");
        List<Finding> findings = sources(file, Optional.empty()).findings(() -> fail("asked"));
        assertEquals(List.of(Finding.State.OK), states(findings));
    }

    @Test
    void whereTheBuilderIsNotKnownADoubtIsAWarning() throws Exception {
        write(".systemprompt/credentials.json");
        Path file = Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nCOPY . /all\nCOPY a /a\n");
        write("a");
        Path beside = Files.writeString(context.resolve("Dockerfile.dockerignore"), ".systemprompt\na\n");
        Set<ImageBuilder> any = EnumSet.allOf(ImageBuilder.class);
        List<Finding> findings = findings(file, any);
        assertEquals(List.of(Finding.State.WARN), states(findings), findings.toString());
        assertTrue(findings.get(0).message().contains(".systemprompt/credentials.json"), findings.toString());

        Files.writeString(beside, "docs\n");
        assertTrue(findings(file, any).stream().anyMatch(Finding::isFailure), "both would copy them");
    }

    @Test
    void credentialsThatOnlyTheBuildSeesAreAWarning() throws Exception {
        write(".systemprompt/credentials.json");
        for (String dockerfile : List.of(
                "FROM rust AS b\nWORKDIR /s\nCOPY . .\nFROM scratch\nCOPY --from=b /s/target/x /x\n",
                "FROM x\nRUN --mount=type=bind,target=/s true\n")) {
            Finding finding = last(findings(dockerfile));
            assertEquals(Finding.State.WARN, finding.state(), finding.toString());
            assertTrue(finding.message().contains("within reach of the build: .systemprompt/credentials.json (line "));
            assertTrue(finding.message().contains(context + "/.dockerignore: .systemprompt/credentials.json*, "));
        }
    }

    @Test
    void credentialsInAContextThatLeavesThisMachineAreAWarning() throws Exception {
        write(".systemprompt/credentials.json");
        write("a");
        Path file = Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nCOPY a /a\n");
        Optional<String> farm = Optional.of("ssh://farm");
        Finding finding = last(sources(file, farm).findings(() -> Set.of(ImageBuilder.BUILDKIT)));
        assertEquals(Finding.State.WARN, finding.state());
        assertTrue(finding.message().contains("which goes to ssh://farm: .systemprompt/credentials.json. Add "));
        ignore(".systemprompt\n");
        assertEquals(
                Finding.State.OK,
                last(sources(file, farm).findings(() -> Set.of(ImageBuilder.BUILDKIT)))
                        .state());
    }

    @Test
    void theTenantsSecretsInTheImageAreAWarningThatNamesThem() throws Exception {
        write(".systemprompt/profiles/prod/secrets.json");
        write(".systemprompt/profiles/prod/signing_key.pem");
        String copy = "FROM scratch\nCOPY .systemprompt/profiles /app/profiles\n";
        Finding finding = last(findings(copy));
        assertEquals(Finding.State.WARN, finding.state());
        assertTrue(finding.message().contains(".systemprompt/profiles/prod/secrets.json"), finding.message());
        assertTrue(finding.message().contains(".systemprompt/profiles/prod/signing_key.pem"), finding.message());
        ignore(String.join(
                "\n", PrivateFiles.secrets(project(), profile(), environment()).lines()));
        assertEquals(Finding.State.OK, last(findings(copy)).state());
    }

    @Test
    void anIgnoreFileThatCannotBeJudgedRefusesNothing() throws Exception {
        write(".systemprompt/credentials.json");
        ignore("[z-\n.systemprompt\n");
        Finding finding = last(findings("FROM scratch\nCOPY . /all\n"));
        assertEquals(Finding.State.WARN, finding.state());
        assertTrue(finding.message().contains("one of its lines is not judged here"), finding.message());
    }

    @Test
    void credentialsElsewhereInTheProjectAndBehindLinksCount() throws Exception {
        write("conf/mine.json");
        write("real/credentials.json");
        Files.createSymbolicLink(context.resolve(".systemprompt"), Path.of("real"));
        Path yaml = context.resolve("real/profiles/prod/profile.yaml");
        Files.createDirectories(yaml.getParent());
        Files.writeString(yaml, "cloud: {credentials_path: ../../../conf/mine.json, tenant_id: ten_1}\n");
        Finding finding = refusal(ImageBuilder.BUILDKIT).orElseThrow();
        assertTrue(finding.message().contains(" conf/mine.json, real/credentials.json "), finding.message());
        assertTrue(finding.hint().contains("\n    conf/mine.json\n    real/credentials.json"), finding.hint());
    }

    @Test
    void ignoredCredentialsAreNotAskedFor() throws Exception {
        write(".systemprompt/credentials.json");
        ignore(".systemprompt\n");
        Finding finding = findings("FROM scratch\nCOPY .systemprompt/credentials.json /c\n")
                .get(0);
        assertEquals(Finding.State.FAIL, finding.state());
        assertFalse(finding.hint().contains("!"), finding.hint());
    }

    /** The judgement against a real builder: what is found missing does fail, and what passes does build. */
    @Test
    void agreesWithDocker() throws Exception {
        Engine engine = Engine.orSkip();
        write("a.txt");
        write("out.txt");
        ignore("out*\n");
        link("links/absolute", "/links");
        link("links/a", "../../../../a.txt");
        link("links/none", "/gone");
        for (String lines : List.of(
                "COPY a.txt /a",
                "COPY links/absolute/a /a",
                "COPY links/absolute/none/a /a",
                "COPY links /a",
                "COPY gone /a",
                "COPY out.txt /a",
                "COPY a.txt gone /a/",
                "COPY /a.txt a.tx? /x/",
                "COPY [\"a.txt\", \"/x\"]")) {
            boolean fails = findings("FROM scratch\n" + lines + "\n").stream().anyMatch(Finding::isFailure);
            Command build = engine.docker("build", "-q", context.toString()).env("DOCKER_BUILDKIT", "1");
            assertEquals(fails, build.run().exitCode() != 0, lines);
        }
    }

    private void link(String name, String target) throws IOException {
        Path link = context.resolve(name);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, Path.of(target));
    }

    private static Finding last(List<Finding> findings) {
        return findings.get(findings.size() - 1);
    }

    private static List<Finding.State> states(List<Finding> findings) {
        return findings.stream().map(Finding::state).toList();
    }

    private Optional<Finding> refusal(ImageBuilder builder) throws Exception {
        Path file = Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nCOPY . /all\n");
        return findings(file, Set.of(builder)).stream()
                .filter(Finding::isFailure)
                .findFirst();
    }

    private List<Finding> findings(String dockerfile) throws Exception {
        Path file = Files.writeString(context.resolve("Dockerfile"), dockerfile);
        return findings(file, Set.of(ImageBuilder.BUILDKIT));
    }

    private List<Finding> findings(Path file, Set<ImageBuilder> builders) throws Exception {
        return sources(file, Optional.empty()).findings(() -> builders);
    }

    private BuildSources sources(Path file, Optional<String> elsewhere) throws Exception {
        PrivateFiles secrets = PrivateFiles.secrets(project(), profile(), environment());
        return new BuildSources(context, file, credentials(), secrets, elsewhere);
    }

    private PrivateFiles credentials() throws Exception {
        return PrivateFiles.credentials(project(), profile(), environment());
    }

    private Project project() {
        return new Project(context);
    }

    private Environment environment() {
        return new Environment(Map.of(), context);
    }

    private Profile profile() throws Exception {
        Path yaml = context.resolve(".systemprompt/profiles/prod/profile.yaml");
        if (!Files.exists(yaml)) yaml = Files.writeString(context.resolve("profile.yaml"), "name: prod\n");
        return Profile.read(yaml, environment());
    }

    private void ignore(String text) throws IOException {
        Files.writeString(context.resolve(".dockerignore"), text);
    }

    private void write(String path) throws IOException {
        Files.createDirectories(context.resolve(path).getParent());
        Files.writeString(context.resolve(path), "x");
    }
}
