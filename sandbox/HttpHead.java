package sandbox;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The first lines of a request. Source: RFC 9112, 3 and 5. */
record HttpHead(String method, String target, boolean persistent, Fields headers) {
    private static final int LINE_LIMIT = 64 << 10;
    private static final int FIELD_LIMIT = 200;

    /** @return empty when the client has closed instead of asking again */
    static Optional<HttpHead> read(InputStream in) throws IOException {
        in.mark(1);
        if (in.read() < 0) return Optional.empty();
        in.reset();
        String[] words = line(in).split(" ");
        if (words.length != 3 || !words[2].startsWith("HTTP/1.")) throw new IOException("not an HTTP request");
        List<Fields.Field> fields = new ArrayList<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon < 1 || fields.size() == FIELD_LIMIT) throw new IOException("not a header");
            fields.add(new Fields.Field(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        Fields headers = new Fields(fields);
        String connection = headers.first("Connection").orElse("");
        boolean persistent = words[2].equals("HTTP/1.1") && !connection.equalsIgnoreCase("close");
        return Optional.of(new HttpHead(words[0], words[1], persistent, headers));
    }

    static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) throw new EOFException("the head ended early");
            if (line.size() == LINE_LIMIT) throw new IOException("a line without end");
            if (next != '\r') line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    Request request(InputStream body) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        Fields query = mark < 0 ? Fields.none() : Fields.ofForm(target.substring(mark + 1));
        return new Request(method, path, query, headers, body);
    }
}
