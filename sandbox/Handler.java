package sandbox;

import java.io.IOException;

/** Answers a request. */
interface Handler {
    /** @throws IOException when the client goes away in the middle of its body, or the disk fails */
    Reply handle(Request request) throws IOException;
}
