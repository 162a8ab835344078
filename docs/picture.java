///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//MAIN picture
//DESCRIPTION Draws what programs wrote to their terminals as one SVG; `just pictures` runs it.
//COMPILE_OPTIONS -encoding UTF-8
//SOURCES ../tests/harness/Screen.java
//SOURCES TerminalPicture.java
//SOURCES Volatile.java

import docs.TerminalPicture;
import docs.TerminalPicture.Typed;
import docs.Volatile;
import harness.Screen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class picture {
    public static void main(String... arguments) throws IOException {
        if (arguments.length < 4 || arguments.length % 2 != 0) {
            System.err.println("picture FILE.svg COLUMNS COMMAND RECORDING [COMMAND RECORDING]...");
            System.exit(2);
        }
        List<Typed> commands = new ArrayList<>();
        for (int i = 2; i < arguments.length; i += 2) {
            String drawn = Files.readString(Path.of(arguments[i + 1]));
            commands.add(new Typed(arguments[i], Screen.after(drawn, Integer.parseInt(arguments[1]))));
        }
        String svg = TerminalPicture.svg(commands);
        Path file = Path.of(arguments[0]);
        boolean same = Files.exists(file) && plain(Files.readString(file)).equals(plain(svg));
        // A picture that says the same with other times and ports is no change worth a commit.
        if (!same) Files.writeString(file, svg);
        System.err.println(file + (same ? " shows what a run prints, and stays" : " drawn"));
    }

    private static List<String> plain(String svg) {
        return TerminalPicture.lines(svg).stream().map(Volatile::plain).toList();
    }
}
