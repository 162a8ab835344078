package lib.preflight;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SideBySideTest {
    @Test
    void anErrorOfJavaComesBackAsTheOneItIs() {
        Error full = new OutOfMemoryError();
        try (SideBySide threads = new SideBySide(1)) {
            SideBySide.Later<Void> work = threads.start(() -> {
                throw full;
            });
            assertSame(full, assertThrows(Error.class, work::get));
        }
    }
}
