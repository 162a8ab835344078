//SOURCES ../Failure.java
//SOURCES ../cli/CommonOptions.java
//SOURCES ../cli/Run.java
//SOURCES ../docker/PushedImage.java
//SOURCES FlowOptions.java
//SOURCES ImageOptions.java
//SOURCES Pushable.java
//SOURCES Session.java
package lib.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.Failure;
import lib.cli.CommonOptions;
import lib.cli.Run;
import lib.docker.PushedImage;

/**
 * The command that goes on where a deploy stopped.
 *
 * @param variables that must be set for it
 */
public record Resume(CommonOptions common, List<String> options, List<String> variables) {
    /** After the build: pushes the image that is there. */
    public static Resume pushing(Session session, Pushable image, ImageOptions options, FlowOptions flow) {
        List<String> words = joined(image.asOptions(), joined(options.wordsForPush(), flow.words()));
        return new Resume(session.options(), words, image.variables());
    }

    /** After the push: deploys the image that the registry holds. */
    public static Resume deploying(Session session, PushedImage image, FlowOptions flow) {
        List<String> words = List.of("--image", image.reference().toString(), "--skip-push");
        return new Resume(session.options(), joined(words, flow.words()), List.of());
    }

    private static List<String> joined(List<String> words, List<String> more) {
        return Stream.concat(words.stream(), more.stream()).toList();
    }

    /** Does the work; a failure of it tells how to go on. */
    public <T> T after(Run.Work<T> work) throws InterruptedException {
        try {
            return work.get();
        } catch (Failure failure) {
            throw failure.resume().isPresent() ? failure : failure.resumedBy(command(), condition());
        }
    }

    String command() {
        List<String> words = new ArrayList<>(List.of("just", "deploy"));
        common.project().ifPresent(folder -> words.addAll(List.of("-C", folder.toString())));
        common.profiles().forEach(profile -> words.addAll(List.of("-p", profile)));
        words.addAll(options);
        return words.stream().map(Resume::quoted).collect(Collectors.joining(" "));
    }

    private String condition() {
        return variables.isEmpty() ? "" : String.join(", ", variables) + " must be set in the environment";
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:@%+=,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
