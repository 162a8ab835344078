//SOURCES Environment.java
package lib;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the user called this script, so that a hint names the next command as it can be typed in the same place.
 *
 * <p>Hints are written for the recipes of the justfile, such as {@code Run 'just login'}. That is what they stay where
 * nothing else is known. {@code deploy.just} tells in variables which justfile, module or {@code justw} was called;
 * a script that JBang started looks for itself, as JBang tells a script nothing.
 */
public final class Invocation {
    /** What each recipe runs: a script and the words that follow it. */
    private static final Map<String, String> SCRIPTS = Map.of(
            "deploy", "deploy",
            "doctor", "deploy --check",
            "token", "registry_token",
            "push", "docker_push",
            "login", "login",
            "logout", "login logout",
            "whoami", "login whoami",
            "tenant", "tenant",
            "releases", "releases",
            "rollback", "releases rollback");

    private static final Pattern COMMAND =
            Pattern.compile("(?<![\\w./-])just (" + String.join("|", SCRIPTS.keySet()) + ")\\b");

    /** JBang's name for what it builds of a script. */
    private static final Pattern JBANG_JAR = Pattern.compile("(\\w+)\\.java\\.\\w+/\\1\\.jar");

    private static final int FOLDERS_DEEP = 2;

    private static final Invocation OF_THIS_PROCESS =
            new Invocation(System.getenv(), System.getProperty("java.class.path"), Path.of(""));

    private final Map<String, String> variables;
    private final String classPath;
    private final Path workingDirectory;

    Invocation(Map<String, String> variables, String classPath, Path workingDirectory) {
        this.variables = variables;
        this.classPath = classPath;
        this.workingDirectory = workingDirectory.toAbsolutePath();
    }

    /** A hint whose commands can be typed where the user is. */
    public static String typed(String hint) {
        return OF_THIS_PROCESS.rewritten(hint);
    }

    /** The recipe that runs a script or a subcommand of it, such as {@code login whoami}; else what it is called. */
    public static String recipe(String command) {
        String script = script(command);
        return recipeOf(command)
                .or(() -> recipeOf(script).map(recipe -> recipe + command.substring(script.length())))
                .orElse(command);
    }

    private static Optional<String> recipeOf(String command) {
        return SCRIPTS.entrySet().stream()
                .filter(each -> each.getValue().equals(command))
                .findFirst()
                .map(each -> "just " + each.getKey());
    }

    String rewritten(String hint) {
        if (!COMMAND.matcher(hint).find()) return hint;
        return COMMAND.matcher(hint).replaceAll(found -> Matcher.quoteReplacement(command(found.group(1))))
                + missing(hint);
    }

    private String command(String recipe) {
        return variable("SYSTEMPROMPT_JUSTW")
                .map(justw -> quoted(justw) + " " + recipe)
                .or(() -> variable("SYSTEMPROMPT_JUSTFILE").map(justfile -> just(Path.of(justfile), recipe)))
                .or(() -> running().map(script -> jbang(script, SCRIPTS.get(recipe))))
                .orElse("just " + recipe);
    }

    /** Of a script that others of its collection were not copied with: a word on those that the hint names. */
    private String missing(String hint) {
        if (variable("SYSTEMPROMPT_JUSTFILE").isPresent()) return "";
        Optional<Path> folder = running().flatMap(this::folder);
        if (folder.isEmpty()) return "";
        return COMMAND.matcher(hint)
                .results()
                .map(found -> script(SCRIPTS.get(found.group(1))) + ".java")
                .distinct()
                .filter(file -> !Files.exists(folder.get().resolve(file)))
                .map(file -> ". " + file + " was not copied yet: 'just vendor' does that")
                .collect(Collectors.joining());
    }

    /** The script of ours that JBang built and runs, if it does. */
    private Optional<String> running() {
        Matcher jar = JBANG_JAR.matcher(classPath);
        return jar.find() ? Optional.of(jar.group(1)).filter(SCRIPTS::containsValue) : Optional.empty();
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
    }

