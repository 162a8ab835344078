//SOURCES Failure.java
//SOURCES Printable.java
//SOURCES Secret.java
package lib;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import lib.Failure.ErrorCode;

/** The variables, the working directory and the home folder of a run: arguments, so that tests can choose them. */
public record Environment(Map<String, String> variables, Path workingDirectory) {
    /** Variables that hold a secret of ours: no other program has a use for them, nor has the text of a file. */
    public static final Set<String> SECRETS = Set.of("SYSTEMPROMPT_API_TOKEN");

    public Environment {
        variables = Map.copyOf(variables);
        workingDirectory = workingDirectory.toAbsolutePath().normalize();
    }

    /**
     * What this process was started with. The secrets in it are masked from here on: a profile may name them.
     *
     * @throws Failure when Java cannot read the folder's name, as without a locale of UTF-8
     */
    public static Environment ofThisProcess() {
        Environment environment = new Environment(System.getenv(), workingFolder());
        SECRETS.forEach(name -> environment.variable(name).ifPresent(Secret::of));
        return environment;
    }

    // Not Path.of(""), which makes question marks of what cannot be read.
    private static Path workingFolder() {
        try {
            return Path.of(System.getProperty("user.dir"));
        } catch (InvalidPathException e) {
            throw new Failure(
                    ErrorCode.CONFIG,
                    "The name of this folder cannot be read in the locale that is set",
                    "Set one of UTF-8: export LC_ALL=C.UTF-8");
        }
    }

    /** The variable's value, without white space around it; an empty variable counts as unset. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).map(Printable::stripped).filter(value -> !value.isEmpty());
    }

    /** {@code HOME}, as the shell and Docker see it; the account's own home folder where it is unset. */
    public Path home() {
        return Path.of(
                variable("HOME").or(() -> variable("USERPROFILE")).orElseGet(() -> System.getProperty("user.home")));
    }

    /** A path as a person writes it. @throws Failure when no path can be called so */
    public Path path(String text, Path relativeTo) {
        try {
            if (text.equals("~")) return home();
            return (text.startsWith("~/") ? home().resolve(text.substring(2)) : relativeTo.resolve(text)).normalize();
        } catch (InvalidPathException e) {
            // Not quoted: a profile's path may hold the value of a variable.
            throw new Failure(
                    ErrorCode.CONFIG,
                    "Not a path: a character in it can be in no file's name here",
                    "Correct it, or choose a locale of UTF-8");
        }
    }

    /** Makes a child process, here alone: it inherits this process's environment, but none of our secrets. */
    public static ProcessBuilder childProcess(List<String> words) {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().keySet().removeAll(SECRETS);
        return builder;
    }

    @Override
    public String toString() {
        return "Environment[workingDirectory=" + workingDirectory + "]";
    }
}
