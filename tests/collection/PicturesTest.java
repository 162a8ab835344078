//SOURCES ../../docs/TerminalPicture.java
//SOURCES ../../docs/Volatile.java
package collection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import docs.TerminalPicture;
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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;
import sandbox.Generation;
import sandbox.SampleProject;

/** The README's picture of a terminal. */
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
            String svg = TerminalPicture.svg("just deploy --wait", Screen.after(drawn, 104));
            List<String> shown = TerminalPicture.lines(Files.readString(Project.ROOT.resolve("docs/deploy.svg")));
            assertEquals(Volatile.ours(shown), Volatile.ours(TerminalPicture.lines(svg)));
        }
    }

    @Test
    void thePictureTellsNothingOfTheMachineItWasMadeOn() throws IOException {
        String svg = Files.readString(Project.ROOT.resolve("docs/deploy.svg"));
        assertFalse(svg.contains("/tmp/") || svg.contains("/home/") || svg.contains("/root"), svg);
        assertFalse(svg.contains("href"), "nothing is loaded from elsewhere");
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
        String svg = TerminalPicture.svg(
                "deploy <all> & wait", Screen.after("a    b\r\n  \u001b[36m→\u001b[0m x<y\r\n", 80));
        assertEquals(List.of("$ deploy <all> & wait", "a    b", "  → x<y"), TerminalPicture.lines(svg));
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
