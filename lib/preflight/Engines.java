//SOURCES ../cli/Console.java
//SOURCES ../cli/Run.java
//SOURCES ../docker/Engine.java
//SOURCES ../docker/ProcessRunner.java
package lib.preflight;

import java.io.OutputStream;
import lib.cli.Console;
import lib.cli.Run;
import lib.docker.Engine;
import lib.docker.ProcessRunner;

/** The engine that {@code docker} speaks to from here, with a run's console to draw on. */
public final class Engines {
    private Engines() {}

    public static Engine of(Run run) {
        return new Engine(new ProcessRunner(display(run.console(), true), run.console()::detail));
    }

    /** An engine of which several commands may show their progress at once: as lines, never drawn. */
    public static Engine ofMany(Run run) {
        return new Engine(new ProcessRunner(display(run.console(), false), run.console()::detail));
    }

    private static ProcessRunner.Display display(Console console, boolean alone) {
        return new ProcessRunner.Display() {
            @Override
            public boolean isTerminal() {
                return alone && console.isTerminal() && !console.isQuiet();
            }

            @Override
            public OutputStream show() {
                return console.showChild();
            }
        };
    }
}
