package lib;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/** The host and the port of an address, checked before {@code java.net.http} throws at them. */
public final class Authority {
    private static final int LAST_PORT = 65_535;

    /** Characters of a host and of each part of it. Source: RFC 1035, 2.3.4. */
    private static final int HOST_LIMIT = 253;

    private static final Pattern LONG_LABEL = Pattern.compile("[^.]{64}");

    private Authority() {}

    /** Whether a request could be sent there: the address has a host that can be, and no port that does not exist. */
    public static boolean isUsable(URI address) {
        String host = address.getHost();
        int port = address.getPort();
        return host != null
                && host.length() <= HOST_LIMIT
                && !LONG_LABEL.matcher(host).find()
                && port != 0
                && port <= LAST_PORT;
    }

    /** Whether what is sent there can't be read on the way: it goes by TLS, or stays on this machine. */
    public static boolean isPrivate(URI address) {
        return "https".equalsIgnoreCase(address.getScheme())
                || "http".equalsIgnoreCase(address.getScheme())
                        && address.getHost() != null
                        && isLoopback(address.getHost());
    }

    /**
     * Whether it is this machine, by its name alone: a look-up could be led elsewhere.
     *
     * @param host as a URI names it, an IPv6 address in brackets
     */
    public static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost")
                || host.equals("[::1]")
                || host.matches("127(?:\\.(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})){3}");
    }

    /** @param authority {@code host[:port]} */
    static boolean isUsable(String authority) {
        try {
            return isUsable(new URI("https://" + authority));
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
