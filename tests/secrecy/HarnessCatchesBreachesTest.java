package secrecy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Command;
import harness.DebianRegistry;
import harness.Engine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The proof is worth what it can see: each way to leak a secret, done on purpose, must be caught. */
class HarnessCatchesBreachesTest {
    private final Canary canary = Canary.password();

    @TempDir
    Path folder;

    // Each reads the secret on stdin, into $s, and leaks it.
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = "::", quoteCharacter = '`', textBlock = """
        an argument               :: /bin/true "$s"                                             :: in an argument
        the environment           :: X="$s" /bin/true                                           :: in an argument
        a file                    :: printf %s "$s" >leak                                       :: written to
        a file that is gone       :: printf %s "$s" >leak; rm leak                              :: written to
        a file that was a pipe    :: mkfifo p; rm p; printf %s "$s" >p                          :: written to
        two writes                :: printf %.15s "$s" >leak; printf %s "${s#???????????????}" >>leak :: written to
        base64                    :: printf %s "$s" | base64 -w0 >leak                          :: base64
        base64 after one byte     :: printf x%s "$s" | base64 -w0 >leak                         :: base64
        base64 after two bytes    :: printf xy%s "$s" | base64 -w0 >leak                        :: base64
        base64 after a name       :: printf tenant:%s "$s" | base64 -w0 >leak; rm leak          :: base64
        hexadecimal               :: printf %s "$s" | od -An -tx1 -w9999 | tr -d ' ' >leak      :: hexadecimal
        a renamed file            :: printf %s "$s" >a; mv a leak                               :: written to
        a child of a child        :: sh -c 'sh -c "cat >leak"' <<E${n}$s${n}E${n}               :: written to
        """)
    void catches(String way, String script, String words) throws Exception {
        Strace strace = Strace.into(folder);
        String all = "s=$(cat); " + script.replace("${n}", "\n");
        strace.run(Command.of("sh", "-c", all)
                        .in(Files.createDirectory(folder.resolve("here")))
                        .stdin(canary.value()))
                .succeeded();
        List<String> leaks = Leaks.of(canary).in(strace.trace());
        assertFalse(leaks.isEmpty(), way);
        assertTrue(leaks.get(0).contains(words), leaks.toString());
        assertTrue(canary.in(leaks.toString()).isEmpty(), "the report must not leak it either");
    }

    @Test
    void seesNothingWhereThereIsNothing() throws Exception {
        Strace strace = Strace.into(folder);
        strace.run(Command.of("sh", "-c", "s=$(cat); mkfifo p; cat p >/dev/null & printf %s \"$s\" >p; wait")
                        .in(Files.createDirectory(folder.resolve("here")))
                        .stdin(canary.value()))
                .succeeded();
        assertEquals(List.of(), Leaks.of(canary).in(strace.trace()));
    }

    @Test
    void findsASecretInAFileItsNameAndALink() throws Exception {
        Path searched = Files.createDirectory(folder.resolve("searched"));
        Files.writeString(searched.resolve("a"), "x" + canary.value());
        Files.createSymbolicLink(searched.resolve("b"), Path.of(canary.core()));
        Files.createFile(searched.resolve(canary.core()));
        assertEquals(3, Leaks.of(canary).in(searched).size());
        assertEquals(2, Leaks.of(canary).but(searched.resolve("a")).in(searched).size());
    }

    @Test
    void aFileThatMayHoldItIsStagedBesideItAndNowhereElse() throws Exception {
        Path work = Files.createDirectory(folder.resolve("here"));
        Strace strace = Strace.into(folder);
        strace.run(Command.of(
                                "sh",
                                "-c",
                                "s=$(cat); mkdir d; for f in .a1.tmp .b1.tmp .a1.tmp2 d/.a1.tmp; do"
                                        + " printf %s \"$s\" >$f; done; mv .a1.tmp a")
                        .in(work)
                        .stdin(canary.value()))
                .succeeded();
        List<String> leaks = Leaks.of(canary).butStaged(work.resolve("a")).in(strace.trace());
        assertEquals(3, leaks.size(), leaks.toString());
        assertFalse(leaks.toString().contains("/here/.a1.tmp,"), leaks.toString());
    }

    @Test
    void catchesAPlainDockerLogin() throws Exception {
        Engine engine = Engine.orSkip();
        try (DebianRegistry registry = DebianRegistry.orSkip(folder)) {
            Path home = Files.createDirectory(folder.resolve("home"));
            Canary password = Canary.password(registry.password());
            Strace strace = Strace.into(folder);
            strace.run(engine.docker("login", "--username=" + registry.username(), "--password-stdin", registry.host())
                            .env("HOME", home.toString())
                            .without("DOCKER_CONFIG")
                            .stdin(registry.password().reveal()))
                    .succeeded();
            assertTrue(Leaks.of(password).in(strace.trace()).toString().contains("config.json"));
            assertTrue(Leaks.of(password).in(home).toString().contains("config.json"));
        }
    }
}
