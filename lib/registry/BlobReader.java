package lib.registry;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/** A blob's bytes for one upload, digested as they pass. */
interface BlobReader extends Closeable {

    /** In bytes; empty when only the end of the reading tells. */
    OptionalLong length();

    /**
     * The next bytes; empty at the end.
     *
     * @throws lib.Failure {@code CONFIG}, before the last bytes are given, when they are not what the archive says
     */
    Optional<ByteBuffer> next() throws IOException, InterruptedException;

    /** What was read, after the end. */
    Descriptor finish();

    /** The same blob from its start, as often as it is needed. */
    @FunctionalInterface
    interface Source {
        BlobReader open() throws IOException;
    }
}
