package tenant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import harness.Command;
import harness.Pty;
import harness.Ran;
import harness.Scripts;
import harness.TestProject;
import harness.Tool;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;
import sandbox.Tenant;

/** The real script in a project whose account has two tenants. */
class TenantTest {
    private static final String YAML = """
        # Ours; hands off
        name: prod   # the big one
        target: cloud

        server: { port:   8080 }
        cloud:
          # where it goes
          tenant_id: ten_demo   # until March
          validation: strict
        """;

    @TempDir
    Path home;

    @TempDir
    Path folder;

    private final Cloud cloud = Cloud.builder().startup(Duration.ofMillis(300)).start();
    private TestProject project;

    @BeforeEach
    void project() {
        cloud.put(Tenant.of("ten_two", "Second", "sp-second"));
        project = TestProject.in(folder, URI.create(cloud.apiUrl()))
                .token(cloud.operatorToken().reveal());
        project.profile("prod", YAML);
    }

    @AfterEach
    void close() {
        cloud.close();
    }

    @Test
    void useChangesOneLineOfACommentedProfile() throws Exception {
        tenant("use", "ten_two").run().succeeded().outEquals("ten_two").errContains("Next: just deploy");
        assertEquals(List.of("  tenant_id: ten_two   # until March"), changedLines());
    }

    @Test
    void useSaysHowAProfileIsCommittedThatGitIgnores() {
        project.file(".systemprompt/profiles/prod/secrets.json", "{}");
        Ran ran = tenant("use", "ten_two").run().succeeded();
        Matcher command = Pattern.compile("git add --force .*").matcher(ran.err());
        assertTrue(command.find(), ran.toString());
        String committed = Command.of("sh", "-ec", "git init -q; " + command.group() + "; git ls-files")
                .in(folder)
                .run()
                .succeeded()
                .out();
        assertEquals(".systemprompt/profiles/prod/profile.yaml\n", committed);
        project.file(".systemprompt/.gitignore", "credentials.json\n");
        tenant("use", "ten_demo").run().succeeded().errLacks("git add");
    }

    @Test
    void filesThatNobodyMeantEndInASentenceAndInJson() throws Exception {
        Path pipe = home.resolve("pipe");
        Command.of("mkfifo").with(pipe.toString()).run().succeeded();
        for (String yaml : List.of(
                "a: " + "[".repeat(20_000),
                YAML + "cloud: {tenant_id: ten_demo, credentials_path: " + pipe + "}\n",
                YAML + "cloud: {tenant_id: ten_demo, tenants_path: /dev/zero}\n")) {
            project.profile("prod", yaml);
            JsonNode json = tenant("status", "--json")
                    .run()
                    .exitedWith(78)
                    .errLacks("Exception")
                    .json();
            assertEquals("config", json.at("/error/code").asText());
        }
    }

    @Test
    void aDockerfileInTheRootNeedsNoNameAtADeploy() throws Exception {
        Files.delete(folder.resolve(".systemprompt/profiles/prod/profile.yaml"));
        Files.writeString(folder.resolve("Dockerfile"), "FROM scratch\n");
        tenant("use", "ten_two")
                .run()
                .succeeded()
                .errContains("Next: just deploy\n")
                .errLacks("--dockerfile");
    }

    @Test
    void usePutsATenantWhereAPlaceToFillInStands() throws Exception {
        for (String place : List.of("<your-tenant-id>", "${TENANT_OF_NOBODY}", "[a, b]", "YOUR TENANT")) {
            project.profile("prod", "name: prod # mine\ncloud:\n  tenant_id: " + place + "\n  enabled: true\n");
            tenant("status").run().exitedWith(78).errContains("no tenant id").errContains("just tenant");
            tenant("use", "ten_two").run().succeeded();
            assertEquals(
                    "name: prod # mine\ncloud:\n  tenant_id: ten_two\n  enabled: true\n",
                    Files.readString(folder.resolve(".systemprompt/profiles/prod/profile.yaml")));
        }
    }

    @Test
    void useSaysWhatIsWrongWithTheProfileInItsWay() {
        project.profile("prod", "name: prod\ncloud: [\n");
        tenant("use", "ten_two")
                .run()
                .exitedWith(78)
                .errContains("is not valid YAML")
                .errLacks("move the file away");
    }

    @Test
    void useTakesANameAndSaysWhatItDidInJson() throws Exception {
        JsonNode json = tenant("use", "second", "--json").run().succeeded().json();
        assertEquals("ten_two", json.path("tenant_id").asText());
        assertEquals("prod", json.path("profile").asText());
        assertTrue(json.path("changed").asBoolean());
        JsonNode again = tenant("use", "--json", "second").run().succeeded().json();
        assertFalse(again.path("changed").asBoolean(true));
    }

