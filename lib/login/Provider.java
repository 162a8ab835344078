package lib.login;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lib.cli.Console;

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

    /** The given one, else the one that a person chooses, else the usual one. Empty when the person leaves. */
    static Optional<Provider> choose(Optional<Provider> given, Console console) {
        if (given.isPresent()) return given;
        if (!console.isInteractive()) return Optional.of(github);
        List<String> labels = Stream.of(values()).map(Provider::label).toList();
        return console.choose("Select authentication provider", labels).map(number -> values()[number]);
    }
}
