package lib.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;

import harness.Command;
import harness.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lib.Finding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildSourcesTest {
    @TempDir
    Path context;

    @Test
    void eachMissingFileIsAFailureWithItsFix() throws IOException {
        Finding finding = findings("FROM scratch\nCOPY gone.txt /\n").get(0);
        assertEquals(Finding.State.FAIL, finding.state());
        assertEquals("COPY source not found: " + context.resolve("gone.txt"), finding.message());
        assertEquals("Create it, or correct line 2 of " + context.resolve("Dockerfile"), finding.hint());
        assertEquals(78, finding.code().orElseThrow().exitCode());
    }

    @Test
    void theTwoKnownFilesAreToldByTheCommandThatMakesThem() throws IOException {
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
    void aFileThatIsMissingTwiceIsNamedOnceALine() throws IOException {
        assertEquals(1, findings("FROM scratch\nCOPY x x /x/\n").size());
    }

    @Test
    void everythingThereIsOneLine() throws IOException {
        write("a.txt");
        write("d/b.json");
        Files.createSymbolicLink(context.resolve("dangling"), Path.of("nowhere"));
        List<Finding> findings = findings(
                "FROM scratch\nCOPY a.txt /a\nCOPY d/*.json /d/\nCOPY d . dangling /e/\nCOPY [ab].tx? */ /f/\n");
        assertEquals(1, findings.size(), findings.toString());
        assertEquals(Finding.State.OK, findings.get(0).state());
    }

    @Test
    void aPatternWithoutAMatchIsAWarningUnlessOtherFilesAreCopiedWithIt() throws IOException {
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

    /** The judgement against a real builder: what is found missing does fail, and what passes does build. */
    @Test
    void agreesWithDocker() throws IOException {
        Engine engine = Engine.orSkip();
        write("a.txt");
        for (String lines : List.of(
                "COPY a.txt /a",
                "COPY gone /a",
                "COPY a.txt gone /a/",
                "COPY /a.txt a.tx? /x/",
                "COPY [\"a.txt\", \"/x\"]")) {
            boolean fails = findings("FROM scratch\n" + lines + "\n").stream().anyMatch(Finding::isFailure);
            Command build = engine.docker("build", "-q", context.toString()).env("DOCKER_BUILDKIT", "1");
            assertEquals(fails, build.run().exitCode() != 0, lines);
        }
    }

    private List<Finding> findings(String dockerfile) throws IOException {
        Path file = Files.writeString(context.resolve("Dockerfile"), dockerfile);
        return new BuildSources(context, file).findings();
    }

    private void write(String path) throws IOException {
        Files.createDirectories(context.resolve(path).getParent());
        Files.writeString(context.resolve(path), "x");
    }
}
