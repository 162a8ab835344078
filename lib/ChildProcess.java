package lib;

import java.util.List;
import java.util.Set;

/** The one place that makes a child process: it inherits this process's environment, but none of our secrets. */
public final class ChildProcess {
    /** Variables that hold a secret of ours: no other program has a use for them, nor has the text of a file. */
    public static final Set<String> SECRETS = Set.of("SYSTEMPROMPT_API_TOKEN");

    private ChildProcess() {}

    public static ProcessBuilder of(List<String> words) {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().keySet().removeAll(SECRETS);
        return builder;
    }
}
