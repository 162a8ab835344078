package collection;

import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Command;
import harness.Project;
import harness.Scripts;
import java.io.File;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What JBang puts on a script's class path. */
class LibrariesTest {
    /** JBang lets each library's pom decide on the versions of all, and `just` builds the scripts beside the sandbox. */
    @Test
    void aScriptHasTheSameLibrariesAloneAndBesideTheSandbox() {
        Set<String> alone = libraries("deploy.java");
        assertTrue(libraries("sandbox/demo.java").containsAll(alone), alone.toString());
        assertTrue(libraries("bin/rehearse.java").containsAll(alone), alone.toString());
    }

    @Test
    void noScriptForATenantCarriesTheSandboxsLibraries() {
        for (String script : List.of("deploy.java", "docker_push.java", "registry_token.java"))
            assertNone(script, "jetty|commons|xz");
    }

    @Test
    void onlyAScriptThatPushesArchivesCarriesZstd() {
        for (String script : List.of("registry_token.java", "login.java", "tenant.java")) assertNone(script, "zstd");
        for (String script : List.of("deploy.java", "docker_push.java")) {
            Set<String> libraries = libraries(script);
            assertTrue(libraries.stream().anyMatch(jar -> jar.contains("/zstd-jni")), script + libraries);
        }
    }

    private static void assertNone(String script, String names) {
        Set<String> libraries = libraries(script);
        assertTrue(libraries.stream().noneMatch(jar -> jar.matches(".*/(" + names + ")[^/]*")), script + libraries);
    }

    private static Set<String> libraries(String script) {
        return new HashSet<>(List.of(Command.of(
                        Scripts.JBANG, "--quiet", "info", "classpath", "--deps-only", Project.ROOT.resolve(script) + "")
                .run()
                .succeeded()
                .out()
                .strip()
                .split(File.pathSeparator)));
    }
}
