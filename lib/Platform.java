//SOURCES Failure.java
//SOURCES Json.java
//SOURCES Printable.java
package lib;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.Failure.ErrorCode;

/**
 * What an image runs on, as {@code os/architecture[/variant]}: whatever its spelling was, it is the one of Go and
 * Docker. Sources: OCI image specification, image index; containerd's {@code platforms} package, normalization.
 */
public record Platform(String os, String architecture, Optional<String> variant) {
    private static final Pattern PART = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final Pattern NUMBERED = Pattern.compile("v([0-9]{1,4})");

    /** Other names of architectures: containerd's, and what {@code uname -m} says. */
    private static final Map<String, String> SPELLINGS = Map.ofEntries(
            Map.entry("x86_64", "amd64"),
            Map.entry("x86-64", "amd64"),
            Map.entry("x64", "amd64"),
            Map.entry("x86", "386"),
            Map.entry("i386", "386"),
            Map.entry("i486", "386"),
            Map.entry("i586", "386"),
            Map.entry("i686", "386"),
            Map.entry("aarch64", "arm64"),
            Map.entry("armv8l", "arm/v8"),
            Map.entry("armhf", "arm/v7"),
            Map.entry("armv7", "arm/v7"),
            Map.entry("armv7l", "arm/v7"),
            Map.entry("armel", "arm/v6"),
            Map.entry("armv6", "arm/v6"),
            Map.entry("armv6l", "arm/v6"),
            Map.entry("ppc64el", "ppc64le"));

    /** Farther than any number of a variant. */
    private static final int UNKNOWN = 10_000;

    public static final Platform LINUX_AMD64 = new Platform("linux", "amd64", Optional.empty());

    /** @throws IllegalArgumentException when a part is none */
    public Platform {
        os = checked(os).equals("macos") ? "darwin" : checked(os);
        String[] spelled = SPELLINGS
                .getOrDefault(checked(architecture), checked(architecture))
                .split("/");
        architecture = spelled[0];
        variant = usual(architecture, spelled.length > 1 ? Optional.of(spelled[1]) : variant.map(Platform::checked));
    }

    private static String checked(String part) {
        String lower = part.toLowerCase(Locale.ROOT);
        if (PART.matcher(lower).matches()) return lower;
        throw new IllegalArgumentException("not a part of a platform: '" + Printable.of(part) + "'");
    }

    /** The variant that an architecture has anyway is not named. */
    private static Optional<String> usual(String architecture, Optional<String> variant) {
        return switch (architecture) {
            case "amd64" -> variant.filter(name -> !name.equals("v1"));
            case "arm64" -> variant.filter(name -> !name.equals("v8") && !name.equals("8"));
            case "arm" -> variant.map(name -> name.matches("[5-8]") ? "v" + name : name);
            default -> variant;
        };
    }

    /**
     * @throws IllegalArgumentException unless the text is {@code os/architecture} or {@code os/architecture/variant}
     */
    public static Platform parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length < 2 || parts.length > 3)
            throw new IllegalArgumentException("not a platform such as linux/amd64: '" + Printable.of(text) + "'");
        return new Platform(parts[0], parts[1], parts.length == 3 ? Optional.of(parts[2]) : Optional.empty());
    }

    /** The platform that this text names; empty when it names none, or nonsense. */
    public static Optional<Platform> find(String text) {
        try {
            return Optional.of(parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The platform of an image's configuration, or of its entry in an index; empty when it is none, or nonsense. */
    public static Optional<Platform> in(JsonNode json) {
        String variant = Json.text(json, "variant").map(name -> "/" + name).orElse("");
        return find(json.path("os").asText() + "/" + json.path("architecture").asText() + variant);
    }

    /**
     * How far an image for this platform is from what {@code wanted} asks for: 0 is the same, and of several images
     * the nearest is meant. A variant counts only where both name one, and a machine runs those below its own; an
     * {@code arm} that is wanted is v7, as for Docker.
     *
     * @return empty when it is for something else
     */
    public OptionalInt distanceTo(Platform wanted) {
        if (!os.equals(wanted.os) || !architecture.equals(wanted.architecture)) return OptionalInt.empty();
        Optional<String> asked = wanted.variant.or(() -> Optional.of("v7").filter(v7 -> architecture.equals("arm")));
        if (variant.equals(wanted.variant) || variant.equals(asked)) return OptionalInt.of(0);
        if (variant.isEmpty() || asked.isEmpty()) return OptionalInt.of(UNKNOWN);
        OptionalInt own = number(variant.get());
        OptionalInt limit = number(asked.get());
        boolean runs = own.isPresent() && limit.isPresent() && own.getAsInt() < limit.getAsInt();
        return runs ? OptionalInt.of(limit.getAsInt() - own.getAsInt()) : OptionalInt.empty();
    }

    private static OptionalInt number(String variant) {
        Matcher numbered = NUMBERED.matcher(variant);
        return numbered.matches() ? OptionalInt.of(Integer.parseInt(numbered.group(1))) : OptionalInt.empty();
    }

    @Override
    public String toString() {
        return os + "/" + architecture + variant.map(name -> "/" + name).orElse("");
    }

    /**
     * What an image is to run on.
     *
     * @param asked whether a person named it, so that it is true of an image that names none itself
     */
    public record Wanted(Platform platform, boolean asked) {
        /** As asked for; else what the cloud runs. */
        public static Wanted of(Optional<Platform> asked) {
            return new Wanted(asked.orElse(LINUX_AMD64), asked.isPresent());
        }

        /** @throws Failure {@code config} when an image is for something else, or names no platform and nobody did */
        public void check(String image, Optional<Platform> its) {
            if (its.isEmpty() && !asked)
                throw new Failure(
                        ErrorCode.CONFIG,
                        Printable.of(image + " names no platform"),
                        "Push it as " + platform + " with --platform " + platform);
            if (its.isEmpty() || its.get().distanceTo(platform).isPresent()) return;
            throw new Failure(
                    ErrorCode.CONFIG,
                    Printable.of(image + " is for " + its.get() + ", and " + platform + " is wanted"),
                    "Build it for " + platform + ", or allow it with --platform " + its.get());
        }
    }
}
