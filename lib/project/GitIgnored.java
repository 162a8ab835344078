//SOURCES ../Environment.java
package lib.project;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lib.Environment;

/** Whether git would take a private file along with the project; without git, or outside a repository, it would not. */
record GitIgnored(Path root) {
    private static final int TIME_LIMIT_SECONDS = 5;

    /** What a person must do so that it does not, a sentence each. */
    List<String> complaints(Path file) {
        List<String> complaints = new ArrayList<>();
        try {
            String path = root.relativize(file).toString();
            // A file that is tracked counts as not ignored, whatever the rules say.
            if (git("check-ignore", "--quiet", "--", path) != 1) return complaints;
            boolean tracked = git("ls-files", "--error-unmatch", "--", path) == 0;
            if (tracked) {
                complaints.add(file + " is tracked by git. Run 'git rm --cached " + path
                        + "' and commit; what was committed before stays in the history, so log in anew");
            }
            if (!tracked || git("check-ignore", "--quiet", "--no-index", "--", path) == 1) {
                complaints.add(file + " is not ignored by git. Add the line '*" + file.getFileName() + "*' to "
                        + file.resolveSibling(".gitignore"));
            }
        } catch (IOException e) {
            // No git here.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return complaints;
    }

    private int git(String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("git", "-c", "core.fsmonitor=false"));
        words.addAll(List.of(arguments));
        ProcessBuilder git = Environment.childProcess(words)
                .directory(root.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        // It is the repository around the project that counts, not one that a variable names.
        git.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        Process process = git.start();
        process.getOutputStream().close();
        try {
            return process.waitFor(TIME_LIMIT_SECONDS, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } finally {
            process.destroy();
        }
    }
}
