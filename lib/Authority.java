package lib;

import java.net.URI;
import java.net.URISyntaxException;

/** The host and the port of an address, checked before {@code java.net.http} throws at them. */
public final class Authority {
    private static final int LAST_PORT = 65_535;

    private Authority() {}

    /** Whether a request could be sent there: the address has a host, and no port that does not exist. */
    public static boolean isUsable(URI address) {
        int port = address.getPort();
        return address.getHost() != null && port != 0 && port <= LAST_PORT;
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
