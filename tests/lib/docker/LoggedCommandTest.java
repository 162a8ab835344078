package lib.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import lib.Secret;
import org.junit.jupiter.api.Test;

class LoggedCommandTest {
    @Test
    void showsNoValueOfABuildArgumentAndNoInput() {
        Command command = Command.shown(
                        Command.Output.DRAWN_BY_STDERR,
                        List.of(
                                "docker",
                                "build",
                                "--build-arg=TOKEN=s3cret=\nx",
                                "--build-arg=FROM_ENV",
                                "--label=a=b",
                                "."))
                .reading(Secret.of("s3cret"));
        assertEquals("docker build --build-arg=TOKEN=**** --build-arg=FROM_ENV --label=a=b .", command.toString());
    }
}
