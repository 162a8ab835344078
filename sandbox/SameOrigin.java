package sandbox;

/**
 * Keeps other pages' hands off the sandbox's own: a name that was rebound to 127.0.0.1 fails by its {@code Host}, and a
 * foreign page by its {@code Origin}.
 */
record SameOrigin(String host) {
    boolean isHost(Request request) {
        String asked = request.headers().first("Host").orElse("");
        return asked.equals(host) || asked.equals(host.replace("127.0.0.1", "localhost"));
    }

    boolean mayPost(Request request) {
        String own = "http://" + request.headers().first("Host").orElse("");
        return isHost(request) && request.headers().first("Origin").orElse("").equals(own);
    }
}
