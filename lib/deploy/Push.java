//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Http.java
//SOURCES ../ImageReference.java
//SOURCES ../Json.java
//SOURCES ../Retry.java
//SOURCES ../api/Account.java
//SOURCES ../api/ManagementApi.java
//SOURCES ../api/RegistryToken.java
//SOURCES ../cli/Console.java
//SOURCES ../cli/Run.java
//SOURCES ../docker/Command.java
//SOURCES ../docker/Docker.java
//SOURCES ../docker/PrivateDockerConfig.java
//SOURCES ../project/Profile.java
//SOURCES ../project/Target.java
//SOURCES ../project/Tenant.java
//SOURCES PushSource.java
package lib.deploy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.Environment;
import lib.Failure;
import lib.Failure.Finding;
import lib.Failure.Findings;
import lib.Failure.Stage;
import lib.Http;
import lib.ImageReference;
import lib.ImageReference.PushedImage;
import lib.Json;
import lib.Retry;
import lib.Retry.RetryableException;
import lib.api.Account;
import lib.api.ManagementApi;
import lib.api.RegistryToken;
import lib.cli.Console;
import lib.cli.Run;
import lib.cli.Run.Result;
import lib.docker.Command.ProcessRunner;
import lib.docker.Docker;
import lib.docker.PrivateDockerConfig;
import lib.project.Profile;
import lib.project.Target;
import lib.project.Tenant;

/** The stages token, login and push, for one target. */
public record Push(Run run, ManagementApi api, Target target, ImageNames names) {
    /** Pushes, under a token that is fetched for it; where the registry refuses that one, once more with a new one. */
    public PushedImage retryingRefusedToken(Run.Work<PushedImage> push) throws InterruptedException {
        try {
            return push.get();
        } catch (Failure failure) {
            if (failure.remedy() != Failure.Remedy.NEW_TOKEN) throw failure;
            run.console().warn(failure.getMessage() + "; trying once more with a new token");
            return push.get();
        }
    }

    /** Fetches a registry token. The credentials are looked at again, since a build may have taken its time. */
    public RegistryToken token() throws InterruptedException {
        RegistryToken token = run.stage(
                Stage.TOKEN,
                () -> {
                    target.requireUnexpired(run.clock().instant());
                    return Account.registryToken(api, target.tenant());
                },
                RegistryToken::registry);
        if (names.contradicts(token)) {
            run.console()
                    .warn("The server names the tag " + token.tag().orElseThrow() + "; --tag wins, and may be refused");
        }
        return token;
    }

    /** Logs in and pushes. @throws Failure with {@link Failure.Remedy#NEW_TOKEN} when the registry refuses the token */
    public PushedImage push(PushSource image, RegistryToken token) throws InterruptedException {
        Instant started = run.clock().instant();
        PushedImage pushed = image.push(run, token, names.pushed(token));
        long age = Duration.between(started, run.clock().instant()).toSeconds();
        run.console().detail("The token was " + age + " s old when the push was done");
        pushed.tell(run::know);
        return pushed;
    }

    /** Checks that an engine answers, and who it is. */
    public static Optional<Docker.Version> checkEngine(Docker docker, Findings findings) throws InterruptedException {
        return findings.check("docker", docker::requireAnswering, version -> "engine " + version);
    }

    /** Checks that there is a folder for a login. Told of only where there is none: which one it is matters to nobody. */
    public static void checkFolder(Environment environment, Findings findings) {
        try {
            PrivateDockerConfig.requirePlace(environment);
        } catch (Failure failure) {
            findings.add(Finding.of("folder", failure));
        }
    }

    /** The {@code docker} command as it is run from here, with a run's console to draw on. */
    public static Docker docker(Run run) {
        return docker(run.console(), true);
    }

    /**
     * Starts what a deploy will ask first, by the words of its command line: the engine, and the API where nothing is built.
     * A build leaves time to open a client.
     */
    public static void prepare(List<String> words) {
        if (!hasOption(words, "--archive", "--skip-push")) Docker.prepare();
        if (hasOption(words, "--archive", "--skip-push", "--image")) Http.prepare();
    }

    private static boolean hasOption(List<String> words, String... names) {
        return words.stream().anyMatch(word -> Stream.of(names).anyMatch(word::startsWith));
    }

    /** The same for several commands at once: they show their progress as lines, never drawn. */
    public static Docker dockerInParallel(Run run) {
        return docker(run.console(), false);
    }

    private static Docker docker(Console console, boolean alone) {
        ProcessRunner.Display display = new ProcessRunner.Display() {
            @Override
            public boolean isTerminal() {
                return alone && console.isTerminal() && !console.isQuiet();
            }

            @Override
            public OutputStream show() {
                return console.showChild();
            }
        };
        return new Docker(new ProcessRunner(display, console::detail));
    }

    /**
     * The stages login and push by the {@code docker} command, under one private login.
     *
     * @param pulls whether what pushes may have to pull from other registries first, with the user's logins there
     */
    record UnderLogin(Run run, Docker docker, boolean pulls) {
        /** What pushes, once there is a login. */
        @FunctionalInterface
        interface Pushing {
            PushedImage under(PrivateDockerConfig login) throws InterruptedException;
        }

        PushedImage push(RegistryToken token, Pushing pushing) throws InterruptedException {
            try (PrivateDockerConfig login = run.within(
                    Stage.LOGIN,
                    () -> PrivateDockerConfig.open(token.credential(), run.environment(), docker.runner(), pulls))) {
                PrivateDockerConfig.SHADOWING.forEach((variable, why) -> {
                    if (run.environment()
                            .variable(variable)
                            .filter(value -> !value.equals("0"))
                            .isPresent()) run.console().warn(variable + " is set: " + why);
                });
                run.stage(
                        Stage.LOGIN,
                        () -> retried(() -> {
                            docker.login(login);
                            return token.registry();
                        }),
                        registry -> registry + " as " + token.username());
                return run.stage(Stage.PUSH, () -> retried(() -> pushing.under(login)), PushedImage::reference);
            }
        }