    @Test
    void useRefusesWhatIsNotThereOrIsNotClear() throws Exception {
        cloud.put(Tenant.of("ten_three", "Second", "sp-third"));
        tenant("use", "Second")
                .run()
                .exitedWith(78)
                .errContains("Several tenants are called 'Second'")
                .errContains("ten_three");
        tenant("use", "none")
                .run()
                .exitedWith(78)
                .errContains("Tenant not found: 'none'")
                .errContains("ten_demo (demo)");
        tenant("use").run().exitedWith(2);
        assertEquals(List.of(), changedLines());
    }

    @Test
    void aTenantThatComesTwiceOrHasNoNameCanBeChosen() throws Exception {
        cloud.fault(
                "GET me 200:{\"user\": {\"email\": \"dev@example.com\"}, \"tenants\": [{\"id\": \"ten_a\", \"name\":"
                        + " \"A\"}, {\"id\": \"ten_a\", \"name\": \"A\"}, {\"id\": \"ten_b\", \"name\": null}]} x*");
        tenant("use", "A").run().succeeded().outEquals("ten_a");
        tenant("use", "ten_b").run().succeeded().errContains("deploys to ten_b (ten_b)");
        JsonNode saved = Json.parse(Files.readString(folder.resolve(".systemprompt/tenants.json")));
        assertEquals(
                2,
                saved.path("tenants").findValuesAsText("id").stream()
                        .filter(id -> id.matches("ten_[ab]"))
                        .count());
        assertTrue(saved.path("tenants").findValuesAsText("name").contains("ten_b"), saved.toString());
    }

    @Test
    void useTakesTheNameAsTheApiSaysItAndAsItIsShown() throws Exception {
        cloud.put(Tenant.of("ten_team", "👩\u200d💻 Team", "sp-team"));
        cloud.put(Tenant.of("ten_cafe", "Caf\u00e9", "sp-cafe"));
        cloud.put(Tenant.of("ten_upper", "CAF\u00c9", "sp-upper"));
        for (String name : List.of("👩\u200d💻 Team", "👩💻 team", "👩 💻 Team"))
            tenant("use", name).run().succeeded().outEquals("ten_team");
        for (String name : List.of("Caf\u00e9", "ten_cafe"))
            tenant("use", name).run().succeeded().outEquals("ten_cafe");
        tenant("use", "cafe\u0301")
                .run()
                .exitedWith(78)
                .errContains("ten_cafe (")
                .errContains("ten_upper (");
    }

    @Test
    void aWrongNameIsAnsweredWithTheNearestFew() throws Exception {
        for (int i = 3; i < 500; i++) cloud.put(Tenant.of("ten_" + i, "Customer no. " + i, "sp-" + i));
        Ran ran = tenant("use", "Costumer no. 77").run().exitedWith(78);
        ran.errContains("ten_77 (Customer no. 77)").errContains("just tenant list");
        assertTrue(ran.err().length() < 500, ran.err());
    }

    @Test
    void useAsksForAProfileByItsFlagWhereSeveralFit() throws Exception {
        project.profile("stage", TestProject.profileOf("stage", "ten_demo"));
        tenant("use", "ten_two").run().exitedWith(78).errContains("prod, stage").errContains("--profile NAME");
        tenant("use", "ten_two", "--profile", "prod").run().succeeded().errContains("just deploy --profile prod");
        assertEquals(List.of("  tenant_id: ten_two   # until March"), changedLines());
    }

    @Test
    void useMakesAProfileOfANewNameAndRefusesALocalOne() throws Exception {
        project.profile("here", "name: here\ntarget: local\n");
        tenant("use", "ten_two", "--profile", "here").run().exitedWith(78).errContains("target: local");
        tenant("use", "ten_two", "-p", "eu").run().succeeded().errContains("profiles/eu/profile.yaml");
        String made = Files.readString(folder.resolve(".systemprompt/profiles/eu/profile.yaml"));
        assertTrue(made.contains("tenant_id: \"ten_two\"") && !made.contains("enabled"), made);
        assertEquals(List.of(), changedLines());
    }

    @Test
    void listMarksTheCurrentOneAndKeepsLocalTenantsInTheFile() throws Exception {
        project.file(".systemprompt/tenants.json", "{\"tenants\":[{\"id\":\"local_1\",\"name\":\"mine\",\"x\":1}]}");
        tenant("list")
                .run()
                .succeeded()
                .outContains("* demo  (ten_demo")
                .outContains("  Second  (ten_two")
                .outContains("  mine  (local_1, local");
        String file = Files.readString(folder.resolve(".systemprompt/tenants.json"));
        assertTrue(file.contains("local_1") && file.contains("\"x\" : 1") && file.contains("ten_two"), file);
    }

