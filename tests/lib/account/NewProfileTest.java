package lib.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.Environment;
import lib.Failure;
import lib.project.BuildContext;
import lib.project.BuildContext.ImageBuilder;
import lib.project.BuildContext.PrivateFiles;
import lib.project.Dockerfile;
import lib.project.Profile;
import lib.project.Project;
import lib.project.Tenant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewProfileTest {
    private static final TenantList.Entry TENANT = new TenantList.Entry(
            new Tenant.Id("ten_1"), "one", false, Optional.of("one.example.com"), Optional.empty(), Optional.empty());

    @TempDir
    Path root;

    @Test
    void isACloudProfileOfTheCurrentGenerationAndDeploysToItsTenant() throws Exception {
        assertEquals(4, starter("prod").create().size());
        Path file = project().profiles().resolve("prod/profile.yaml");
        Profile profile = Profile.read(file, environment());
        assertEquals(new Tenant.Id("ten_1"), profile.deployableTenant());
        String text = Files.readString(file);
        assertTrue(text.contains("target: cloud") && text.contains("https://one.example.com"), text);
        assertFalse(text.contains("enabled"), text);
        assertFalse(text.contains("@"), text);
        Path dockerfile = Dockerfile.find(Optional.empty(), profile, project(), environment());
        assertEquals(project().profiles().resolve("prod/docker/Dockerfile"), dockerfile);
    }

    @Test
    void keepsSecretsOutOfTheBuildContext() throws Exception {
        starter("prod").create();
        Path file = project().profiles().resolve("prod/profile.yaml");
        Path dockerfile = project().profiles().resolve("prod/docker/Dockerfile");
        Profile profile = Profile.read(file, environment());
        for (ImageBuilder builder : ImageBuilder.values()) {
            BuildContext context = BuildContext.of(root, dockerfile, builder);
            for (PrivateFiles secret : List.of(
                    PrivateFiles.credentials(project(), profile, environment()),
                    PrivateFiles.secrets(project(), profile, environment())))
                assertEquals(List.of(), secret.lacking(context), builder.toString());
            assertTrue(context.ignoring(".env.production").isPresent(), builder.toString());
        }
    }

    @Test
    void anIgnoreFileOfTheProjectsOwnStaysAsItIs() throws Exception {
        Path own = Files.writeString(root.resolve(".dockerignore"), "mine\n");
        assertFalse(starter("prod").create().contains(own));
        assertEquals("mine\n", Files.readString(own));
    }

    @Test
    void theIgnoreFileOfTheRootKeepsOutSecretsAndNothingElse() throws Exception {
        starter("prod").create();
        BuildContext context = BuildContext.of(root, root.resolve("Dockerfile"), ImageBuilder.CLASSIC);
        for (String path : List.of(
                "target/debug/a", "docs/a.md", ".git/HEAD", "a.log", ".systemprompt/profiles/prod/profile.yaml"))
            assertEquals(Optional.empty(), context.ignoring(path), path);
    }

    @Test
    void holdsTheBinaryWhereThereIsOneToHold() throws Exception {
        Files.writeString(root.resolve("Cargo.toml"), "");
        starter("prod").create();
        assertTrue(Files.readString(project().profiles().resolve("prod/docker/Dockerfile"))
                .contains("COPY target/release/systemprompt /app/bin/systemprompt"));
    }

    @Test
    void overwritesNothingAndWritesNothingThen() throws Exception {
        Path dockerfile = project().profiles().resolve("prod/docker/Dockerfile");
        Files.createDirectories(dockerfile.getParent());
        Files.writeString(dockerfile, "FROM mine\n");
        Failure failure = assertThrows(Failure.class, () -> starter("prod").create());
        assertEquals(78, failure.code().exitCode());
        assertEquals("FROM mine\n", Files.readString(dockerfile));
        assertFalse(Files.exists(project().profiles().resolve("prod/profile.yaml")));
    }

    @Test
    void aProjectsOwnDockerfileIsNotHiddenByAnother() throws Exception {
        Files.createDirectories(project().folder());
        Files.writeString(project().folder().resolve("Dockerfile"), "FROM mine\n");
        assertEquals(
                List.of(root.resolve(".dockerignore"), project().profiles().resolve("prod/profile.yaml")),
                starter("prod").create());
    }

    @Test
    void theDockerfileThatADeployFindsIsNamedInTheProfile() throws Exception {
        Path file = project().profiles().resolve("prod/profile.yaml");
        for (Path own : List.of(
                project().profiles().resolve("prod/docker/Dockerfile"),
                root.resolve("Dockerfile"),
                project().folder().resolve("Dockerfile"))) {
            Files.deleteIfExists(file);
            Files.deleteIfExists(project().profiles().resolve("prod/docker/Dockerfile"));
            Files.deleteIfExists(project().profiles().resolve("prod/docker/Dockerfile.dockerignore"));
            if (!own.startsWith(file.getParent())) Files.writeString(own, "FROM mine\n");
            starter("prod").create();
            Profile profile = Profile.read(file, environment());
            assertEquals(own, Dockerfile.find(Optional.empty(), profile, project(), environment()));
            String named = Files.readString(file).replaceAll("(?s).*# The image is built from (\\S+)\\.\n.*", "$1");
            assertEquals(own, file.resolveSibling(named).normalize());
        }
    }

    @Test
    void aNameThatLeadsElsewhereIsRefused() {
        for (String name : List.of("..", "a/b", "", "-x", ".hidden"))
            assertThrows(Failure.class, () -> starter(name), name);
    }

    private NewProfile starter(String name) {
        return new NewProfile(project(), name, TENANT);
    }

    private Project project() {
        return new Project(root);
    }

    private Environment environment() {
        return new Environment(Map.of(), root);
    }
}
