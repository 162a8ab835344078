//SOURCES Command.java
//SOURCES Outcome.java
package lib.docker;

import java.io.IOException;

/** Runs commands. */
@FunctionalInterface
public interface CommandRunner {
    /**
     * @throws IOException when the program cannot be started
     * @throws InterruptedException after the command was stopped, when this thread was interrupted
     */
    Outcome run(Command command) throws IOException, InterruptedException;
}
