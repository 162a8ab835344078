package sandbox;

/** What goes back over the wire: an answer, or one of the ways in which an answer fails to come. */
sealed interface Reply permits Response, Reply.Truncated, Reply.Hangup, Reply.Reset {

    /** The head of the answer and half its body, then the end of the connection. */
    record Truncated(Response answer) implements Reply {}

    /** An orderly end of the connection without an answer. */
    record Hangup() implements Reply {}

    /** A TCP reset. */
    record Reset() implements Reply {}
}
