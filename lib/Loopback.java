package lib;

/** This machine, by the name of a host alone: without a look-up, which could be led elsewhere. */
public final class Loopback {
    private Loopback() {}

    /** @param host as a URI names it, an IPv6 address in brackets */
    public static boolean is(String host) {
        return host.equalsIgnoreCase("localhost")
                || host.equals("[::1]")
                || host.matches("127(?:\\.(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})){3}");
    }
}
