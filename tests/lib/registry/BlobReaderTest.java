package lib.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import lib.ImageReference.Digest;
import lib.Parallel;
import lib.registry.ArchiveFiles.FileRegion;
import lib.registry.ImageManifest.Descriptor;
import lib.registry.ImageManifest.Layer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobReaderTest {
    private static final int BLOCK = BlobReader.Deflated.BLOCK;

    @TempDir
    Path folder;

    @Test
    void unpacksToTheSameBytesWhateverTheSize() throws Exception {
        for (int size : new int[] {0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 5 * BLOCK + 77}) {
            byte[] plain = mixed(size);
            assertArrayEquals(plain, new GZIPInputStream(new ByteArrayInputStream(packed(plain, 2))).readAllBytes());
        }
    }

    @Test
    void givesTheSameBytesWithAnyNumberOfThreads() throws Exception {
        byte[] plain = mixed(9 * BLOCK + 1000);
        assertArrayEquals(packed(plain, 1), packed(plain, 4));
    }

    @Test
    void tellsTheDigestAndSizeOfWhatItGave() throws Exception {
        byte[] plain = mixed(2 * BLOCK);
        byte[] packed = packed(plain, 2);
        try (Parallel compressors = new Parallel("test", 2);
                BlobReader reader = reader(plain, compressors)) {
            while (reader.next().isPresent()) continue;
            Descriptor descriptor = reader.finish();
            assertEquals(Digest.of(packed), descriptor.digest());
            assertEquals(packed.length, descriptor.size());
            assertEquals("application/vnd.docker.image.rootfs.diff.tar.gzip", descriptor.mediaType());
        }
    }

    @Test
    void losesLittleOnWhatCannotBeMadeSmaller() throws Exception {
        byte[] noise = new byte[8 * BLOCK];
        new Random(1).nextBytes(noise);
        assertTrue(packed(noise, 2).length < noise.length + noise.length / 1000);
    }

    /** Text, then noise, then text: blocks that are compressed next to blocks that are stored. */
    private static byte[] mixed(int size) {
        byte[] bytes = new byte[size];
        Random random = new Random(size);
        for (int i = 0; i < size; i++)
            bytes[i] = (byte) (i / BLOCK % 2 == 0 ? "abcdefgh".charAt(random.nextInt(8)) : random.nextInt(256));
        return bytes;
    }

    private byte[] packed(byte[] plain, int threads) throws IOException, InterruptedException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (Parallel compressors = new Parallel("test", threads);
                BlobReader reader = reader(plain, compressors)) {
            for (Optional<ByteBuffer> part = reader.next(); part.isPresent(); part = reader.next())
                all.write(part.get().array(), 0, part.get().remaining());
        }
        return all.toByteArray();
    }

    private BlobReader reader(byte[] plain, Parallel compressors) throws IOException {
        Path file = Files.write(folder.resolve("layer"), plain);
        FileRegion content = new FileRegion(file, file, 0, plain.length);
        Layer layer = new Layer(
                new Descriptor(ImageManifest.DOCKER_TAR, Digest.of(plain), plain.length), Optional.of(content));
        return BlobReader.gzipped(layer, content, compressors.threads(), bytes -> {});
    }
}
