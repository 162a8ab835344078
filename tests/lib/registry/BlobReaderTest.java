package lib.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
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
import lib.registry.ImagePush.Compression;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BlobReaderTest {
    private static final int BLOCK = BlockCompression.Gzip.BLOCK;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void unpacksToTheSameBytesWhateverTheSize(Compression kind) throws Exception {
        int block = BlockCompression.of(kind).blockSize();
        for (int size : new int[] {0, 1, block - 1, block, block + 1, 3 * block, 5 * block + 77}) {
            byte[] plain = mixed(size);
            assertArrayEquals(plain, unpacked(kind, packed(kind, plain, 2)));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void givesTheSameBytesWithAnyNumberOfThreads(Compression kind) throws Exception {
        byte[] plain = mixed(9 * BLOCK + 1000);
        assertArrayEquals(packed(kind, plain, 1), packed(kind, plain, 4));
    }

    @ParameterizedTest
    @CsvSource({
        "GZIP, application/vnd.docker.image.rootfs.diff.tar.gzip",
        "ZSTD, application/vnd.oci.image.layer.v1.tar+zstd"
    })
    void tellsTheDigestSizeAndTypeOfWhatItGave(Compression kind, String mediaType) throws Exception {
        byte[] plain = mixed(2 * BLOCK);
        byte[] packed = packed(kind, plain, 2);
        try (Parallel compressors = new Parallel("test", 2);
                BlobReader reader = reader(kind, plain, compressors)) {
            while (reader.next().isPresent()) continue;
            assertEquals(new Descriptor(mediaType, Digest.of(packed), packed.length), reader.finish());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void losesLittleOnWhatCannotBeMadeSmaller(Compression kind) throws Exception {
        byte[] noise = new byte[8 * BLOCK];
        new Random(1).nextBytes(noise);
        assertTrue(packed(kind, noise, 2).length < noise.length + noise.length / 1000);
    }

    /** A chunk of no bytes ends a chunked body. */
    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void noPartIsEmpty(Compression kind) throws Exception {
        try (Parallel compressors = new Parallel("test", 2);
                BlobReader reader = reader(kind, mixed(BLOCK), compressors)) {
            for (Optional<ByteBuffer> part = reader.next(); part.isPresent(); part = reader.next())
                assertTrue(part.get().hasRemaining());
        }
    }

    private static byte[] unpacked(Compression kind, byte[] packed) throws IOException {
        InputStream in = new ByteArrayInputStream(packed);
        try (InputStream plain = kind == Compression.GZIP ? new GZIPInputStream(in) : new ZstdInputStream(in)) {
            return plain.readAllBytes();
        }
    }

    /** Text, then noise, then text: blocks that are compressed next to blocks that are stored. */
    private static byte[] mixed(int size) {
        byte[] bytes = new byte[size];
        Random random = new Random(size);
        for (int i = 0; i < size; i++)
            bytes[i] = (byte) (i / BLOCK % 2 == 0 ? "abcdefgh".charAt(random.nextInt(8)) : random.nextInt(256));
        return bytes;
    }

    private byte[] packed(Compression kind, byte[] plain, int threads) throws IOException, InterruptedException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (Parallel compressors = new Parallel("test", threads);
                BlobReader reader = reader(kind, plain, compressors)) {
            for (Optional<ByteBuffer> part = reader.next(); part.isPresent(); part = reader.next())
                all.write(part.get().array(), 0, part.get().remaining());
        }
        return all.toByteArray();
    }

    private BlobReader reader(Compression kind, byte[] plain, Parallel compressors) throws IOException {
        Path file = Files.write(folder.resolve("layer"), plain);
        FileRegion content = new FileRegion(file, file, 0, plain.length);
        Layer layer = new Layer(
                new Descriptor(ImageManifest.DOCKER_TAR, Digest.of(plain), plain.length), Optional.of(content));
        return BlobReader.compressed(layer, content, BlockCompression.of(kind), compressors.threads(), bytes -> {});
    }
}
