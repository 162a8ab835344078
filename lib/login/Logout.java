//SOURCES ../project/Project.java
//SOURCES ../project/ProjectWriter.java
package lib.login;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lib.project.Project;
import lib.project.ProjectWriter;

/** Forgets a project's credentials, those included that were set aside as corrupt: they may still hold a token. */
public record Logout(Project project) {
    /**
     * @param all the tenants too, which may include local ones
     * @return what was removed, in no need of being there
     * @throws lib.Failure {@code config} when a file cannot be removed
     */
    public List<Path> run(boolean all) {
        List<Path> removed = new ArrayList<>();
        for (Path file : files(all)) {
            if (new ProjectWriter(project).delete(file)) removed.add(file);
        }
        return removed;
    }

    private List<Path> files(boolean all) {
        if (!Files.isDirectory(project.folder())) return List.of();
        try (Stream<Path> files = Files.list(project.folder())) {
            return files.filter(file -> isOurs(file, project.credentials()) || all && isOurs(file, project.tenants()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOurs(Path file, Path named) {
        String name = file.getFileName().toString();
        String usual = named.getFileName().toString();
        boolean leftOver = name.startsWith("." + usual) && name.endsWith(".tmp");
        return name.equals(usual) || name.startsWith(usual + ".corrupt-") || leftOver;
    }
}
