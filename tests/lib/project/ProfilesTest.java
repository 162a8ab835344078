package lib.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.project.Project.Profiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfilesTest {
    private static final String CLOUD = "target: cloud\ncloud: {tenant_id: ten_demo}\n";
    private static final String LOCAL = "target: local\n";

    @TempDir
    Path root;

    private final Map<String, String> variables = new HashMap<>();

    @BeforeEach
    void makeProject() throws IOException {
        Files.createDirectories(root.resolve(".systemprompt/profiles"));
    }

    @Test
    void theOptionBeatsTheVariableAndTheVariableBeatsTheOnlyOne() throws IOException {
        profile("a", CLOUD);
        profile("b", CLOUD);
        variables.put("SYSTEMPROMPT_PROFILE", "b");
        assertEquals("a", choose(Optional.of("a")));
        assertEquals("b", choose(Optional.empty()));
    }

    @Test
    void anEmptyVariableCountsAsUnset() throws IOException {
        profile("only", CLOUD);
        variables.put("SYSTEMPROMPT_PROFILE", "");
        assertEquals("only", choose(Optional.empty()));
    }

    @Test
    void theOnlyCloudProfileIsChosenAmongLocalAndBrokenOnes() throws IOException {
        profile("local", LOCAL);
        profile("broken", "[");
        profile("prod", CLOUD);
        assertEquals("prod", choose(Optional.empty()));
    }

    @Test
    void severalWithoutAnybodyToAskNameTheFlag() throws IOException {
        profile("a", CLOUD);
        profile("b", CLOUD);
        Failure failure = assertThrows(Failure.class, () -> choose(Optional.empty()));
        assertEquals(ErrorCode.CONFIG, failure.code());
        assertTrue(failure.getMessage().contains("a, b"), failure.getMessage());
        assertTrue(failure.hint().contains("--profile"), failure.hint());
    }

    /** As a file system keeps it that takes accents apart, and as a keyboard types it. */
    @Test
    void aProfileIsFoundByANameThatLooksTheSame() throws IOException {
        profile("cafe\u0301", CLOUD);
        assertEquals("cafe\u0301", choose(Optional.of("caf\u00e9")));
    }

    @Test
    void aCloneWithoutAProfileIsToldToCommitOne() {
        variables.put("SYSTEMPROMPT_API_TOKEN", "from-the-secret-store");
        for (Optional<String> given : List.of(Optional.<String>empty(), Optional.of("prod"))) {
            Failure none = assertThrows(Failure.class, () -> choose(given));
            assertTrue(none.hint().contains("commit .systemprompt/"), none.hint());
        }
        Environment elsewhere = new Environment(variables, root.getRoot());
        Failure none = assertThrows(Failure.class, () -> Project.find(Optional.empty(), elsewhere));
        assertTrue(none.hint().contains("commit .systemprompt/"), none.hint());
    }

    @ParameterizedTest
    @ValueSource(strings = {"profile.yml", "Profile.yaml", "PROFILE.YML"})
    void aProfileOfAnotherSpellingIsToldToBeRenamed(String spelling) throws IOException {
        Path file = profile("prod", CLOUD);
        Path other = Files.move(file, file.resolveSibling(spelling));
        String hint = "Rename " + other + " to profile.yaml";
        assertEquals(
                hint,
                assertThrows(Failure.class, () -> choose(Optional.empty())).hint());
        profile("other", CLOUD);
        assertEquals(
                hint,
                assertThrows(Failure.class, () -> choose(Optional.of("prod"))).hint());
    }

    @Test
    void aFileAFolderAndANameAllMeanTheProfile() throws IOException {
        Path file = profile("prod", CLOUD);
        profile("other", CLOUD);
        for (String given :
                new String[] {"prod", file.toString(), file.getParent().toString(), "./.systemprompt/profiles/prod"}) {
            assertEquals("prod", choose(Optional.of(given)), given);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../prod", "/prod", "a/../../prod", "nope", "--config=x", "x\ny"})
    void whatIsNoNameIsNeverLookedUpUnderTheProfiles(String given) throws IOException {
        profile("prod", CLOUD);
        Failure failure = assertThrows(Failure.class, () -> choose(Optional.of(given)));
        assertTrue(failure.getMessage().startsWith("Profile not found"), failure.getMessage());
        assertTrue(failure.getMessage().chars().noneMatch(Character::isISOControl));
    }

    private Path profile(String name, String yaml) throws IOException {
        Path file = root.resolve(".systemprompt/profiles").resolve(name).resolve("profile.yaml");
        Files.createDirectories(file.getParent());
        return Files.writeString(file, yaml);
    }

    private String choose(Optional<String> given) {
        return new Profiles(new Project(root), new Environment(variables, root))
                .choose(given, among -> Optional.empty())
                .name();
    }
}
