package lib;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What an image runs on, as {@code os/architecture[/variant]}. Source: OCI image specification, image index. */
public record Platform(String os, String architecture, Optional<String> variant) {
    private static final Pattern PART = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    public static final Platform LINUX_AMD64 = new Platform("linux", "amd64", Optional.empty());

    public Platform {
        check(os);
        check(architecture);
        variant.ifPresent(Platform::check);
    }

    private static void check(String part) {
        if (!PART.matcher(part).matches())
            throw new IllegalArgumentException("not a part of a platform: '" + Printable.of(part) + "'");
    }

    /**
     * @throws IllegalArgumentException unless the text is {@code os/architecture} or {@code os/architecture/variant}
     */
    public static Platform parse(String text) {
        String[] parts = text.toLowerCase(Locale.ROOT).split("/", -1);
        if (parts.length < 2 || parts.length > 3)
            throw new IllegalArgumentException("not a platform such as linux/amd64: '" + Printable.of(text) + "'");
        return new Platform(parts[0], parts[1], parts.length == 3 ? Optional.of(parts[2]) : Optional.empty());
    }

    /** The platform that an image's configuration names; empty when it names none, or nonsense. */
    public static Optional<Platform> in(JsonNode config) {
        Optional<String> os = Json.text(config, "os");
        Optional<String> architecture = Json.text(config, "architecture");
        if (os.isEmpty() || architecture.isEmpty()) return Optional.empty();
        try {
            return Optional.of(new Platform(os.get(), architecture.get(), Json.text(config, "variant")));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether an image for this platform is what {@code wanted} asks for: a variant counts only where both name one.
     */
    public boolean satisfies(Platform wanted) {
        boolean variants = variant.isEmpty() || wanted.variant.isEmpty() || variant.equals(wanted.variant);
        return os.equals(wanted.os) && architecture.equals(wanted.architecture) && variants;
    }

    @Override
    public String toString() {
        return os + "/" + architecture + variant.map(name -> "/" + name).orElse("");
    }
}
