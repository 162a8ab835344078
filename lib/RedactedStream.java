//SOURCES Redactor.java
package lib;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** The stream of {@link Redactor#over(OutputStream)}, which one thread may close while another writes. */
final class RedactedStream extends FilterOutputStream {
    private byte[] waiting = new byte[0];

    RedactedStream(OutputStream out) {
        super(out);
    }

    @Override
    public synchronized void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int count) throws IOException {
        byte[] text = Arrays.copyOf(waiting, waiting.length + count);
        System.arraycopy(bytes, from, text, waiting.length, count);
        pass(text, false);
    }

    /** Hands on what waited, too: nothing comes after it. */
    @Override
    public synchronized void close() throws IOException {
        pass(waiting, true);
        super.close();
    }

    private void pass(byte[] text, boolean whole) throws IOException {
        ByteArrayOutputStream masked = new ByteArrayOutputStream(text.length + 16);
        int passed = Redactor.over(text, whole, masked);
        waiting = Arrays.copyOfRange(text, passed, text.length);
        masked.writeTo(out);
    }
}
