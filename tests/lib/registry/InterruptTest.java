package lib.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterruptTest {
    @TempDir
    Path folder;

    @Test
    void stopsAPushAtOnceWhereverItIsAndLeavesNoThread() throws Exception {
        for (String moment : List.of("GET", "HEAD", "POST", "PATCH", "PUT /v2/acme/blobs", "PUT /v2/acme/manifests"))
            interruptedAt(moment);
    }

    private void interruptedAt(String moment) throws Exception {
        byte[] layer = SampleImage.noise(1, 8 << 20);
        Path archive = SampleImage.write(
                folder.resolve("a.tar"), SampleImage.of(layer, new byte[4000]).dockerSave());
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        try (FakeRegistry registry = new FakeRegistry(FakeRegistry.Auth.BASIC)) {
            registry.fault = exchange -> {
                boolean here = (exchange.getRequestMethod() + " " + exchange.getRequestURI()).startsWith(moment);
                if (here) reached.countDown();
                return here && waited(never);
            };
            AtomicReference<Throwable> end = new AtomicReference<>();
            Thread push = new Thread(() -> {
                try {
                    new Pushing().push(archive, registry.name(), "acme", "one");
                } catch (RefusedException | InterruptedException | RuntimeException e) {
                    end.set(e);
                }
            });
            push.start();
            assertTrue(reached.await(10, TimeUnit.SECONDS), moment);
            push.interrupt();
            push.join(10_000);
            never.countDown();
            assertInstanceOf(InterruptedException.class, end.get(), moment);
            // A thread's last step comes after its pool is over.
            for (int wait = 0; wait < 50 && threadsLeft() > 0; wait++) Thread.sleep(20);
            assertEquals(0, threadsLeft(), moment);
            assertTrue(registry.manifests.isEmpty());
        }
    }

    private static long threadsLeft() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("layer-"))
                .count();
    }

    private static boolean waited(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }
}
