//SOURCES ../Failure.java
//SOURCES ../cli/Console.java
//SOURCES ../cli/Prompt.java
package lib.login;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.cli.Console;
import lib.cli.Prompt.Choice;

/** Who says that a person is who they are; the names are segments of the API's path. */
public enum Provider {
    github("GitHub"),
    google("Google");

    private final String label;

    Provider(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /**
     * The given one, else the one that a person chooses.
     *
     * @throws Failure {@code usage} when there is nobody to be asked, or the person leaves
     */
    static Provider choose(Optional<Provider> given, Console console) {
        if (given.isPresent()) return given.get();
        if (!console.isInteractive()) {
            throw new Failure(
                    ErrorCode.USAGE,
                    "Nobody can be asked here how to log in; nothing was saved",
                    "Pipe a token in: just login --token-stdin < FILE; or name a --provider and open the URL in a"
                            + " browser");
        }
        List<Choice> choices = Stream.of(values())
                .map(provider -> new Choice(provider.label, provider.name(), provider.label))
                .toList();
        return console.choose("Select authentication provider", choices)
                .map(number -> values()[number])
                .orElseThrow(() -> new Failure(
                        ErrorCode.USAGE, "No provider was chosen; nothing was saved", "Name one with --provider"));
    }
}
