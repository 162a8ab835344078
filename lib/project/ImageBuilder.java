package lib.project;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What builds an image, as far as one reads an ignore file otherwise than another. */
public enum ImageBuilder {
    BUILDKIT {
        @Override
        List<String> besideDockerfile() {
            return List.of(".dockerignore");
        }
    },
    /** Docker's first builder: where BuildKit is switched off, or its plugin is missing. */
    CLASSIC,
    PODMAN {
        @Override
        List<String> besideDockerfile() {
            return List.of(".dockerignore", ".containerignore");
        }

        @Override
        List<String> inRoot() {
            return List.of(".containerignore", ".dockerignore");
        }
    };

    /** What is added to the Dockerfile's name. */
    List<String> besideDockerfile() {
        return List.of();
    }

    List<String> inRoot() {
        return List.of(".dockerignore");
    }

    /** The ignore file that is read: the first there is. Where there is none, the one that every builder would read. */
    Path ignoreFile(Path root, Path dockerfile) {
        for (String name : besideDockerfile()) {
            Path file = dockerfile.resolveSibling(dockerfile.getFileName() + name);
            if (Files.exists(file)) return file;
        }
        for (String name : inRoot()) {
            if (Files.exists(root.resolve(name))) return root.resolve(name);
        }
        return root.resolve(".dockerignore");
    }
}
