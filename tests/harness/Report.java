package harness;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** What people read of a test run: a line a class, each failure with its promise, each skip with its reason, the sum. */
public final class Report implements TestExecutionListener {
    private final PrintStream out;
    private final Map<String, Long> started = new HashMap<>();
    private final List<String> failures = new ArrayList<>();
    private TestPlan plan;
    private int passed;
    private int failed;
    private int skipped;

    public Report(PrintStream out) {
        this.out = out;
    }

    @Override
    public void testPlanExecutionStarted(TestPlan testPlan) {
        plan = testPlan;
    }

    @Override
    public synchronized void executionStarted(TestIdentifier test) {
        started.put(test.getUniqueId(), System.nanoTime());
    }

    @Override
    public synchronized void executionSkipped(TestIdentifier test, String reason) {
        skip(test, reason);
    }

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        switch (result.getStatus()) {
            case SUCCESSFUL -> passed += test.isTest() ? 1 : 0;
            case ABORTED ->
                skip(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
            case FAILED -> fail(test, result.getThrowable());
        }
        if (isTopClass(test)) {
            double seconds = (System.nanoTime() - started.get(test.getUniqueId())) / 1e9;
            out.printf("%7.2f s  %s%n", seconds, nameOf(test));
        }
    }

    /** A skipped container counts with every test in it. */
    private void skip(TestIdentifier test, String reason) {
        long inside = plan.getDescendants(test).stream()
                .filter(TestIdentifier::isTest)
                .count();
        skipped += (int) Math.max(1, inside);
        out.printf("   SKIPPED  %s: %s%n", nameOf(test), reason);
    }

    private void fail(TestIdentifier test, Optional<Throwable> cause) {
        failed++;
        String name = nameOf(test);
        failures.add(name);
        out.printf("%n    FAILED  %s%n", name);
        cause.ifPresent(thrown -> out.println(traceOf(thrown).indent(12)));
    }

    /** The stack down to the test method; below it stands only what called the test. */
    private static String traceOf(Throwable thrown) {
        StringBuilder text = new StringBuilder(thrown.toString());
        for (StackTraceElement frame : thrown.getStackTrace()) {
            if (frame.getClassName().startsWith("jdk.internal.reflect.")) break;
            if (!frame.getClassName().startsWith("org.junit."))
                text.append("\n    at ").append(frame);
        }
        if (thrown.getCause() != null) text.append("\ncaused by ").append(traceOf(thrown.getCause()));
        for (Throwable also : thrown.getSuppressed()) text.append("\nand also ").append(traceOf(also));
        return text.toString();
    }

    /** The class and the promise; of a parameterized test the case too. */
    private static String nameOf(TestIdentifier test) {
        Optional<TestSource> source = test.getSource();
        if (source.orElse(null) instanceof ClassSource of) return of.getClassName();
        if (source.orElse(null) instanceof MethodSource of) {
            String promise = of.getClassName() + "." + of.getMethodName();
            boolean plain = test.getDisplayName().startsWith(of.getMethodName() + "(");
            return plain ? promise : promise + " " + test.getDisplayName();
        }
        return test.getDisplayName();
    }

    private boolean isTopClass(TestIdentifier test) {
        return test.getSource().orElse(null) instanceof ClassSource
                && plan.getParent(test)
                        .filter(parent -> parent.getSource().isPresent())
                        .isEmpty();
    }

    /**
     * Prints the sum, as the last line.
     *
     * @param strict whether a skipped test fails the run: in CI nothing is skipped
     * @return the exit code
     */
    public int conclude(boolean strict) {
        out.println();
        failures.forEach(name -> out.println("FAILED " + name));
        boolean none = passed + failed + skipped == 0;
        if (none) out.println("No test was found, which is a failure.");
        if (strict && skipped > 0) out.println("CI is set, and there nothing may be skipped.");
        out.printf("%d passed, %d failed, %d skipped%n", passed, failed, skipped);
        out.flush();
        return failed > 0 || none || (strict && skipped > 0) ? 1 : 0;
    }
}
