package tenant;

import harness.Command;
import harness.Ran;
import harness.Scripts;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real script, with its output in pipes. */
class ColorTest {
    private static final String ESCAPE = "\u001b[";

    @TempDir
    Path home;

    @Test
    void aUsageErrorIsColouredAsTheOptionSays() {
        tenant("--nope", "--color", "always").run().exitedWith(2).errContains(ESCAPE);
        Ran ran = tenant("--color=never", "--nope", "--json")
                .env("FORCE_COLOR", "1")
                .run();
        ran.exitedWith(2).errLacks(ESCAPE).json();
        tenant("status", "--wait=x", "--color", "always").run().exitedWith(2).errContains(ESCAPE);
        tenant("--color", "sometimes")
                .run()
                .exitedWith(2)
                .errContains("sometimes")
                .errLacks(ESCAPE);
    }

    @Test
    void theVariablesForceColourAndTakeItAway() {
        tenant().run().exitedWith(2).errLacks(ESCAPE);
        tenant().env("FORCE_COLOR", "1").run().exitedWith(2).errContains(ESCAPE);
        tenant().env("CLICOLOR_FORCE", "1").run().exitedWith(2).errContains(ESCAPE);
        tenant().env("CLICOLOR_FORCE", "1")
                .env("NO_COLOR", "1")
                .run()
                .exitedWith(2)
                .errLacks(ESCAPE);
        tenant("--color", "never").env("FORCE_COLOR", "1").run().exitedWith(2).errLacks(ESCAPE);
    }

    @Test
    void theHelpIsColouredInTheSameWay() {
        tenant("--help").run().succeeded().outContains("Usage").outLacks(ESCAPE);
        tenant("--help").env("FORCE_COLOR", "1").run().succeeded().outContains(ESCAPE);
        tenant("list", "--help", "--color", "always").run().succeeded().outContains(ESCAPE);
        tenant("--help", "--color", "never")
                .env("CLICOLOR_FORCE", "1")
                .run()
                .succeeded()
                .outLacks(ESCAPE);
    }

    private Command tenant(String... arguments) {
        return new Scripts(home).jbang("tenant.java", arguments);
    }
}