    @Test
    void listNeedsNoFileThatCanBeWritten() throws Exception {
        project.without(".systemprompt/tenants.json");
        Path elsewhere = Files.writeString(folder.resolve("elsewhere.json"), "{}");
        Files.createSymbolicLink(folder.resolve(".systemprompt/tenants.json"), elsewhere);
        tenant("list").run().succeeded().outContains("Second  (ten_two").errContains("not kept on this machine");
        tenant("use", "Second").run().succeeded().outEquals("ten_two");
        assertEquals("{}", Files.readString(elsewhere));
    }

    @Test
    void listFallsBackToTheFileWhenTheApiIsAway() {
        cloud.fault("GET me 503 x*");
        JsonNode json = tenant("list", "--json")
                .run()
                .succeeded()
                .errContains("Failed to sync cloud tenants: ")
                .json();
        assertFalse(json.path("from_api").asBoolean(true));
        assertEquals("ten_demo", json.path("tenants").path(0).path("id").asText());
        tenant("use", "ten_demo").run().succeeded();
    }

    @Test
    void withoutALoginEachCommandNamesTheNextStep() {
        project.without(".systemprompt/credentials.json");
        for (String command : List.of("list", "status"))
            tenant(command).run().exitedWith(77).errContains("Run 'just login'");
        tenant("use", "ten_two").run().exitedWith(77).errContains("Run 'just login'");
        tenant().run().exitedWith(2).errContains("just tenant use ID");
    }

    @Test
    void statusTellsHowTheTenantIsAndWaitsForIt() throws Exception {
        JsonNode json = tenant("status", "--json").run().succeeded().json();
        assertEquals("ten_demo", json.path("tenant_id").asText());
        assertEquals("prod", json.path("profile").asText());
        tenant("status", "--wait").run().succeeded().errContains("Tenant is up");
        cloud.fault("GET status 503 x*");
        tenant("status", "--wait=1")
                .run()
                .exitedWith(75)
                .errContains("After 1 s")
                .errContains("just tenant status --wait");
    }

    @Test
    void theOnlyTenantIsTakenAndNamed() throws Exception {
        try (Cloud one = Cloud.start()) {
            project.api(URI.create(one.apiUrl())).token(one.operatorToken().reveal());
            project.profile("prod", YAML.replace("ten_demo", "ten_old"));
            try (Pty terminal = Pty.start(tenant().env("TERM", "xterm"), home.resolve("pty"), 200, 24)) {
                terminal.end().succeeded().outContains("You have one tenant: demo  (ten_demo");
            }
        }
        assertEquals(List.of(), changedLines());
    }

    @Test
    void whatAsksTheTerminalIsStartedWithoutTheToken() throws Exception {
        Tool.orSkip("script", "stty");
        Path bin = Files.createDirectories(home.resolve("bin"));
        Path stty = Files.writeString(bin.resolve("stty"), "#!/bin/sh\nenv >>'" + home + "/seen'\nexit 1\n");
        Files.setPosixFilePermissions(stty, PosixFilePermissions.fromString("rwx------"));
        String token = cloud.operatorToken().reveal();
        new Scripts(home)
                .isolated(Command.of("sh", "-c", "echo 1 | script -qefc '" + tenant() + "' /dev/null"))
                .in(folder)
                .env("TERM", "xterm")
                .env("PATH", bin + ":" + System.getenv("PATH"))
                .env("SYSTEMPROMPT_API_URL", cloud.apiUrl())
                .env("SYSTEMPROMPT_API_TOKEN", token)
                .run()
                .outContains("Which tenant?");
        String seen = Files.readString(home.resolve("seen"));
        assertTrue(seen.contains("SYSTEMPROMPT_API_URL="), seen);
        assertFalse(seen.contains(token), "the token reached stty");
    }

    private List<String> changedLines() throws Exception {
        List<String> before = YAML.lines().toList();
        List<String> after = Files.readAllLines(folder.resolve(".systemprompt/profiles/prod/profile.yaml"));
        assertEquals(before.size(), after.size());
        List<String> changed = new ArrayList<>(after);
        for (int i = before.size() - 1; i >= 0; i--) if (before.get(i).equals(after.get(i))) changed.remove(i);
        return changed;
    }

    private Command tenant(String... arguments) {
        return new Scripts(home).run("tenant.java", arguments).in(folder);
    }
}
