//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Http.java
//SOURCES ../Json.java
//SOURCES ../Retry.java
//SOURCES ../Secret.java
//SOURCES ../api/ApiCall.java
//SOURCES ../cli/Console.java
//SOURCES ../cli/Prompt.java
//SOURCES ../cli/RawTerminal.java
//SOURCES ../cli/Run.java
//SOURCES CallbackServer.java
//SOURCES Login.java
package lib.account;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Http;
import lib.Http.Authority;
import lib.Json;
import lib.Retry;
import lib.Secret;
import lib.account.CallbackServer.Callback;
import lib.account.CallbackServer.CallbackPage;
import lib.account.Login.Identity;
import lib.api.ApiCall;
import lib.api.ApiCall.ApiResponse;
import lib.cli.Console;
import lib.cli.Prompt.Choice;
import lib.cli.RawTerminal;
import lib.cli.Run;

/**
 * A login in which the browser brings the token.
 *
 * @param opensBrowser else the person opens the address
 * @param timeout how long the person may take
 */
public record BrowserLogin(Run run, URI api, Optional<Provider> provider, boolean opensBrowser, Duration timeout) {
    public static final Duration USUAL_TIMEOUT = Duration.ofSeconds(300);

    /** What becomes of the token; a failure is shown in the browser too. */
    @FunctionalInterface
    public interface Taker {
        Identity take(Secret token) throws InterruptedException;
    }

