package lib.registry;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import lib.Digest;

/**
 * A gzip'd layer in an archive that names its layers by {@code diff_id} alone, as Jib and Bazel make them: read once to
 * learn its digest and to see that its content is what the image's configuration says.
 */
final class PackedLayer {
    private static final int BUFFER = 1 << 16;

    private PackedLayer() {}

    static Layer read(Path archive, Slice content, Digest diffId) throws IOException {
        Sha256 packed = new Sha256();
        Sha256 plain = new Sha256();
        try (InputStream in = content.open();
                InputStream hashed = new Hashing(in, packed);
                GZIPInputStream unzipped = new GZIPInputStream(hashed, BUFFER)) {
            byte[] buffer = new byte[BUFFER];
            for (int n = unzipped.read(buffer); n >= 0; n = unzipped.read(buffer)) plain.update(buffer, 0, n);
            while (hashed.read(buffer) >= 0) continue;
        } catch (ZipException | EOFException e) {
            throw NotAnImage.damaged(archive, "layer " + diffId + " is not a whole gzip")
                    .causedBy(e);
        }
        if (!plain.finish().equals(diffId))
            throw NotAnImage.damaged(archive, "layer " + diffId + " has another content");
        Descriptor descriptor = new Descriptor(Manifest.DOCKER_TAR + ".gzip", packed.finish(), content.size());
        return new Layer(descriptor, Optional.of(content));
    }

    private static final class Hashing extends FilterInputStream {
        private final Sha256 hash;

        Hashing(InputStream in, Sha256 hash) {
            super(in);
            this.hash = hash;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int from, int count) throws IOException {
            int got = super.read(target, from, count);
            if (got > 0) hash.update(target, from, got);
            return got;
        }
    }
}
