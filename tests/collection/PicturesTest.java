//SOURCES ../../docs/TerminalPicture.java
//SOURCES ../../docs/Volatile.java
package collection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import docs.TerminalPicture;
import docs.TerminalPicture.Typed;
import docs.Volatile;
import harness.Command;
import harness.Engine;
import harness.Project;
import harness.Screen;
import harness.Scripts;
import harness.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sandbox.Cloud;
import sandbox.Generation;
import sandbox.SampleProject;

/** The documentation's pictures of a terminal. */
class PicturesTest {
    @TempDir
    Path folder;

    @Test
    void thePictureShowsWhatARunPrints() throws IOException {
        Tool.orSkip("script");
        Engine engine = Engine.orSkip();
        Path project = folder.resolve("acme");
        Scripts scripts = new Scripts(Files.createDirectories(folder.resolve("home")));
        scripts.just("deploy", "--version").run().succeeded(); // that it is built first is no part of a deploy
        try (Cloud cloud = Cloud.builder().generation(Generation.G2).start()) {
            SampleProject.write(project, cloud, cloud.tenants().get(0));
            String typed = "stty cols 104 rows 60; exec '" + Project.ROOT + "/justw' deploy --wait";
            String drawn = engine.serving(scripts.isolated(Command.of("script", "-qec", typed, "/dev/null")))
                    .in(project)
                    .run()
                    .succeeded()
                    .out();
            String svg = TerminalPicture.svg(List.of(new Typed("just deploy --wait", Screen.after(drawn, 104))));
            List<String> shown = TerminalPicture.lines(Files.readString(Project.ROOT.resolve("docs/deploy.svg")));
            assertEquals(Volatile.ours(shown), Volatile.ours(TerminalPicture.lines(svg)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"deploy.svg", "newcomer.svg"})
    void aPictureTellsNothingOfTheMachineItWasMadeOn(String picture) throws IOException {
        String svg = Files.readString(Project.ROOT.resolve("docs").resolve(picture));
        String shown = String.join("", TerminalPicture.lines(svg)); // a path may go on in the next row
        for (String telling : List.of("/tmp", "/home/", "/root", "/work", "/Users", "eyJ", "--justfile")) {
            assertFalse(shown.contains(telling), telling);
        }
        assertFalse(svg.contains("href"), "nothing is loaded from elsewhere");
    }

    @Test
    void theNewcomerTypesWhatEachHintSaysOnEightyColumns() throws IOException {
        List<String> shown = TerminalPicture.lines(Files.readString(Project.ROOT.resolve("docs/newcomer.svg")));
        assertTrue(shown.stream().allMatch(line -> line.length() <= 80), shown.toString());
        List<String> typed = new ArrayList<>();
        String hinted = "just deploy"; // what the README says first
        for (String line : shown) {
            if (line.startsWith("$ ")) {
                assertEquals("$ " + hinted, line);
                typed.add(line.substring(2));
            }
            Matcher hint = Pattern.compile("(?:Next: |Run ')(just [a-z]+)").matcher(line);
            if (hint.find()) hinted = hint.group(1);
        }
        assertEquals(List.of("just deploy", "just login", "just tenant", "just deploy"), typed);
        assertTrue(shown.get(shown.size() - 1).startsWith("http"), "it ends deployed, with its address");
    }

    @Test
    void aLineThatWasDrawnOverShowsItsLastState() {
        Screen screen = Screen.after(
                "\r\u001b[K⠋ Pushing\r\u001b[K\u001b[32m✓\u001b[0m Pushed\r\none\r\n\u001b[1A\u001b[2K\rtwo\r\n", 80);
        assertEquals(List.of("✓ Pushed", "two"), screen.lines());
        assertEquals(new Screen.Span(0, "✓", 32), screen.spans().get(0).get(0));
    }

    @Test
    void aLineThatIsLongerThanTheTerminalGoesOnInTheNextRow() {
        assertEquals(List.of("abcd", "ef"), Screen.after("abcdef", 4).lines());
    }

    @Test
    void aPictureHoldsEveryWordAndKeepsColumns() {
        String svg = TerminalPicture.svg(List.of(
                new Typed("deploy <all> & wait", Screen.after("a    b\r\n  \u001b[36m→\u001b[0m x<y\r\n", 80)),
                new Typed("login", Screen.after("c\r\n", 80))));
        assertEquals(List.of("$ deploy <all> & wait", "a    b", "  → x<y", "$ login", "c"), TerminalPicture.lines(svg));
        assertTrue(svg.contains("class=\"cyan\""), svg);
    }

    @Test
    void twoRunsThatDidTheSameReadTheSame() {
        assertEquals(
                Volatile.plain("✓ Image pushed  0.3 s  127.0.0.1:39429/sp-demo:deployment-01M87VW40N0S30TQ7JS14KQAPD"),
                Volatile.plain("✓ Image pushed  12.4 s  127.0.0.1:5000/sp-demo:deployment-01M87VW40N0S30TQ7JS14KQAPX"));
        assertFalse(Volatile.plain("✓ Image built  1.1 s").equals(Volatile.plain("✗ Image built  1.1 s")));
    }
}
