package sandbox;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.Digest;
import lib.Reference;

/** The places under {@code /v2/}, checked against their grammar. Source: OCI distribution specification, endpoints. */
sealed interface RegistryPath {
    record Ping() implements RegistryPath {}

    record Catalog() implements RegistryPath {}

    record Tags(String name) implements RegistryPath {}

    /** @param reference a tag or a digest */
    record Manifest(String name, String reference) implements RegistryPath {}

    record Uploads(String name) implements RegistryPath {}

    record Upload(String name, String id) implements RegistryPath {}

    record Blob(String name, Digest digest) implements RegistryPath {}

    /** @return empty for what is no such place, and for a name or digest that breaks its grammar */
    static Optional<RegistryPath> parse(String path) {
        if (path.matches("/v2/?")) return Optional.of(new Ping());
        if (path.equals("/v2/_catalog")) return Optional.of(new Catalog());
        Matcher words = Pattern.compile(
                        "/v2/(?<name>.+)/(?:(?<kind>tags|manifests|blobs)/(?<leaf>[^/]+)|blobs/uploads/(?<id>[^/]*))")
                .matcher(path);
        if (!words.matches()) return Optional.empty();
        String name = words.group("name");
        if (!Reference.isRepository(name)) return Optional.empty();
        String id = words.group("id");
        if (id != null) return upload(name, id);
        return leaf(name, words.group("kind"), words.group("leaf"));
    }

    private static Optional<RegistryPath> upload(String name, String id) {
        if (id.isEmpty()) return Optional.of(new Uploads(name));
        return id.matches("[0-9a-f]{32}") ? Optional.of(new Upload(name, id)) : Optional.empty();
    }

    private static Optional<RegistryPath> leaf(String name, String kind, String leaf) {
        return switch (kind) {
            case "tags" -> leaf.equals("list") ? Optional.of(new Tags(name)) : Optional.empty();
            case "blobs" ->
                leaf.equals("uploads")
                        ? Optional.of(new Uploads(name))
                        : Digest.isDigest(leaf) ? Optional.of(new Blob(name, new Digest(leaf))) : Optional.empty();
            default ->
                Reference.isTag(leaf) || Digest.isDigest(leaf)
                        ? Optional.of(new Manifest(name, leaf))
                        : Optional.empty();
        };
    }

    /** The repository in which the place is. */
    default Optional<String> repository() {
        if (this instanceof Tags tags) return Optional.of(tags.name());
        if (this instanceof Manifest manifest) return Optional.of(manifest.name());
        if (this instanceof Uploads uploads) return Optional.of(uploads.name());
        if (this instanceof Upload upload) return Optional.of(upload.name());
        if (this instanceof Blob blob) return Optional.of(blob.name());
        return Optional.empty();
    }

    /** What faults call the place. */
    default String word() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    default boolean concernsBlobs() {
        return this instanceof Uploads || this instanceof Upload || this instanceof Blob;
    }
}
