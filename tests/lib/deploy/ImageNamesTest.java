package lib.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Optional;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Secret;
import lib.api.RegistryToken;
import lib.deploy.Push.ImageNames;
import lib.project.Tenant;
import org.junit.jupiter.api.Test;

class ImageNamesTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

    @Test
    void buildsUnderTheAppsNameWhereItIsKnownAndUnderAnOwnElsewhere() {
        assertEquals(
                "registry.fly.io/sp-demo:deploy-1700000000-abc1234",
                names(Optional.of("sp-demo"), Optional.empty()).local().toString());
        assertEquals(
                "systemprompt/ten-demo:deploy-1700000000-abc1234",
                names(Optional.empty(), Optional.empty()).local().toString());
    }

    @Test
    void pushesWhereTheTokenSaysAndElseToTheApp() {
        assertEquals(
                "r.io/team/a:server",
                names(Optional.of("sp-demo"), Optional.empty())
                        .pushed(token(Optional.of("team/a"), Optional.of("server")))
                        .toString());
        assertEquals(
                "r.io/sp-demo:deploy-1700000000-abc1234",
                names(Optional.of("sp-demo"), Optional.empty())
                        .pushed(token(Optional.empty(), Optional.empty()))
                        .toString());
    }

    @Test
    void thePersonsTagWinsAndTheContradictionIsSeen() {
        ImageNames names = names(Optional.empty(), Optional.of("mine"));
        RegistryToken token = token(Optional.of("a"), Optional.of("server"));
        assertEquals("r.io/a:mine", names.pushed(token).toString());
        assertTrue(names.contradicts(token));
    }

    @Test
    void withoutRepositoryAndAppThereIsNoName() {
        Failure failure = assertThrows(
                Failure.class,
                () -> names(Optional.empty(), Optional.empty()).pushed(token(Optional.empty(), Optional.empty())));
        assertEquals(ErrorCode.CONFIG, failure.code());
        assertTrue(failure.getMessage().startsWith("No app configured"));
    }

    private static ImageNames names(Optional<String> app, Optional<String> wanted) {
        return ImageNames.of(new Tenant(new Tenant.Id("ten_demo"), Optional.of("demo"), app), wanted, NOW, "abc1234");
    }

    private static RegistryToken token(Optional<String> repository, Optional<String> tag) {
        return new RegistryToken("r.io", "x", Secret.of("s"), repository, tag, Optional.empty());
    }
}