        private <T> T retried(Run.Work<T> work) throws InterruptedException {
            // Told where it is done: after the last try there is a failure, and no other try.
            Consumer<Failure> again = failure -> run.console().warn(failure.getMessage() + "; trying again");
            return Retry.usual().of(() -> tried(work), again);
        }

        private static <T> T tried(Run.Work<T> work) throws RetryableException, InterruptedException {
            try {
                return work.get();
            } catch (Failure failure) {
                Retry.Pace pace = switch (failure.remedy()) {
                    case ANOTHER_TRY -> Retry.Pace.COMMAND;
                    case WAIT -> Retry.Pace.RATE_LIMIT;
                    case NONE, NEW_TOKEN -> throw failure;
                };
                throw new RetryableException(pace, Optional.empty(), tries -> failure);
            }
        }
    }

    /** What a run would do, with the values it would do it with. */
    public static final class Plan {
        private final ObjectNode json = Json.object();
        private final StringBuilder text = new StringBuilder();

        /** Where it would go. */
        static Plan to(Target target) {
            return new Plan()
                    .with("tenant_id", target.tenant().id().value())
                    .with("tenant_name", target.tenant().name().orElse(null))
                    .with("profile", target.profile().map(Profile::name).orElse(null))
                    .with("api_url", target.credentials().apiUrl().toString());
        }

        /** What {@code docker_push} would do. */
        public static Plan ofPush(Target target, PushSource image, ImageNames names) {
            return to(target)
                    .with("local_image", image.name())
                    .named(names)
                    .list("stages", EnumSet.of(Stage.TOKEN, Stage.LOGIN, Stage.PUSH));
        }

        /** The image's name in the registry, as far as it is known without a token. */
        Plan named(ImageNames names) {
            Optional<ImageReference> known = names.known();
            String remark = known.isPresent()
                    ? "(where the registry token names no other)"
                    : "(the registry token names the image)";
            return with("image", known.map(ImageReference::toString).orElse(null))
                    .noting(remark);
        }

        /** One more value. @param value null where it is known to nobody yet, which only JSON shows */
        Plan with(String key, String value) {
            json.put(key, value);
            if (value != null) line(key, value);
            return this;
        }

        /** The stages that would be gone through, and so those of the usual that would not. */
        Plan stages(Set<Stage> done) {
            Set<Stage> skipped = EnumSet.range(Stage.BUILD, Stage.DEPLOY);
            skipped.remove(Stage.SECRETS);
            skipped.removeAll(done);
            return list("stages", done).list("skipped", skipped);
        }

        Plan list(String key, Collection<?> values) {
            ArrayNode array = json.putArray(key);
            values.forEach(value -> array.add(value.toString()));
            if (!values.isEmpty()) {
                line(key, values.stream().map(Object::toString).collect(Collectors.joining(", ")));
            }
            return this;
        }

        /** A remark for people alone. */
        Plan noting(String remark) {
            text.append(String.format("%-14s%s%n", "", remark));
            return this;
        }

        private void line(String key, String value) {
            text.append(String.format("%-14s%s%n", key.replace('_', ' '), value));
        }

        /** On stdout, since it is what was asked for. */
        public Result answer() {
            return new Result(text.toString().stripTrailing(), Json.object().set("plan", json));
        }
    }

    /**
     * What an image is called: by a name of its own until a token says where it goes.
     *
     * @param wanted the tag that the person asked for
     * @param own the tag that is used where neither the person nor the server names one
     */
    public record ImageNames(Tenant tenant, Optional<String> wanted, String own) {
        private static final String USUAL_REGISTRY = "registry.fly.io";

        /** @param revision a short commit id, or {@code unknown} */
        public static ImageNames of(Tenant tenant, Optional<String> wanted, Instant now, String revision) {
            return new ImageNames(tenant, wanted, "deploy-" + now.getEpochSecond() + "-" + revision);
        }

        /** The names of an image that has a tag already: it is kept, unless the person or the server names another. */
        public ImageNames otherwiseTagged(String tag) {
            return new ImageNames(tenant, wanted, tag);
        }

        private String tag() {
            return wanted.orElse(own);
        }

        /** The name under which it is built. */
        public ImageReference local() {
            return tenant.appId()
                    .map(app -> ImageReference.of(USUAL_REGISTRY, app, tag()))
                    .orElseGet(() -> ImageReference.local("systemprompt/" + repositoryWord(), tag()));
        }

        // An id may hold capitals, and words end in no dash or underscore there.
        private String repositoryWord() {
            String word = tenant.id().value().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
            return word.replaceAll("^-|-$", "");
        }

        /**
         * The name under which it is pushed and deployed.
         *
         * @throws lib.Failure {@code config} when neither the token nor this machine knows the repository
         */
        public ImageReference pushed(RegistryToken token) {
            return token.image(tenant, wanted.or(token::tag).orElse(own));
        }

        /** The name in the registry as far as it is known without a token, as older servers and clients agree on it. */
        public Optional<ImageReference> known() {
            return tenant.appId().map(app -> local());
        }

        /** Whether the server wants another tag than the person does, which it may refuse. */
        public boolean contradicts(RegistryToken token) {
            return wanted.isPresent() && token.tag().isPresent() && !token.tag().equals(wanted);
        }
    }
}
