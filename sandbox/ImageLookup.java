package sandbox;

import java.util.Optional;
import lib.Digest;
import lib.Reference;

/** Asks a registry for an image. */
interface ImageLookup {
    /** @param answered whether the registry could be asked at all; without it there is no digest */
    record Answer(boolean answered, Optional<Digest> digest) {
        boolean isMissing() {
            return answered && digest.isEmpty();
        }
    }

    Answer find(Reference image);
}
