package sandbox;

/** A request that the registry refuses, with the answer that says why. */
final class OciException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Response answer;

    OciException(OciError error, String message) {
        super(message);
        this.answer = error.saying(message);
    }

    Response answer() {
        return answer;
    }
}