    private String just(Path justfile, String recipe) {
        String just = isFoundByItself(justfile) ? "just " : "just --justfile " + quoted(justfile.toString()) + " ";
        boolean isModule = !justfile.toString().equals(variables.get("SYSTEMPROMPT_MODULE"));
        return just + (isModule ? module(justfile, recipe) : "") + recipe;
    }

    /** Whether {@code just} takes this justfile here: it takes the nearest one upwards. */
    private boolean isFoundByItself(Path justfile) {
        for (Path folder = workingDirectory; folder != null; folder = folder.getParent()) {
            try (Stream<Path> files = Files.list(folder)) {
                Optional<Path> nearest = files.filter(
                                file -> file.getFileName().toString().matches("(?i)\\.?justfile"))
                        .findFirst();
                if (nearest.isPresent()) return Files.isSameFile(nearest.get(), justfile);
            } catch (IOException | UncheckedIOException e) {
                return false;
            }
        }
        return false;
    }

    /** The module's name, as in {@code cloud}. A recipe learns its file alone; just knows under which names it is there. */
    private String module(Path justfile, String recipe) {
        try {
            Process just = Environment.childProcess(
                            List.of(variables.get("SYSTEMPROMPT_JUST"), "--justfile", justfile.toString(), "--summary"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String recipes = new String(just.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Stream.of(recipes.strip().split("\\s+"))
                    .filter(path -> path.endsWith("::" + recipe))
                    .map(path -> path.substring(0, path.length() - recipe.length()))
                    .filter(module -> recipes.contains(module + "deploy") && recipes.contains(module + "whoami"))
                    .findFirst()
                    .map(module -> module.replace("::", " "))
                    .orElse("");
        } catch (IOException | RuntimeException e) {
            return "";
        }
    }

    private String jbang(String running, String command) {
        String script = script(command);
        String words = command.substring(script.length());
        return folder(running)
                .map(folder -> workingDirectory.relativize(folder.resolve(script + ".java")))
                .map(file -> launcher() + " " + quoted(file.toString()) + words)
                .orElse(command);
    }

    private static String script(String command) {
        return command.split(" ", 2)[0];
    }

    /** Where a script lies, in or near the folder where the user is and within the user's project. */
    private Optional<Path> folder(String script) {
        Path top = workingDirectory;
        while (top != null && !Files.exists(top.resolve(".systemprompt")) && !Files.exists(top.resolve(".git"))) {
            top = top.getParent();
        }
        Path last = top == null ? workingDirectory : top;
        return Stream.iterate(workingDirectory, folder -> folder != null && folder.startsWith(last), Path::getParent)
                .flatMap(folder -> folder(script, folder, FOLDERS_DEEP).stream())
                .findFirst();
    }

    private static Optional<Path> folder(String script, Path folder, int deep) {
        if (Files.exists(folder.resolve(script + ".java")) && Files.exists(folder.resolve("lib/Invocation.java"))) {
            return Optional.of(folder);
        }
        if (deep == 0) return Optional.empty();
        try (Stream<Path> below = Files.list(folder)) {
            return below.filter(each -> !each.getFileName().toString().startsWith("."))
                    .filter(Files::isDirectory)
                    .sorted()
                    .flatMap(each -> folder(script, each, deep - 1).stream())
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private String launcher() {
        Path launcher = Path.of(variables.getOrDefault("JBANG_LAUNCH_CMD", ""));
        List<String> found = List.of(variables.getOrDefault("PATH", "").split(":"));
        boolean isOnPath = launcher.getParent() == null
                || found.contains(launcher.getParent().toString());
        return isOnPath ? "jbang" : quoted(launcher.toString());
    }

    /** As a shell reads it, and inside a sentence's own quotes. */
    private static String quoted(String word) {
        return word.replaceAll("[^\\p{L}\\p{N}_./:@%+=,~-]", "\\\\$0");
    }
}
