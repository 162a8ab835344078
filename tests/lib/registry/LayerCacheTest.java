package lib.registry;

import static lib.registry.ImagePush.Compression.GZIP;
import static lib.registry.ImagePush.Compression.ZSTD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import harness.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.ImageReference.Digest;
import lib.registry.ImageManifest.Descriptor;
import lib.registry.ImagePush.LayerCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerCacheTest {
    private static final Digest PLAIN = Digest.of(SampleImage.bytes("plain"));
    private static final Descriptor PACKED = new Descriptor("any", Digest.of(SampleImage.bytes("packed")), 6);
    private static final Optional<LayerCache.Entry> KNOWN = Optional.of(new LayerCache.Entry(PACKED.digest(), 6));

    @TempDir
    Path folder;

    @Test
    void remembersFromOneRunToTheNext() {
        save(PLAIN, PACKED);
        assertEquals(KNOWN, found());
    }

    @Test
    void whatALayerBecameByOneCompressionSaysNothingOfAnother() throws IOException {
        save(PLAIN, PACKED);
        assertEquals(Optional.empty(), LayerCache.at(file()).find(PLAIN, ZSTD));
        Files.writeString(file(), Files.readString(file()).replace(" gzip", " zstd"));
        assertEquals(Optional.empty(), LayerCache.at(file()).find(PLAIN, ZSTD));
    }

    @Test
    void putsAWrongSizeRight() {
        save(PLAIN, new Descriptor("any", PACKED.digest(), 7));
        save(PLAIN, PACKED);
        assertEquals(KNOWN, found());
    }

    @Test
    void keepsWhatAnotherRunWroteMeanwhile() {
        LayerCache one = LayerCache.at(file());
        LayerCache two = LayerCache.at(file());
        one.remember(PLAIN, GZIP, PACKED);
        one.save();
        two.remember(PACKED.digest(), GZIP, PACKED);
        two.save();
        assertTrue(LayerCache.at(file()).find(PLAIN, GZIP).isPresent());
        assertTrue(LayerCache.at(file()).find(PACKED.digest(), GZIP).isPresent());
    }

    @Test
    void countsACorruptFileAsEmptyAndReplacesIt() throws IOException {
        for (String corrupt : List.of("", "{", "[]", "null", "{\"sha256:1\":2}", "{\"" + PLAIN + "\":{\"size\":-1}}")) {
            Files.createDirectories(file().getParent());
            Files.writeString(file(), corrupt);
            assertEquals(Optional.empty(), found(), corrupt);
            save(PLAIN, PACKED);
            assertEquals(KNOWN, found(), corrupt);
        }
    }

    @Test
    void anEntryThatWasDamagedDoesNotCount() throws IOException {
        save(PLAIN, PACKED);
        String whole = Files.readString(file());
        String other = Digest.of(SampleImage.bytes("other")).hex();
        for (String damaged : List.of(
                whole.replace(PLAIN.hex(), other),
                whole.replace(PACKED.digest().hex(), other),
                whole.replace("\"size\":6", "\"size\":7"),
                whole.replaceFirst("\"checksum\":\"[0-9a-f]+\"", "\"checksum\":\"\""))) {
            assertFalse(damaged.equals(whole));
            Files.writeString(file(), damaged);
            assertEquals(Optional.empty(), found(), damaged);
            assertEquals(Optional.empty(), LayerCache.at(file()).find(new Digest("sha256:" + other), GZIP), damaged);
        }
    }

    @Test
    void whatOthersCanWriteIsNotBelievedAndNothingIsWrittenThere() throws IOException {
        for (Path shared : List.of(file(), file().getParent())) {
            for (String permissions : List.of("rwxrwx---", "rwx----w-")) {
                save(PLAIN, PACKED);
                Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString(permissions));
                assertEquals(Optional.empty(), found(), shared + " " + permissions);
                if (!shared.equals(file())) {
                    String before = Files.readString(file());
                    save(PACKED.digest(), PACKED);
                    assertEquals(before, Files.readString(file()));
                }
                Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwx------"));
            }
        }
    }

    @Test
    void whatAnotherUserOwnsIsNotBelieved() throws IOException {
        for (Path foreign : List.of(file(), file().getParent())) {
            save(PLAIN, PACKED);
            assertEquals(KNOWN, found());
            boolean given =
                    Command.of("chown", "12345", foreign.toString()).run().exitCode() == 0;
            assumeTrue(given, "only root can give a file to another user");
            assertEquals(Optional.empty(), found(), foreign.toString());
            Command.of("chown", "0", foreign.toString()).run().succeeded();
        }
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        save(PLAIN, PACKED);
        Path elsewhere = Files.move(file(), folder.resolve("elsewhere"));
        Files.createSymbolicLink(file(), elsewhere);
        assertEquals(Optional.empty(), found());
        Files.move(elsewhere, file(), StandardCopyOption.REPLACE_EXISTING);
        Path moved = Files.move(file().getParent(), folder.resolve("moved"));
        Files.createSymbolicLink(file().getParent(), moved);
        assertEquals(Optional.empty(), found());
    }

    @Test
    void itsFolderAndFileAreThisUsersAlone() throws IOException {
        save(PLAIN, PACKED);
        assertEquals("rwx------", permissions(file().getParent()));
        assertEquals("rw-------", permissions(file()));
    }

    @Test
    void aFolderThatCannotBeWrittenCostsNothingButTime() throws IOException {
        Files.writeString(folder.resolve("file"), "");
        LayerCache cache = LayerCache.at(folder.resolve("file/cache/layers.json"));
        cache.remember(PLAIN, GZIP, PACKED);
        cache.save();
        assertTrue(cache.find(PLAIN, GZIP).isPresent());
    }

    @Test
    void liesInTheUsersCacheFolderAndARelativeOneCountsAsUnset() {
        saveAs(Map.of("XDG_CACHE_HOME", folder.toString()));
        assertTrue(Files.isRegularFile(folder.resolve("systemprompt-deploy/layers.json")));
        saveAs(Map.of("XDG_CACHE_HOME", "relative", "HOME", folder.toString()));
        assertTrue(Files.isRegularFile(folder.resolve(".cache/systemprompt-deploy/layers.json")));
        saveAs(Map.of("XDG_CACHE_HOME", "relative", "HOME", "relative"));
        assertFalse(Files.exists(Path.of("relative")));
    }

    private static void saveAs(Map<String, String> environment) {
        LayerCache cache = LayerCache.ofUser(environment);
        cache.remember(PLAIN, GZIP, PACKED);
        cache.save();
    }

    private void save(Digest layer, Descriptor pushed) {
        LayerCache cache = LayerCache.at(file());
        cache.remember(layer, GZIP, pushed);
        cache.save();
    }

    private Optional<LayerCache.Entry> found() {
        return LayerCache.at(file()).find(PLAIN, GZIP);
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private Path file() {
        return folder.resolve("cache/layers.json");
    }
}
