//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ../cli/Console.java
//SOURCES ../cli/Result.java
package lib.preflight;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Failure.Finding;
import lib.Json;
import lib.Printable;
import lib.cli.Console;
import lib.cli.Result;

/** All that a row of checks found, in the order in which a person puts it right. */
public record Findings(List<Finding> all) {
    public Findings {
        all = List.copyOf(all);
    }

    public Findings and(List<Finding> more) {
        List<Finding> both = new ArrayList<>(all);
        both.addAll(more);
        return new Findings(both);
    }

    public List<Finding> failures() {
        return all.stream().filter(Finding::isFailure).toList();
    }

    public void tellWarnings(Console console) {
        all.stream().filter(Finding::isWarning).forEach(finding -> console.warn(finding.message()));
    }

    /**
     * The worst code: the highest exit code. So what is to be put right on this machine (78) comes before who one is (77),
     * and that before what has to be waited for (69).
     */
    public Optional<ErrorCode> worst() {
        return failures().stream()
                .flatMap(finding -> finding.code().stream())
                .max(Comparator.comparingInt(ErrorCode::exitCode));
    }

    /** What ends a run: a single failure in its own words, several as a list. Empty when nothing fails. */
    public Optional<Failure> failure() {
        List<Finding> failures = failures();
        if (failures.isEmpty()) return Optional.empty();
        Finding only = failures.get(0);
        Failure failure = failures.size() == 1
                ? new Failure(worst().orElseThrow(), only.message(), only.hint())
                : new Failure(
                        worst().orElseThrow(),
                        failures.size() + " things stand in the way; nothing was done",
                        "'just doctor' looks again");
        return Optional.of(failure.listing(failures));
    }

    /** What {@code doctor} answers: a line a check, and the exit code of the worst. */
    public Result answer() {
        int exitCode = worst().map(ErrorCode::exitCode).orElse(0);
        ObjectNode json = Json.object();
        ArrayNode checks = json.putArray("checks");
        all.forEach(finding -> checks.add(finding.json()));
        return new Result(table(), json.put("exit_code", exitCode), exitCode);
    }

    private String table() {
        StringBuilder table = new StringBuilder();
        for (Finding finding : all) {
            String mark = finding.state().mark();
            table.append(
                    String.format(Locale.ROOT, "%s %-13s%s%n", mark, finding.check(), Printable.of(finding.message())));
            if (!finding.hint().isEmpty()) table.append(String.format("%15s→ %s%n", "", Printable.of(finding.hint())));
        }
        return table.toString().stripTrailing();
    }
}
