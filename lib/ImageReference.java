//SOURCES Http.java
//SOURCES Printable.java
package lib;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import lib.Http.Authority;

/**
 * The name of an image: {@code [registry/]repository[:tag][@digest]}.
 *
 * <p>Without a registry it is a name that only an engine knows. Every part is checked against its grammar, so that none
 * can become an option or climb out of a path. Source: distribution/reference, grammar; 255 characters for the name.
 */
public record ImageReference(
        Optional<String> registry, String repository, Optional<String> tag, Optional<Digest> digest) {

    private static final String HOST_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
    private static final Pattern DOCKER_HUB = Pattern.compile("(?i)(?:index\\.)?docker\\.io");
    private static final Pattern REGISTRY =
            Pattern.compile("(?:" + HOST_LABEL + "(?:\\." + HOST_LABEL + ")*|\\[[0-9a-fA-F:]+])(?::[0-9]{1,5})?");
    private static final String PATH_COMPONENT = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
    private static final Pattern REPOSITORY = Pattern.compile(PATH_COMPONENT + "(?:/" + PATH_COMPONENT + ")*+");
    private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}");
    private static final int NAME_LIMIT = 255;

    public ImageReference {
        registry.ifPresent(name -> check(isRegistry(name), "registry", name));
        check(isRepository(repository), "repository", repository);
        tag.ifPresent(name -> check(isTag(name), "tag", name));
    }

    private static void check(boolean matches, String part, String value) {
        if (!matches) throw new IllegalArgumentException("not a valid " + part + ": '" + Printable.of(value) + "'");
    }

    /** Whether it is {@code host[:port]}, and a request can be sent there. */
    public static boolean isRegistry(String name) {
        return name.length() <= NAME_LIMIT && REGISTRY.matcher(name).matches() && Authority.isUsable(name);
    }

    /**
     * Whether Docker takes this registry for Docker Hub, where it looks for a login under another name: by Docker Hub's own
     * names, and where it reads the name's first component as a part of a repository.
     */
    public static boolean isDockerHub(String registry) {
        return DOCKER_HUB.matcher(registry).matches() || !startsWithRegistry(registry);
    }

    private static boolean startsWithRegistry(String component) {
        return component.contains(".") || component.contains(":") || component.equals("localhost");
    }

    public static boolean isRepository(String name) {
        return name.length() <= NAME_LIMIT && REPOSITORY.matcher(name).matches();
    }

    public static boolean isTag(String name) {
        return TAG.matcher(name).matches();
    }

    /** An image in a registry. */
    public static ImageReference of(String registry, String repository, String tag) {
        return new ImageReference(Optional.of(registry), repository, Optional.of(tag), Optional.empty());
    }

    /** An image that only an engine knows. */
    public static ImageReference local(String repository, String tag) {
        return new ImageReference(Optional.empty(), repository, Optional.of(tag), Optional.empty());
    }

    /**
     * Reads a reference as {@code docker} does: the first component is a registry if it has a dot or a colon or is
     * {@code localhost}; with neither tag nor digest, the tag is {@code latest}.
     *
     * @throws IllegalArgumentException when a part breaks the grammar, naming that part
     */
    public static ImageReference parse(String text) {
        int at = text.indexOf('@');
        Optional<Digest> digest = at < 0 ? Optional.empty() : Optional.of(new Digest(text.substring(at + 1)));
        String name = at < 0 ? text : text.substring(0, at);
        int colon = name.lastIndexOf(':');
        boolean tagged = colon > name.lastIndexOf('/');
        Optional<String> tag = tagged
                ? Optional.of(name.substring(colon + 1))
                : digest.isPresent() ? Optional.empty() : Optional.of("latest");
        if (tagged) name = name.substring(0, colon);
        int slash = name.indexOf('/');
        String first = slash < 0 ? "" : name.substring(0, slash);
        boolean hasRegistry = startsWithRegistry(first);
        return new ImageReference(
                hasRegistry ? Optional.of(first) : Optional.empty(),
                hasRegistry ? name.substring(slash + 1) : name,
                tag,
                digest);
    }

    /** Registry and repository, without tag and digest. */
    public String name() {
        return registry.map(host -> host + "/").orElse("") + repository;
    }

    @Override
    public String toString() {
        return name()
                + tag.map(name -> ":" + name).orElse("")
                + digest.map(value -> "@" + value).orElse("");
    }

    /**
     * A content digest, such as {@code sha256:} and 64 hex digits.
     *
     * <p>Source: OCI image specification, descriptor, digests, which registers SHA-256 and SHA-512. Registries of today
     * take SHA-256 alone.
     */
    public record Digest(String value) {
        private static final Pattern GRAMMAR = Pattern.compile("sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}");

        public Digest {
            if (!isDigest(value)) throw new IllegalArgumentException("not a digest: " + Printable.of(value));
        }

        public static boolean isDigest(String text) {
            return GRAMMAR.matcher(text).matches();
        }

        /** The SHA-256 of these bytes. */
        public static Digest of(byte[] bytes) {
            return of("sha256", bytes);
        }

        /** @param algorithm {@code sha256} or {@code sha512} */
        public static Digest of(String algorithm, byte[] bytes) {
            MessageDigest hash = hash(algorithm);
            hash.update(bytes);
            return of(hash);
        }

        /** The digest of all that was hashed. */
        public static Digest of(MessageDigest hash) {
            String algorithm = hash.getAlgorithm().replace("SHA-", "sha");
            return new Digest(algorithm + ":" + HexFormat.of().formatHex(hash.digest()));
        }

        /** @param algorithm {@code sha256} or {@code sha512} */
        public static MessageDigest hash(String algorithm) {
            try {
                return MessageDigest.getInstance(algorithm.replace("sha", "SHA-"));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has " + algorithm, e);
            }
        }

        /** Whether the two can't be of the same bytes: of another kind, they may be. */
        public boolean contradicts(Digest other) {
            return algorithm().equals(other.algorithm()) && !equals(other);
        }

        public String algorithm() {
            return value.substring(0, value.indexOf(':'));
        }

        /** The first 12 of its digits, which tell the images and layers of one place apart. */
        public String shortened() {
            return hex().substring(0, 12);
        }

        /** The hex digits. */
        public String hex() {
            return value.substring(value.indexOf(':') + 1);
        }

        // A record's own two are put together when they are first called, which costs each push of an archive 10 ms.
        @Override
        public boolean equals(Object other) {
            return other instanceof Digest digest && digest.value.equals(value);
        }

        @Override
        public int hashCode() {
            return value.hashCode();
        }

        @Override
        public String toString() {
            return value;
        }
    }

    /**
     * An image that is in its registry.
     *
     * @param digest of its manifest; empty when it was pushed by somebody else, or by podman, which does not say
     */
    public record PushedImage(ImageReference reference, Optional<Digest> digest) {
        /** {@code name@sha256:…}, which no later push can change; the reference where the digest is unknown. */
        public String pinned() {
            return digest.map(known -> reference.name() + "@" + known).orElseGet(reference::toString);
        }

        /** Tells what is in the registry, by the names that JSON shows. */
        public void tell(BiConsumer<String, String> machine) {
            machine.accept("image", reference.toString());
            digest.ifPresent(known -> machine.accept("digest", known.value()));
        }

        @Override
        public String toString() {
            return reference.toString();
        }
    }
}
