package lib.project;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import lib.project.DockerfileSources.Copied;
import org.junit.jupiter.api.Test;

class DockerfileSourcesTest {
    @Test
    void namesEverySourceOfCopyAndAdd() {
        assertEquals(List.of("a.txt"), sources("FROM scratch\nCOPY a.txt /a\n"));
        assertEquals(List.of("a", "b", "c"), sources("FROM scratch\ncopy a b /x/\nAdd c /c\n"));
        assertEquals(List.of("web/dist"), sources("FROM scratch\nCOPY /web//dist/ /w\n"));
        assertEquals(List.of("."), sources("FROM scratch\nCOPY . .\n"));
    }

    @Test
    void readsFlagsTheJsonFormAndContinuedLinesWithCommentsBetween() {
        assertEquals(List.of("a"), sources("FROM scratch\nCOPY --chown=1:1 --chmod=755 --link a /a\n"));
        assertEquals(List.of("a b", "c"), sources("FROM scratch\nCOPY [\"a b\", \"c\", \"/x/\"]\n"));
        assertEquals(List.of("a", "b"), sources("FROM scratch\nCOPY a \\\n  # why\n\n  b \\  \n  /x/\nRUN true\n"));
        assertEquals(List.of("a", "b"), sources("# escape=`\nFROM scratch\nCOPY a `\n b /x/\n"));
        assertEquals(List.of("a"), sources("\ufeffFROM scratch\r\nCOPY a /x/\r\n"));
    }

    @Test
    void saysWhereTheInstructionBegins() {
        List<Copied> copied = DockerfileSources.in("# c\n\nFROM scratch\nRUN a && \\\n b\nCOPY x \\\n y /\n");
        assertEquals(List.of(new Copied(6, List.of("x", "y"))), copied);
    }

    @Test
    void leavesWhatCannotBeJudgedToDocker() {
        for (String line : List.of(
                "COPY --from=alpine /etc/passwd /p",
                "COPY --chown=1 --from=0 a /a",
                "ADD https://example.com/a.tar /a",
                "ADD git@example.com:a/b.git /a",
                "ADD https://example.com/a.git#main /a",
                "COPY $WHAT /a",
                "COPY ${WHAT:-b} /a",
                "COPY \"a b\" /a",
                "COPY a\\ b /a",
                "COPY ../a /a",
                "COPY <<EOF /a\nCOPY nothing /b\nEOF",
                "COPY <<-'EOF' <<TWO /a/\none\n\tEOF\nCOPY x /x\nTWO",
                "RUN <<EOF\nCOPY nothing /b\nEOF",
                "RUN cat <<EOF > /x\nADD nothing /b\nEOF",
                "ONBUILD COPY a /a",
                "# COPY a /a",
                "RUN COPY a /a",
                "LABEL x=\"COPY a b\"")) {
            assertEquals(List.of("seen"), sources("FROM scratch\n" + line + "\nCOPY seen /\n"), line);
        }
    }

    @Test
    void aHereStringAndAShiftAreNoHereDocument() {
        assertEquals(List.of("a"), sources("FROM scratch\nRUN echo $((1<<2)); cat <<<x\nCOPY a /\n"));
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
            RUN --mount=type=bind,from=3,target=/n true
            COPY z /z
            """));
    }

    @Test
    void aFileThatIsNoDockerfileNamesNothing() {
        assertEquals(List.of(), sources(""));
        assertEquals(List.of(), sources("COPY a /a\n"));
        assertEquals(List.of(), sources("FROM scratch\nCOPY\nCOPY a\nCOPY [1,2]\nCOPY [\"a\"\nADD \\"));
    }

    private static List<String> sources(String dockerfile) {
        return DockerfileSources.in(dockerfile).stream()
                .flatMap(copied -> copied.sources().stream())
                .toList();
    }
}
