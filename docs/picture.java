///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//MAIN picture
//DESCRIPTION Draws what a program wrote to its terminal as an SVG; `just pictures` runs it.
//COMPILE_OPTIONS -encoding UTF-8
//SOURCES ../tests/harness/Screen.java
//SOURCES TerminalPicture.java
//SOURCES Volatile.java

import docs.TerminalPicture;
import docs.Volatile;
import harness.Screen;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class picture {
    public static void main(String... arguments) throws IOException {
        if (arguments.length != 3) {
            System.err.println("picture COLUMNS COMMAND FILE.svg <WHAT-IT-WROTE");
            System.exit(2);
        }
        String drawn = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        String svg = TerminalPicture.svg(arguments[1], Screen.after(drawn, Integer.parseInt(arguments[0])));
        Path file = Path.of(arguments[2]);
        boolean same = Files.exists(file) && plain(Files.readString(file)).equals(plain(svg));
        // A picture that says the same with other times and ports is no change worth a commit.
        if (!same) Files.writeString(file, svg);
        System.err.println(file + (same ? " shows what a run prints, and stays" : " drawn"));
    }

    private static List<String> plain(String svg) {
        return TerminalPicture.lines(svg).stream().map(Volatile::plain).toList();
    }
}
