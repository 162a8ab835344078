package collection;

import harness.Command;
import harness.Project;
import harness.Ran;
import harness.Scripts;
import harness.TestProject;
import harness.WebFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;

/** Scripts that lie on a web server or in a catalog, and not in the project. */
class RunsFromElsewhereTest {
    /** One for all, since what JBang has built for an address it keeps. */
    @TempDir
    static Path folder;

    private static Cloud cloud;
    private static WebFolder web;

    @BeforeAll
    static void serve() throws IOException {
        cloud = Cloud.builder().start();
        web = new WebFolder(Project.ROOT);
        TestProject.in(Files.createDirectories(folder.resolve("project")), URI.create(cloud.apiUrl()))
                .token(cloud.operatorToken().reveal());
    }

    @AfterAll
    static void end() {
        web.close();
        cloud.close();
    }

    private static Ran jbang(String reference) throws IOException {
        return run(reference, "--json").succeeded().outContains("\"tenant_id\":\"ten_demo\"");
    }

    private static Ran run(String reference, String... words) throws IOException {
        return new Scripts(Files.createDirectories(folder.resolve("home")))
                .isolated(Command.of(Scripts.JBANG, reference).with(words))
                .in(folder.resolve("project"))
                .env("JBANG_DIR", folder.resolve("jbang").toString())
                .within(Duration.ofMinutes(3))
                .run();
    }

    @Test
    void byItsUrl() throws IOException {
        jbang(web.url("registry_token.java"));
    }

    /** Which JBang does not tell: the hint names the script, and no recipe that is not there. */
    @Test
    void aHintNamesNoRecipe() throws IOException {
        run(web.url("registry_token.java"), "--project", "..")
                .exitedWith(78)
                .errContains("Run 'login' in the project's folder");
    }

    @Test
    void byTheAliasOfACatalogOnTheWeb() throws IOException {
        jbang("registry_token@" + web.url("jbang-catalog.json"));
    }

    @Test
    void byTheAliasOfACatalogThatWasAdded() throws IOException {
        new Scripts(Files.createDirectories(folder.resolve("home")))
                .isolated(Command.of(
                        Scripts.JBANG,
                        "catalog",
                        "add",
                        "--global",
                        "--name",
                        "tenants",
                        web.url("jbang-catalog.json")))
                .env("JBANG_DIR", folder.resolve("jbang").toString())
                .run()
                .succeeded();
        jbang("registry_token@tenants");
    }

    @Test
    void byTheAliasOfACatalogOnThisMachine() throws IOException {
        jbang("registry_token@" + Project.ROOT.resolve("jbang-catalog.json"));
    }
}
