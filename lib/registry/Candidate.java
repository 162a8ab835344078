package lib.registry;

import java.util.List;
import java.util.function.Supplier;

/** One of the images that an archive holds; its layers are looked at only once it is chosen. */
record Candidate(String name, ImageConfig config, Supplier<Image> image) {

    /** The chosen image: manifest and layers in the manifest's order, a repeated layer repeated. */
    record Image(Manifest manifest, List<Layer> layers) {}
}
