package lib.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An OCI layout as a folder. Links are followed, since build tools make layouts of links and every blob is verified.
 */
record FolderStore(Path path) implements Store {
    @Override
    public Optional<Slice> find(String name) {
        if (MemberName.of(name).filter(name::equals).isEmpty()) throw NotAnImage.escapes(path, name);
        Path file = path.resolve(name);
        if (!Files.isRegularFile(file)) return Optional.empty();
        try {
            return Optional.of(new Slice(file, 0, Files.size(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