    /** @throws Failure with nothing saved, when there is no token or the taker refuses it */
    public Identity through(Taker taker) throws InterruptedException {
        Provider chosen = Provider.choose(provider, run.console());
        try (CallbackServer server = CallbackServer.open(port());
                RawTerminal.Listening listening = RawTerminal.listen(run.console(), line -> paste(line, server))) {
            URI url = AuthorizeUrl.of(api, run.console()::detail).ask(chosen.name(), server.address());
            show(url, chosen, listening != RawTerminal.Listening.DEAF);
            Callback callback = server.await(timeout, this::countDown);
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
        console.say("Waiting for authentication… (timeout in " + timeout.toSeconds() + " seconds)");
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

    /** Who says that a person is who they are; the names are segments of the API's path. */
    public enum Provider {
        github("GitHub"),
        google("Google");

        private final String label;

        Provider(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }

        /**
         * The given one, else the one that a person chooses.
         *
         * @throws Failure {@code usage} when there is nobody to be asked, or the person leaves
         */
        static Provider choose(Optional<Provider> given, Console console) {
            if (given.isPresent()) return given.get();
            if (!console.isInteractive()) {
                throw new Failure(
                        ErrorCode.USAGE,
                        "Nobody can be asked here how to log in; nothing was saved",
                        "Pipe a token in: just login --token-stdin < FILE; or name a --provider and open the URL in a"
                                + " browser");
            }
            List<Choice> choices = Stream.of(values())
                    .map(provider -> new Choice(provider.label, provider.name(), provider.label))
                    .toList();
            return console.choose("Select authentication provider", choices)
                    .map(number -> values()[number])
                    .orElseThrow(() -> new Failure(
                            ErrorCode.USAGE, "No provider was chosen; nothing was saved", "Name one with --provider"));
        }
    }

    /** Opens a person's browser: {@code BROWSER} where it is set, else what the system has for that. */
    record Browser(Environment environment, String system) {
        // A program that shows a page may run on for as long as it is open.
        private static final long TIMEOUT_SECONDS = 3;

        static Browser ofThisMachine(Environment environment) {
            return new Browser(environment, System.getProperty("os.name", "").toLowerCase(Locale.ROOT));
        }

        /** @return whether a browser was started */
        boolean open(URI url) throws InterruptedException {
            for (List<String> command : commands(url.toString())) {
                if (starts(command)) return true;
            }
            return false;
        }

        /** The commands to try, in their order; none where there is no screen. */
        List<List<String>> commands(String url) {
            if (environment.variable("BROWSER").isPresent()) {
                String separator = system.startsWith("windows") ? ";" : ":";
                return Stream.of(environment.variable("BROWSER").get().split(separator))
                        .filter(command -> !command.isBlank())
                        .map(command -> withUrl(command.strip(), url))
                        .toList();
            }
            if (system.startsWith("windows")) return List.of(List.of("rundll32", "url.dll,FileProtocolHandler", url));
            if (system.startsWith("mac")) return List.of(List.of("open", url));
            return hasScreen() ? List.of(List.of("xdg-open", url), List.of("wslview", url)) : List.of();
        }

        private boolean hasScreen() {
            return system.startsWith("windows")
                    || system.startsWith("mac")
                    || isSet("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME");
        }

        private boolean isSet(String... names) {
            return Stream.of(names).anyMatch(name -> environment.variable(name).isPresent());
        }

        /** Whether the person's browser runs on another machine, as far as can be told. */
        boolean isAfar() {
            return !hasScreen() || isSet("SSH_CONNECTION", "SSH_TTY");
        }

        /** The command that leads a port of the other machine to the same one of this. */
        String tunnel(int port) {
            // The client's address and port, then those of this machine, as the client knows it.
            String[] connection =
                    environment.variable("SSH_CONNECTION").orElse("").split(" ");
            boolean known = connection.length == 4
                    && connection[2].matches("[0-9a-fA-F:.]+")
                    && connection[3].matches("[0-9]+");
            String host = known ? connection[2].replaceFirst("^::ffff:(?=[0-9.]+$)", "") : hostname();
            String sshPort = known && !connection[3].equals("22") ? "-p " + connection[3] + " " : "";
            return "ssh -L " + port + ":127.0.0.1:" + port + " " + sshPort + user() + host;
        }

        private String user() {
            String name = environment.variable("USER").orElseGet(() -> System.getProperty("user.name", ""));
            return name.matches("[\\w.-]+") ? name + "@" : "";
        }

        private String hostname() {
            try {
                return Files.readString(Path.of("/etc/hostname")).strip();
            } catch (IOException e) {
                return environment.variable("HOSTNAME").orElse("HOST");
            }
        }

        // As xdg-open reads it: %s is the address, which else comes last; no shell takes part.
        private static List<String> withUrl(String command, String url) {
            List<String> words = new ArrayList<>(List.of(command.split("\\s+")));
            if (command.contains("%s")) words.replaceAll(word -> word.replace("%s", url));
            else words.add(url);
            return words;
        }

        private static boolean starts(List<String> command) throws InterruptedException {
            try {
                Process process = Environment.childProcess(command)
                        .redirectOutput(Redirect.DISCARD)
                        .redirectError(Redirect.DISCARD)
                        .start();
                process.getOutputStream().close();
                return !process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || process.exitValue() == 0;
            } catch (IOException e) {
                return false;
            }
        }
    }

    /** Asks where a browser is to be sent so that a person can let this machine act for them; the only call without a token. */
    public record AuthorizeUrl(URI apiUrl, Retry retry, Consumer<String> log) {
        public static AuthorizeUrl of(URI apiUrl, Consumer<String> log) {
            return new AuthorizeUrl(apiUrl, Retry.usual(), log);
        }

        /**
         * @param provider a plain word, a segment of the path
         * @param back where the browser comes back to, on this machine
         * @return an address that a browser may be sent to: https, or this machine itself
         * @throws Failure {@code unavailable}, {@code auth}, or {@code protocol}
         */
        public URI ask(String provider, URI back) throws InterruptedException {
            String query = "?redirect_uri=" + URLEncoder.encode(back.toString(), StandardCharsets.UTF_8);
            ApiCall call = ApiCall.get("/api/v1/auth/oauth/" + provider + query);
            ApiResponse answer = new ApiCall.Client(apiUrl, Http::shared, retry, log).send(call, Optional.empty());
            if (!answer.isSuccess()) throw refused(answer);
            String url = Json.text(answer.data(), "authorize_url")
                    .orElseThrow(() -> answer.unexpected("no field 'authorize_url'"));
            return checked(url).orElseThrow(() -> answer.unexpected("authorize_url is no https address"));
        }

        private static Failure refused(ApiResponse answer) {
            return new Failure(
                    answer.status() >= 500 || answer.status() == 429 ? ErrorCode.UNAVAILABLE : ErrorCode.AUTH,
                    "Failed to get authorization URL: " + answer.sentence(),
                    "Check SYSTEMPROMPT_API_URL, try another --provider, or log in with --token-stdin");
        }

        private static Optional<URI> checked(String text) {
            try {
                URI url = new URI(text);
                boolean https = "https".equalsIgnoreCase(url.getScheme());
                boolean here = "http".equalsIgnoreCase(url.getScheme())
                        && url.getHost() != null
                        && Authority.isLoopback(url.getHost());
                boolean plain = Authority.isUsable(url) && url.getUserInfo() == null;
                return plain && (https || here) ? Optional.of(url) : Optional.empty();
            } catch (URISyntaxException e) {
                return Optional.empty();
            }
        }
    }
}
