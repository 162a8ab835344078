//SOURCES ../Failure.java
//SOURCES ../Secret.java
//SOURCES ../api/AuthorizeUrl.java
//SOURCES ../cli/Console.java
//SOURCES ../cli/Run.java
//SOURCES ../cli/Unseen.java
//SOURCES Browser.java
//SOURCES Callback.java
//SOURCES CallbackPage.java
//SOURCES CallbackServer.java
//SOURCES Identity.java
//SOURCES Provider.java
package lib.login;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import lib.Failure;
import lib.Secret;
import lib.api.AuthorizeUrl;
import lib.cli.Console;
import lib.cli.Run;
import lib.cli.Unseen;

/**
 * A login in which the browser brings the token.
 *
 * @param opensBrowser else the person opens the address
 * @param patience how long the person may take
 */
public record BrowserLogin(Run run, URI api, Optional<Provider> provider, boolean opensBrowser, Duration patience) {
    public static final Duration USUAL_PATIENCE = Duration.ofSeconds(300);

    /** What becomes of the token; a failure is shown in the browser too. */
    @FunctionalInterface
    public interface Taker {
        Identity take(Secret token) throws InterruptedException;
    }

    /** @throws Failure with nothing saved, when there is no token or the taker refuses it */
    public Identity through(Taker taker) throws InterruptedException {
        Provider chosen = Provider.choose(provider, run.console());
        try (CallbackServer server = CallbackServer.open(port());
                Unseen.Listening listening = Unseen.listen(run.console(), line -> paste(line, server))) {
            URI url = AuthorizeUrl.of(api, run.console()::detail).ask(chosen.name(), server.address());
            show(url, chosen, listening != Unseen.Listening.DEAF);
            Callback callback = server.await(patience, this::countDown);
            try {
                Identity identity = taker.take(token(callback));
                server.conclude(CallbackPage.success(identity.email().orElse("you")));
                return identity;
            } catch (Failure failure) {
                server.conclude(CallbackPage.failure(failure.getMessage()));
                throw failure;
            }
        }
    }

    private void paste(String line, CallbackServer server) {
        Callback.pasted(line, server.address())
                .ifPresentOrElse(
                        server::take,
                        () -> run.console()
                                .warn("This is not the address that the browser ends at: " + server.address() + "?…"));
    }

    private static Secret token(Callback callback) {
        if (callback instanceof Callback.Token token) return token.token();
        throw ((Callback.Refusal) callback).failure();
    }

    /** The address comes first: a browser may not come back to this program for as long as it is open. */
    private void show(URI url, Provider chosen, boolean listening) throws InterruptedException {
        Console console = run.console();
        Browser browser = Browser.ofThisMachine(run.environment());
        console.say("Open this URL in a browser" + (browser.isAfar() ? ":" : " on this machine:"));
        console.tell("  " + url);
        if (browser.isAfar()) {
            console.tell(
                    "The browser must come back to port " + port() + " of this machine. On another one, type there");
            console.tell("  " + browser.tunnel(port()));
            if (listening) console.tell("or paste here the address that it ends at; it is not shown");
        }
        if (opensBrowser) {
            console.say("Opening the browser for " + chosen.label() + " authentication…");
            if (!browser.open(url)) console.warn("Could not open a browser here; open the URL above yourself");
        }
        console.say("Waiting for authentication… (timeout in " + patience.toSeconds() + " seconds)");
    }

    private void countDown(Duration left) {
        run.console().fleeting("Waiting for authentication… " + left.toSeconds() + " s left; Ctrl-C to stop");
    }

    // The port is part of an address that the API may know; only tests listen elsewhere.
    private int port() {
        return run.environment()
                .variable("SYSTEMPROMPT_CALLBACK_PORT")
                .filter(text -> text.matches("[0-9]{1,5}"))
                .map(Integer::parseInt)
                .filter(port -> port < 65_536)
                .orElse(CallbackServer.PORT);
    }
}
