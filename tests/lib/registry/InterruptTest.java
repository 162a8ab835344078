package lib.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import lib.ImageReference;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sandbox.Cloud;

@Isolated("it counts threads")
class InterruptTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"GET ping", "HEAD blob", "POST uploads", "PATCH upload", "PUT upload", "PUT manifest"})
    void stopsAPushAtOnceWhereverItIsAndLeavesNoThread(String moment) throws Exception {
        byte[] layer = SampleImage.noise(1, 8 << 20);
        Path archive = SampleImage.write(
                folder.resolve("a.tar"), SampleImage.of(layer, new byte[4000]).dockerSave());
        try (Cloud cloud = Cloud.start()) {
            cloud.fault(moment + " stall");
            Pushing pushing = new Pushing();
            pushing.login = Pushing.loginAt(cloud, "ten_demo");
            AtomicReference<Throwable> end = new AtomicReference<>();
            Thread push = new Thread(() -> {
                try {
                    pushing.push(archive, cloud.registryHost(), "sp-demo", "one");
                } catch (InterruptedException | RuntimeException e) {
                    end.set(e);
                }
            });
            push.start();
            for (int wait = 0; wait < 500 && !cloud.faults().isEmpty(); wait++) Thread.sleep(20);
            assertEquals(List.of(), cloud.faults(), "the push has come there");
            push.interrupt();
            push.join(10_000);
            assertInstanceOf(InterruptedException.class, end.get());
            // A thread's last step comes after its pool is over.
            for (int wait = 0; wait < 50 && threadsLeft() > 0; wait++) Thread.sleep(20);
            assertEquals(0, threadsLeft());
            assertEquals(Optional.empty(), cloud.find(ImageReference.of(cloud.registryHost(), "sp-demo", "one")));
        }
    }

    private static long threadsLeft() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("layer-"))
                .count();
    }
}
