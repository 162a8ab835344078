package lib.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import harness.Command;
import harness.Engine;
import harness.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import lib.project.Dockerfile.Copied;
import lib.project.Dockerfile.Taken;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Dockerfile takes from the context, as far as that is sure; the rest is left to Docker. */
class DockerfileTest {
    private static final String SECRET = ".systemprompt/credentials.json";

    @Test
    void namesEverySourceOfCopyAndAdd() {
        assertEquals(List.of("a.txt"), sources("FROM scratch\nCOPY a.txt /a\n"));
        assertEquals(List.of("a", "b", "c"), sources("FROM scratch\ncopy a b /x/\nAdd c /c\n"));
        assertEquals(List.of("web/dist"), sources("FROM scratch\nCOPY /web//dist/ /w\n"));
        assertEquals(List.of("."), sources("FROM scratch\nCOPY . .\n"));
        assertEquals(List.of("a", "b", "[ab].txt"), sources("FROM scratch\nCOPY \"a\" 'b' [ab].txt \"/x/\"\n"));
    }

    @Test
    void readsFlagsTheJsonFormAndContinuedLinesWithCommentsBetween() {
        assertEquals(List.of("a"), sources("FROM scratch\nCOPY --chown=1:1 --chmod=755 --link a /a\n"));
        assertEquals(List.of("a b", "c"), sources("FROM scratch\nCOPY [\"a b\", \"c\", \"/x/\"]\n"));
        assertEquals(List.of("a", "b"), sources("FROM scratch\nCOPY a \\\n  # why\n\n  b \\  \n  /x/\nRUN true\n"));
        assertEquals(List.of("a", "b"), sources("# escape=`\nFROM scratch\nCOPY a `\n b /x/\n"));
        assertEquals(List.of("a"), sources("\ufeffFROM scratch\r\nCOPY a /x/\r\n"));
        assertEquals(List.of("b"), sources("FROM scratch\nRUN echo \\\\\nCOPY b /x/\n"));
        assertEquals(
                List.of("a"), sources("# syntax=docker/dockerfile:1.7-labs\n# escape=`\nFROM scratch\nCOPY a `\n/x/"));
    }

    @Test
    void saysWhereTheInstructionBegins() {
        List<Copied> copied = Dockerfile.of("# c\n\nFROM scratch\nRUN a && \\\n b\nCOPY x \\\n y /\n")
                .copied();
        assertEquals(List.of(new Copied(6, List.of("x", "y"))), copied);
    }

    @Test
    void leavesWhatCannotBeJudgedToDocker() {
        for (String line : List.of(
                "COPY --from=alpine /etc/passwd /p",
                "COPY --chown=1 --from=0 a /a",
                "COPY --chown=\"a b c\" --chmod='1 2' x /a",
                "ADD https://example.com/a.tar /a",
                "ADD git@example.com:a/b.git /a",
                "ADD https://example.com/a.git#main /a",
                "COPY $WHAT /a",
                "COPY ${WHAT:-b} /a",
                "COPY \"a b\" /a",
                "COPY a\\ b /a",
                "COPY ../a /a",
                "ONBUILD COPY a /a",
                "# COPY a /a",
                "RUN COPY a /a",
                "LABEL x=\"COPY a b\"")) {
            assertEquals(List.of("seen"), sources("FROM scratch\n" + line + "\nCOPY seen /\n"), line);
        }
    }

    @Test
    void aHereDocumentIsDataHoweverItIsWritten() {
        for (String lines : List.of(
                "RUN cat << 'EOF' > /init.sql\nCOPY users (id, name) FROM stdin;\nCOPY gone /\nEOF",
                "RUN cat <<  EOF\nCOPY gone /\nEOF",
                "RUN <<\"EOF\" cat\nCOPY gone /\nEOF",
                "RUN <<E'O'F cat\nCOPY gone /\nEOF",
                "RUN <<\\EOF cat\nCOPY gone /\nEOF",
                "RUN 3<<EOF cat\nCOPY gone /\nEOF",
                "RUN <<- EOF\n\tCOPY gone /\n\tEOF",
                "RUN <<EOF\n\tEOF\nCOPY gone /\nEOF",
                "RUN <<EOF \\\n  cat\nCOPY gone /\nEOF",
                "RUN <<ONE cat <<TWO\nCOPY gone /\nONE\nCOPY gone /\nTWO",
                "COPY <<EOF /a\nCOPY gone /b\nEOF",
                "COPY <<-'EOF' <<TWO /a/\none\n\tEOF\nCOPY gone /x\nTWO",
                "ONBUILD RUN <<EOF\nCOPY gone /b\nEOF",
                "RUN cat <<EOF > /x\nADD gone /b\n# EOF\nEOF")) {
            assertEquals(List.of("seen"), sources("FROM scratch\n" + lines + "\nCOPY seen /\n"), lines);
        }
    }

