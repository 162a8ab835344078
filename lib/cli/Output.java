//SOURCES ../Json.java
//SOURCES ../Redactor.java
//SOURCES ../Secret.java
package lib.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import lib.Json;
import lib.Redactor;
import lib.Secret;

/**
 * A standard stream of this process. Nothing else writes there, so that every secret is masked, whoever said it.
 *
 * <p>Whoever uses it from several threads holds one lock for that.
 */
final class Output {
    private final PrintStream stream;
    private final boolean readForCommands;
    private boolean midLine;

    /** @param readForCommands whether GitHub Actions looks for its commands in what is written */
    Output(PrintStream stream, boolean readForCommands) {
        this.stream = stream;
        this.readForCommands = readForCommands;
    }

    static Output stdout(Map<String, String> variables) {
        return new Output(utf8(System.out), isReadForCommands(variables));
    }

    static Output stderr(Map<String, String> variables) {
        return new Output(utf8(System.err), isReadForCommands(variables));
    }

    // JSON is UTF-8, and what people read is so wherever it can be: Java would write question marks without a locale.
    private static PrintStream utf8(PrintStream stream) {
        return new PrintStream(stream, false, StandardCharsets.UTF_8);
    }

    static boolean isReadForCommands(Map<String, String> variables) {
        return "true".equals(variables.get("GITHUB_ACTIONS"));
    }

    /** Text of ours, which may move the cursor; what it holds from outside is {@link #plain}. */
    void print(String text) {
        stream.print(Redactor.over(text));
        stream.flush();
    }

    /** One of ours, or several, also after a child that ended in the middle of one; none is a command of GitHub Actions. */
    void line(String text) {
        freshLine(readForCommands ? defused(Redactor.over(text)) : Redactor.over(text));
    }

    /** A line that GitHub Actions is to take for a command. */
    void command(String text) {
        freshLine(Redactor.over(text));
    }

    /**
     * Has GitHub Actions mask a secret that is shown on purpose, since its logs are kept. Not on stdout, which a program may
     * read.
     */
    void mask(Secret secret) {
        if (readForCommands) freshLine("::add-mask::" + secret.reveal().replace("%", "%25"));
    }

    private void freshLine(String text) {
        if (midLine) stream.println();
        midLine = false;
        stream.println(text);
        stream.flush();
    }

    /** A text with one secret that is shown on purpose. */
    void text(String text, Optional<Secret> shown) {
        String plain = replacing(Redactor.over(text, shown), false);
        stream.println(readForCommands ? defused(plain) : plain);
        stream.flush();
    }

    /** One line of JSON, with one secret that is shown on purpose. What a terminal would obey is escaped. */
    void json(JsonNode json, Optional<Secret> shown) {
        // Between the texts of JSON there is nothing that would be escaped.
        String line = replacing(Json.line(Redactor.over(json, shown)), true);
        stream.println(readForCommands ? defusedJson(line) : line);
        stream.flush();
    }

    /** Whether stdout took less than was written. A reader that has gone wanted no more. */
    boolean isLost() {
        if (!stream.checkError()) return false;
        try {
            int type = (int) Files.getAttribute(Path.of("/dev/fd/1"), "unix:mode") & 0170000;
            return type != 0010000 && type != 0140000; // neither a pipe nor a socket
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return true;
        }
    }

    /**
     * What a child writes, to the byte but for secrets.
     *
     * @param lock what every writer holds
     * @param whenClosed done once, under the lock; what comes later is dropped
     */
    OutputStream ofChild(Object lock, Runnable whenClosed) {
        return Redactor.over(new OutputStream() {
            private boolean closed;

            @Override
            public void write(int one) {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int count) {
                synchronized (lock) {
                    if (closed || count == 0) return;
                    stream.write(bytes, from, count);
                    stream.flush();
                    byte last = bytes[from + count - 1];
                    midLine = last != '\n' && last != '\r';
                }
            }

            @Override
            public void close() {
                synchronized (lock) {
                    if (!closed) whenClosed.run();
                    closed = true;
                }
            }
        });
    }

    /** The name of a file, a profile or an image may hold anything. Lines stay lines. */
    static String plain(String text) {
        // What is replaced could be a part of a secret, which would not be known for one any more.
        return isPlain(text) ? text : replacing(Redactor.over(text), false);
    }

    private static boolean isPlain(String text) {
        for (int at = 0; at < text.length(); at = text.offsetByCodePoints(at, 1))
            if (moves(text.codePointAt(at))) return false;
        return true;
    }

    private static String replacing(String text, boolean escaping) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int at = 0, size; at < text.length(); at += size) {
            int character = text.codePointAt(at);
            size = Character.charCount(character);
            if (!moves(character)) plain.appendCodePoint(character);
            else if (!escaping) plain.append('?');
            else for (int i = at; i < at + size; i++) plain.append(String.format("\\u%04x", (int) text.charAt(i)));
        }
        return plain.toString();
    }

    /** Whether it is a control or format character but a newline or a tab. */
    private static boolean moves(int character) {
        int type = Character.getType(character);
        return (type == Character.CONTROL || type == Character.FORMAT) && character != '\n' && character != '\t';
    }

    /**
     * The text without a line that would be a command: one that visibly begins with two colons, or, as of old, has {@code
     * ##[} anywhere. Source: actions/runner, ActionCommand.
     */
    private static String defused(String text) {
        return text.replaceAll("(?m)^([^\\p{L}\\p{N}\\p{P}\\p{S}]*):(?=:)", "$1: ")
                .replace("##[", "# #[");
    }

    /** The same line of JSON, with no command in it. */
    private static String defusedJson(String json) {
        return json.replace("##[", "#\\u0023[");
    }
}
