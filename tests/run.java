///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//MAIN run
//DESCRIPTION Runs the tests; a word limits them to the classes whose name holds it
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//DEPS org.junit.platform:junit-platform-launcher:6.1.3
//SOURCES **.java
//SOURCES ../lib/**.java
//SOURCES ../sandbox/**.java
//SOURCES ../*.java

import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClasspathRoots;

import harness.Report;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import lib.Http;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class run {
    public static void main(String... words) throws URISyntaxException {
        Http.open(); // The JDK reads its settings of all clients at the first one: that one is as in the scripts.
        Path classes = Path.of(
                run.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClasspathRoots(Set.of(classes)))
                .filters(includeClassNamePatterns(wanted(words)))
                // Two classes at a time: most wait for a process, a registry or a clock. What needs the JVM alone is
                // @Isolated.
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.config.executor-service", "FORK_JOIN_POOL")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "same_thread")
                .configurationParameter("junit.jupiter.execution.parallel.mode.classes.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "2")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.max-pool-size", "2")
                .configurationParameter("junit.jupiter.execution.timeout.default", "120 s")
                .configurationParameter("junit.jupiter.execution.timeout.mode", "disabled_on_debug")
                .build();
        Report report = new Report(System.out);
        LauncherFactory.create().execute(request, report);
        System.exit(report.conclude(System.getenv("CI") != null));
    }

    private static String[] wanted(String... words) {
        if (words.length == 0) return new String[] {".*Test"};
        return Arrays.stream(words)
                .map(word -> ".*" + Pattern.quote(word) + ".*")
                .toArray(String[]::new);
    }
}
