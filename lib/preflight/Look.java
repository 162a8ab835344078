//SOURCES ../Failure.java
//SOURCES ../cli/Run.java
package lib.preflight;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import lib.Failure;
import lib.Failure.Finding;
import lib.cli.Run;

/**
 * What came of one check.
 *
 * @param value what was looked for; empty where a finding says why, or where it could not be looked for
 */
record Look<T>(Optional<T> value, List<Finding> findings) {
    Look {
        findings = List.copyOf(findings);
    }

    /** Nothing was looked for. */
    static <T> Look<T> none() {
        return new Look<>(Optional.empty(), List.of());
    }

    /** Does a check: a failure of it is a finding, and its success too. */
    static <T> Look<T> at(String check, Run.Work<T> work, Function<T, String> detail) throws InterruptedException {
        try {
            T value = work.get();
            return new Look<>(Optional.of(value), List.of(Finding.ok(check, detail.apply(value))));
        } catch (Failure failure) {
            return new Look<>(Optional.empty(), List.of(Finding.of(check, failure)));
        }
    }

    /** The same value, and what else was found. */
    Look<T> and(List<Finding> more) {
        List<Finding> both = new ArrayList<>(findings);
        both.addAll(more);
        return new Look<>(value, both);
    }
}
