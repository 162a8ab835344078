package fuzz;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/** A reader of bytes from elsewhere, and the inputs that it is tried with. */
public interface Subject {
    /** Returns an input that was real before somebody damaged it. */
    byte[] input(Random random) throws IOException;

    /**
     * Reads an input. Only a {@link lib.Failure} of code {@code CONFIG} or {@code PROTOCOL} may come out.
     *
     * @param folder an empty one, for what the reader needs on the disk
     */
    void read(byte[] input, Path folder) throws Exception;
}
