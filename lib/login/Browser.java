package lib.login;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import lib.ChildProcess;
import lib.project.Environment;

/** Opens a person's browser: {@code BROWSER} where it is set, else what the system has for that. */
record Browser(Environment environment, String system) {
    // A program that shows a page may run on for as long as it is open.
    private static final long PATIENCE_SECONDS = 3;

    static Browser ofThisMachine(Environment environment) {
        return new Browser(environment, System.getProperty("os.name", "").toLowerCase(Locale.ROOT));
    }

    /** @return whether a browser was started */
    boolean open(URI url) throws InterruptedException {
        for (List<String> command : commands(url.toString())) {
            if (starts(command)) return true;
        }
        return false;
    }

    /** The commands to try, in their order; none where there is no screen. */
    List<List<String>> commands(String url) {
        if (environment.variable("BROWSER").isPresent()) {
            String separator = system.startsWith("windows") ? ";" : ":";
            return Stream.of(environment.variable("BROWSER").get().split(separator))
                    .filter(command -> !command.isBlank())
                    .map(command -> withUrl(command.strip(), url))
                    .toList();
        }
        if (system.startsWith("windows")) return List.of(List.of("rundll32", "url.dll,FileProtocolHandler", url));
        if (system.startsWith("mac")) return List.of(List.of("open", url));
        boolean screen = Stream.of("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")
                .anyMatch(name -> environment.variable(name).isPresent());
        return screen ? List.of(List.of("xdg-open", url), List.of("wslview", url)) : List.of();
    }

    // As xdg-open reads it: %s is the address, which else comes last; no shell takes part.
    private static List<String> withUrl(String command, String url) {
        List<String> words = new ArrayList<>(List.of(command.split("\\s+")));
        if (command.contains("%s")) words.replaceAll(word -> word.replace("%s", url));
        else words.add(url);
        return words;
    }

    private static boolean starts(List<String> command) throws InterruptedException {
        try {
            Process process = ChildProcess.of(command)
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            return !process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
