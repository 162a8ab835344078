//SOURCES Failure.java
package lib;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import lib.Failure.ErrorCode;
import lib.Failure.Finding;

/** Collects what checks find, in the order in which a person puts it right. */
public final class Findings {
    private final List<Finding> all = new ArrayList<>();

    /** What is checked. */
    @FunctionalInterface
    public interface Check<T> {
        T run() throws InterruptedException;
    }

    /**
     * Runs a check; its success is a finding, and so is its failure.
     *
     * @param name what is checked, a word
     * @return what the check found; empty when it failed
     */
    public <T> Optional<T> check(String name, Check<T> check, Function<T, String> detail) throws InterruptedException {
        try {
            T value = check.run();
            add(Finding.ok(name, detail.apply(value)));
            return Optional.of(value);
        } catch (Failure failure) {
            add(Finding.of(name, failure));
            return Optional.empty();
        }
    }

    public void add(Finding finding) {
        all.add(finding);
    }

    /** Adds those that are not there yet. */
    public void addAll(Findings others) {
        others.all.stream()
                .filter(finding -> all.stream().noneMatch(finding::saysAs))
                .forEach(all::add);
    }

    public List<Finding> all() {
        return List.copyOf(all);
    }

    public void tellWarnings(Consumer<String> warn) {
        all.stream().filter(Finding::isWarning).map(Finding::message).forEach(warn);
    }

    /**
     * The worst code: the highest exit code. So what is to be put right on this machine (78) comes before who one is (77),
     * and that before what has to be waited for (69).
     */
    public Optional<ErrorCode> worst() {
        return all.stream()
                .flatMap(finding -> finding.code().stream())
                .max(Comparator.comparingInt(ErrorCode::exitCode));
    }

    /** @throws Failure when a check failed */
    public void requireNoFailure() {
        failure().ifPresent(failure -> {
            throw failure;
        });
    }

    /** What it is that checks failed: a single failure in its own words, several as a list. */
    public Optional<Failure> failure() {
        List<Finding> failures = all.stream().filter(Finding::isFailure).toList();
        if (failures.isEmpty()) return Optional.empty();
        Finding only = failures.get(0);
        Failure failure = failures.size() == 1
                ? new Failure(worst().orElseThrow(), only.message(), only.hint())
                : new Failure(
                        worst().orElseThrow(),
                        failures.size() + " problems found; nothing was changed",
                        "'just doctor' looks again");
        return Optional.of(failure.listing(failures));
    }
}
