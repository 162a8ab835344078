//SOURCES ../ImageReference.java
package lib.docker;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lib.ImageReference;

/**
 * What is built.
 *
 * @param context the build context's folder
 * @param arguments each {@code NAME=VALUE}
 * @param platform such as {@code linux/amd64}
 */
public record Build(
        Path context,
        Path dockerfile,
        ImageReference image,
        String platform,
        List<String> arguments,
        Map<String, String> labels,
        boolean noCache) {
    public Build {
        arguments = List.copyOf(arguments);
        labels = new java.util.TreeMap<>(labels);
    }
}