    @Test
    void aHereStringAndAShiftAreNoHereDocument() {
        assertEquals(List.of("a"), sources("FROM scratch\nRUN echo $((1<<2)); cat <<<x\nCOPY a /\n"));
        assertEquals(List.of("a"), sources("FROM scratch\nRUN echo \"a << b\" && test 1 <<EOF2\nCOPY a /\n"));
    }

    @Test
    void whereAnInstructionIsUnknownNothingIsJudged() {
        assertEquals(List.of(), sources("FROM scratch\nCOPY gone /\nINCLUDE other\n"));
        assertEquals(List.of(), sources("# syntax=example.com/other\nFROM scratch\nCOPY gone /\n"));
        assertEquals(List.of(), sources("# escape=x\nFROM scratch\nCOPY gone /\n"));
    }

    @Test
    void judgesOnlyTheStagesThatAreSurelyBuilt() {
        assertEquals(List.of("b", "a", "n", "z"), sources("""
            ARG V=1
            FROM scratch AS base
            COPY b /b
            FROM base AS app
            COPY a /a
            FROM scratch AS unused
            COPY u /u
            FROM scratch
            COPY n /n
            FROM alpine:$V
            COPY --from=APP /a /a
            RUN --mount=type=bind,from=3,target=/n echo from=unused --mount=from=unused
            COPY z /z
            """));
    }

    @Test
    void aFileThatIsNoDockerfileNamesNothing() {
        assertEquals(List.of(), sources(""));
        assertEquals(List.of(), sources("COPY a /a\n"));
        assertEquals(List.of(), sources("FROM scratch\nCOPY\nCOPY a\nCOPY [1,2]\nCOPY [\"a\"\nADD \\"));
    }

    /** Each took minutes, or the stack. */
    @Test
    void hostileTextEndsAtOnce() {
        String blanks = " ".repeat(60_000);
        StringBuilder copies = new StringBuilder("FROM scratch AS s0\nCOPY . /a\nCOPY . /b\n");
        for (int i = 1; i < 100; i++) {
            copies.append(
                    "FROM scratch AS s%d\nCOPY --from=s%d / /a\nCOPY --from=s%d / /b\n".formatted(i, i - 1, i - 1));
        }
        for (String text : List.of(
                "FROM " + "--platform=x ".repeat(20_000) + "scratch\nCOPY a /a\n",
                "FROM " + "--platform=x ".repeat(4_000) + "scratch\nCOPY a /a\n",
                "FROM scratch\nCOPY a" + blanks + "\\" + blanks.substring(1) + "x /a\n",
                "#" + blanks + "a=" + blanks + "b\nFROM scratch\nCOPY a /a\n",
                "FROM scratch\nRUN " + "<<a ".repeat(15_000) + "\n" + "b\n".repeat(90_000),
                "FROM scratch\nCOPY " + "[".repeat(60_000) + " /a\n",
                "FROM scratch\nCOPY " + "*".repeat(60_000) + "x /a\n",
                "FROM scratch\nCOPY " + "*a".repeat(30_000) + "x /a\n",
                "FROM scratch\nCOPY " + "../".repeat(20_000) + "x /a\n",
                "FROM scratch\nCOPY " + ". ".repeat(30_000) + "/a\n",
                copies.toString(),
                "FROM a\n".repeat(30_000),
                "\\\n".repeat(100_000))) {
            String start = text.substring(0, 20);
            assertTimeoutPreemptively(
                    Duration.ofSeconds(5), () -> Dockerfile.of(text).taken("a".repeat(200)), start);
        }
    }

    @Test
    void whatIsCopiedIntoTheLastStageIsInTheImage() {
        for (String lines : List.of(
                "COPY . /all",
                "COPY ./ all/",
                "ADD . .",
                "COPY \".\" /all",
                "COPY [\".\", \"/all\"]",
                "COPY .systemprompt /s",
                "COPY .system* /s/",
                "COPY * /s/",
                "COPY */*.json /s/",
                "COPY .systemprompt/credentials.jso? /s/",
                "COPY --chown=1 --link . $DIR",
                "COPY --parents ./.systemprompt /p/",
                "COPY a \\\n . /all")) {
            assertEquals(Optional.of(true), inImage("FROM debian\n" + lines + "\nRUN rm -r /all\n"), lines);
        }
    }

    @Test
    void whatIsCopiedByAnotherStageIsInTheImageWhereItIsHandedOn() {
        assertEquals(Optional.of(true), inImage("FROM scratch AS b\nCOPY . /a\nFROM b\nRUN true\n"));
        assertEquals(Optional.of(true), inImage("FROM scratch AS b\nCOPY . /a\nFROM scratch\nCOPY --from=b /a /b\n"));
        assertEquals(Optional.of(true), inImage("FROM scratch\nCOPY . a\nFROM scratch\nCOPY --from=0 / /\n"));
        assertEquals(
                Optional.of(true),
                inImage("FROM node AS b\nWORKDIR /app\nCOPY . .\nRUN build\nFROM node\nCOPY --from=b /app /app\n"));
        assertEquals(
                Optional.of(true),
                inImage("FROM x AS b\nWORKDIR /a/b\nWORKDIR ../c\nCOPY .systemprompt s\nFROM x\n"
                        + "COPY --from=b /a/c/s/*.json /j/\n"));
    }

