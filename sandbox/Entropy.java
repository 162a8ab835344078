package sandbox;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Random text. */
final class Entropy {
    private static final String CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private final SecureRandom random = new SecureRandom();

    String hex(int bytes) {
        return HexFormat.of().formatHex(bytes(bytes));
    }

    String base64url(int bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(bytes));
    }

    /** 26 characters that sort by their time of birth. Source: the ULID specification. */
    String sortable(long millis) {
        StringBuilder id = new StringBuilder();
        for (int shift = 45; shift >= 0; shift -= 5) id.append(CROCKFORD.charAt((int) (millis >>> shift & 31)));
        for (byte one : bytes(16)) id.append(CROCKFORD.charAt(one & 31));
        return id.toString();
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
