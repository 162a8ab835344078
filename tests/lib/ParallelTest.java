package lib;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ParallelTest {
    @Test
    void anErrorOfJavaComesBackAsTheOneItIs() {
        Error full = new OutOfMemoryError();
        try (Parallel threads = new Parallel("work", 1)) {
            Parallel.Result<Void> work = threads.start(() -> {
                throw full;
            });
            assertSame(full, assertThrows(Error.class, work::get));
        }
    }
}