    @Test
    void whatOnlyTheBuildSeesIsTakenAndNotInTheImage() {
        for (String text : List.of(
                "FROM rust AS b\nWORKDIR /src\nCOPY . .\nFROM scratch\nCOPY --from=b /src/target/release/x /bin/x\n",
                "FROM node AS b\nCOPY . .\nFROM scratch\nCOPY --from=b /app /app\n",
                "FROM scratch AS b\nCOPY . $DIR\nFROM scratch\nCOPY --from=b /app /app\n",
                "FROM scratch\nCOPY --exclude=.systemprompt . /all\n",
                "FROM x\nRUN --mount=type=bind,target=/src cp -r /src /all\n",
                "FROM x\nRUN --mount=source=.systemprompt,target=/src --network=none true\n")) {
            assertEquals(Optional.of(false), inImage(text), text);
        }
    }

    @Test
    void whatIsNamedByNothingIsNotTaken() {
        for (String text : List.of(
                "FROM scratch\nCOPY a.txt services /app/\n",
                "FROM scratch\nCOPY .systemprompt/profiles /app/\n",
                "FROM scratch\nCOPY *.json /app/\n",
                "FROM scratch\nCOPY */profiles /app/\n",
                "FROM scratch AS unused\nCOPY . /all\nFROM scratch\nCOPY a /a\n",
                "FROM scratch\nCOPY --from=alpine . /all\n",
                "FROM scratch\nCOPY $ALL /all\n",
                "FROM x\n"
                        + "RUN --mount=type=cache,target=/c --mount=type=bind,source=a,target=/a"
                        + " --mount=type=tmpfs,target=/t --mount=type=bind,from=alpine,target=/b true\n")) {
            assertEquals(Optional.empty(), inImage(text), text);
        }
    }

    /** The judgement against the engines: what is said to be in the image is found in it, and else it is not. */
    @Test
    void agreesWithDocker(@TempDir Path folder) throws IOException {
        Engine modern = Engine.orSkip();
        Files.createDirectories(folder.resolve(".systemprompt/profiles"));
        for (String file : List.of(SECRET, ".systemprompt/profiles/p.yaml", "a.txt", "sub/b.json")) {
            Files.createDirectories(folder.resolve(file).getParent());
            Files.writeString(folder.resolve(file), file.equals(SECRET) ? "canary" : "x");
        }
        for (String lines : List.of(
                "COPY . /all",
                "COPY ** /all/",
                "COPY * /all/",
                "COPY */* /all/",
                "COPY \".\" '/all'",
                "COPY -- . /all",
                "COPY .systemprompt/profiles /p",
                "COPY */profiles /p/",
                "COPY [a-z]* /p/",
                "COPY [^a-z]* /p/",
                "COPY a.txt */*.json /p/",
                "COPY <<EOF .systemprompt/* /p/\nCOPY . /all\nEOF",
                "COPY << 'EOF' /p/\nCOPY . /all\nEOF",
                "COPY . /a\nFROM scratch\nCOPY --from=0 /a/sub /a/sub\nCOPY --from=0 /a/a* /a/",
                "COPY . /a\nFROM scratch\nCOPY --from=0 /a/*/*.json /j/",
                "WORKDIR /w\nCOPY . .\nFROM scratch\nCOPY --from=0 w/.systemprompt /s",
                "COPY .systemprompt/credentials.json /w/\nFROM scratch\nCOPY --from=0 /w/credentials.json /s")) {
            String text = "FROM scratch\n" + lines + "\n";
            Files.writeString(folder.resolve("Dockerfile"), text);
            Path out = folder.resolveSibling("out-" + lines.hashCode());
            Command build = modern.docker("build", "--quiet", "--output=type=local,dest=" + out, folder.toString());
            Ran ran = build.env("DOCKER_BUILDKIT", "1").run();
            // A blank before the end's name is read by newer builders alone; others refuse the line.
            if (ran.exitCode() != 0 && lines.contains("<< ")) continue;
            ran.succeeded();
            boolean found =
                    Command.of("grep", "-rq", "canary", out.toString()).run().exitCode() == 0;
            assertEquals(found, inImage(text).orElse(false), text);
        }
    }

    private static List<String> sources(String dockerfile) {
        return Dockerfile.of(dockerfile).copied().stream()
                .flatMap(copied -> copied.sources().stream())
                .toList();
    }

    private static Optional<Boolean> inImage(String dockerfile) {
        return Dockerfile.of(dockerfile).taken(SECRET).map(Taken::intoImage);
    }
}
