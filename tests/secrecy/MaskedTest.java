package secrecy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import harness.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import lib.Json;
import lib.Secret;
import org.junit.jupiter.api.Test;

/** No object of ours shows a secret when it is printed, whoever prints it. */
class MaskedTest {
    private static final String CANARY = "c4nary-in-a-record";
    private static final Set<String> SECRET_NAMES =
            Set.of("password", "token", "apitoken", "secret", "bearer", "authorization");

    /** What was asked to be deployed. */
    private static final Set<String> PUBLIC = Set.of("sandbox.RecordedRequest");

    @Test
    void aSecretIsNoStringInAnyFieldOfOurs() {
        List<String> plain = new ArrayList<>();
        for (Class<?> each : ours()) {
            for (Field field : each.getDeclaredFields()) {
                boolean constant = Modifier.isStatic(field.getModifiers()) && Modifier.isFinal(field.getModifiers());
                boolean text = field.getType() == String.class
                        || field.getGenericType().getTypeName().contains("java.lang.String");
                if (!constant && text && SECRET_NAMES.contains(field.getName().toLowerCase(Locale.ROOT)))
                    plain.add(field.toString());
            }
        }
        assertEquals(List.of(), plain);
    }

    @Test
    void everyRecordThatHoldsASecretMasksIt() throws Exception {
        List<String> printing = new ArrayList<>();
        List<String> tried = new ArrayList<>();
        for (Class<?> each : ours()) {
            if (!each.isRecord()
                    || PUBLIC.contains(each.getName())
                    || Arrays.stream(each.getRecordComponents()).noneMatch(MaskedTest::mayHoldASecret)) continue;
            String printed = full(each).toString();
            tried.add(each.getName());
            if (printed.contains(CANARY)) printing.add(each.getName() + ".toString");
        }
        assertEquals(List.of(), printing);
        assertTrue(
                tried.containsAll(List.of(
                        "lib.api.RegistryToken",
                        "lib.project.ApiCredentials",
                        "lib.Secret$Credential",
                        "lib.docker.Command",
                        "lib.api.Account",
                        "lib.api.ApiCall$ApiResponse",
                        "lib.Environment",
                        "sandbox.RegistryCredential")),
                tried.toString());
    }

    @Test
    void aSecretIsMaskedInTextAndInAnException() {
        Secret secret = Secret.of(CANARY);
        assertEquals("****", "" + secret);
        assertFalse(String.valueOf(new IllegalStateException("" + secret, new RuntimeException(secret.toString())))
                .contains(CANARY));
        assertFalse(Map.of("a", List.of(Optional.of(secret))).toString().contains(CANARY));
    }

    // A secret itself, or what comes from a server or the system whole.
    private static boolean mayHoldASecret(RecordComponent component) {
        String type = component.getGenericType().getTypeName();
        return type.contains("lib.Secret")
                || type.contains("JsonNode")
                || component.getName().matches("body|environment|variables");
    }

    /** The record with the canary in each component that may hold a secret. */
    private static Object full(Class<?> record) throws Exception {
        RecordComponent[] components = record.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Constructor<?> constructor = record.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor.newInstance(
                Arrays.stream(components).map(MaskedTest::value).toArray());
    }

    private static Object value(RecordComponent component) {
        try {
            return component.getType().isRecord() ? full(component.getType()) : plain(component);
        } catch (Exception e) {
            return null;
        }
    }

    private static Object plain(RecordComponent component) {
        Class<?> type = component.getType();
        String generic = component.getGenericType().getTypeName();
        JsonNode json = Json.object().put("database_url", CANARY);
        if (type == Secret.class) return Secret.of(CANARY);
        if (type == JsonNode.class) return json;
        if (type == Optional.class && generic.contains("lib.Secret")) return Optional.of(Secret.of(CANARY));
        if (type == Optional.class && component.getName().equals("body") && generic.contains("String"))
            return Optional.of(CANARY);
        if (type == Optional.class) return Optional.empty();
        if (type == List.class) return generic.contains("JsonNode") ? List.of(json) : List.of();
        if (type == Map.class) return Map.of("NAME", generic.contains("lib.Secret") ? Secret.of(CANARY) : CANARY);
        if (type == Set.class) return Set.of();
        if (type == String.class) return component.getName().equals("body") ? CANARY : "x";
        if (type == URI.class) return URI.create("https://api.example.com");
        if (type == Path.class) return Path.of("x");
        if (type == Duration.class) return Duration.ZERO;
        if (type == Instant.class) return Instant.EPOCH;
        if (type == OptionalInt.class) return OptionalInt.empty();
        if (type == boolean.class) return false;
        if (type == int.class) return 0;
        if (type == long.class) return 0L;
        return null;
    }

    /** Every class of a package of ours, with those inside it; scripts and package descriptions are in none. */
    private static List<Class<?>> ours() {
        List<Class<?>> classes = new ArrayList<>();
        try (Stream<Path> files =
                Stream.of("lib", "sandbox").map(Project.ROOT::resolve).flatMap(MaskedTest::walk)) {
            for (Path file : files.filter(MaskedTest::isClass).toList()) {
                String name = Project.ROOT.relativize(file).toString().replace('/', '.');
                withNested(
                        Class.forName(name.replaceFirst("\\.java$", ""), false, MaskedTest.class.getClassLoader()),
                        classes);
            }
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
        return classes;
    }

    private static boolean isClass(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".java") && Character.isUpperCase(name.charAt(0));
    }

    private static void withNested(Class<?> type, List<Class<?>> classes) {
        classes.add(type);
        for (Class<?> nested : type.getDeclaredClasses()) withNested(nested, classes);
    }

    private static Stream<Path> walk(Path folder) {
        try {
            return Files.walk(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
