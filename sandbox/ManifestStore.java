package sandbox;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import lib.Digest;
import lib.Reference;

/** The manifests and tags of each repository. */
final class ManifestStore {
    private static final class Repository {
        private final Map<Digest, Manifest> manifests = new HashMap<>();
        private final SortedMap<String, Digest> tags = new TreeMap<>();
    }

    private final SortedMap<String, Repository> repositories = new TreeMap<>();

    /** @param reference a tag, or the manifest's own digest */
    synchronized void put(String repository, String reference, Manifest manifest) {
        Repository held = repositories.computeIfAbsent(repository, any -> new Repository());
        held.manifests.put(manifest.digest(), manifest);
        if (Reference.isTag(reference)) held.tags.put(reference, manifest.digest());
    }

    /** @param reference a tag or a digest */
    synchronized Optional<Manifest> find(String repository, String reference) {
        Repository held = repositories.get(repository);
        if (held == null) return Optional.empty();
        Digest digest = Digest.isDigest(reference) ? new Digest(reference) : held.tags.get(reference);
        return Optional.ofNullable(held.manifests.get(digest));
    }

    synchronized List<String> repositories() {
        return List.copyOf(repositories.keySet());
    }

    /** @return empty for a repository that was never pushed to */
    synchronized Optional<List<String>> tags(String repository) {
        return Optional.ofNullable(repositories.get(repository)).map(held -> List.copyOf(held.tags.keySet()));
    }
}
