package lib.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerCacheTest {
    private static final Digest PLAIN = Digest.of(SampleImage.bytes("plain"));
    private static final Descriptor PACKED = new Descriptor("any", Digest.of(SampleImage.bytes("packed")), 6);

    @TempDir
    Path folder;

    @Test
    void remembersFromOneRunToTheNext() {
        LayerCache first = LayerCache.at(file());
        first.remember(PLAIN, PACKED, "127.0.0.1:1/acme");
        first.save();
        assertEquals(
                Optional.of(new LayerCache.Entry(PACKED.digest(), 6, List.of("127.0.0.1:1/acme"))),
                LayerCache.at(file()).find(PLAIN));
    }

    @Test
    void putsAWrongSizeRight() {
        LayerCache wrong = LayerCache.at(file());
        wrong.remember(PLAIN, new Descriptor("any", PACKED.digest(), 7), "r/one");
        wrong.save();
        LayerCache next = LayerCache.at(file());
        next.remember(PLAIN, PACKED, "r/one");
        next.save();
        assertEquals(
                Optional.of(new LayerCache.Entry(PACKED.digest(), 6, List.of("r/one"))),
                LayerCache.at(file()).find(PLAIN));
    }

    @Test
    void keepsWhatAnotherRunWroteMeanwhile() {
        LayerCache one = LayerCache.at(file());
        LayerCache two = LayerCache.at(file());
        one.remember(PLAIN, PACKED, "r/one");
        one.save();
        two.remember(PACKED.digest(), PACKED, "r/two");
        two.save();
        assertTrue(LayerCache.at(file()).find(PLAIN).isPresent());
        assertTrue(LayerCache.at(file()).find(PACKED.digest()).isPresent());
    }

    @Test
    void countsACorruptFileAsEmptyAndReplacesIt() throws IOException {
        for (String corrupt : List.of("", "{", "[]", "null", "{\"sha256:1\":2}", "{\"" + PLAIN + "\":{\"size\":-1}}")) {
            Files.createDirectories(file().getParent());
            Files.writeString(file(), corrupt);
            LayerCache cache = LayerCache.at(file());
            assertEquals(Optional.empty(), cache.find(PLAIN), corrupt);
            cache.remember(PLAIN, PACKED, "r/one");
            cache.save();
            assertTrue(LayerCache.at(file()).find(PLAIN).isPresent(), corrupt);
        }
    }

    @Test
    void aFolderThatCannotBeWrittenCostsNothingButTime() throws IOException {
        Files.writeString(folder.resolve("file"), "");
        LayerCache cache = LayerCache.at(folder.resolve("file/cache/layers.json"));
        cache.remember(PLAIN, PACKED, "r/one");
        cache.save();
        assertTrue(cache.find(PLAIN).isPresent());
    }

    @Test
    void liesInTheUsersCacheFolder() {
        LayerCache cache = LayerCache.ofUser(Map.of("XDG_CACHE_HOME", folder.toString()));
        cache.remember(PLAIN, PACKED, "r/one");
        cache.save();
        assertTrue(Files.isRegularFile(folder.resolve("systemprompt-deploy/layers.json")));
    }

    private Path file() {
        return folder.resolve("cache/layers.json");
    }
}
