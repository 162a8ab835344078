package sandbox;

import org.eclipse.jetty.http.HttpStatus;

/** How one of the servers words an error. */
interface Refusals {
    /** An error in the server's own envelope. */
    Response worded(int status, String message);

    /** An error as a proxy in front of the server would word it: without an envelope. */
    default Response bare(int status) {
        return Response.text(status, HttpStatus.getMessage(status));
    }
}
