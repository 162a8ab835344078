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
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import lib.Json;
import lib.Redactor;
import lib.Secret;

/**
 * A standard stream of this process. Nothing else writes there, so that every secret is masked, whoever said it. Whoever
 * uses it from several threads holds one lock for that.
 */
final class Output {
    /** Control and format characters, which a terminal may obey, but newlines and tabs. */
    private static final Pattern MOVING = Pattern.compile("[\\p{Cc}\\p{Cf}&&[^\n\t]]");

    private final PrintStream stream;
    private final boolean readForCommands;
    private boolean midLine;

    /** @param readForCommands whether GitHub Actions looks for its commands in what is written */
    Output(PrintStream stream, boolean readForCommands) {
        this.stream = stream;
        this.readForCommands = readForCommands;
    }

    /** One in UTF-8, as JSON is and people read wherever it can be: Java would write question marks without a locale. */
    static Output of(PrintStream stream, Map<String, String> variables) {
        return new Output(new PrintStream(stream, false, StandardCharsets.UTF_8), isReadForCommands(variables));
    }

    static Output stdout(Map<String, String> variables) {
        return of(System.out, variables);
    }

    static Output stderr(Map<String, String> variables) {
        return of(System.err, variables);
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
        println(defused(Redactor.over(text)));
    }

    /** A line that GitHub Actions is to take for a command. */
    void command(String text) {
        println(Redactor.over(text));
    }

    /** Has GitHub Actions mask a secret that is shown on purpose, since its logs are kept. Not for stdout, which is data. */
    void mask(Secret secret) {
        if (readForCommands) println("::add-mask::" + secret.reveal().replace("%", "%25"));
    }

    /** A text with one secret that is shown on purpose. */
    void text(String text, Optional<Secret> shown) {
        println(defused(MOVING.matcher(Redactor.over(text, shown)).replaceAll("?")));
    }

    /** One line of JSON, with one secret that is shown on purpose. What a terminal would obey is escaped. */
    void json(JsonNode json, Optional<Secret> shown) {
        // Between the texts of JSON there is nothing that would be escaped.
        String line = MOVING.matcher(Json.line(Redactor.over(json, shown))).replaceAll(Output::escaped);
        println(readForCommands ? line.replace("##[", "#\\u0023[") : line);
    }

    private static String escaped(MatchResult moving) {
        StringBuilder escaped = new StringBuilder();
        for (char unit : moving.group().toCharArray()) escaped.append(String.format("\\\\u%04x", (int) unit));
        return escaped.toString();
    }

    private void println(String text) {
        if (midLine) stream.println();
        midLine = false;
        stream.println(text);
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
        return MOVING.matcher(text).find() ? MOVING.matcher(Redactor.over(text)).replaceAll("?") : text;
    }

    /**
     * The text without a line that would be a command: one that visibly begins with two colons, or, as of old, has {@code
     * ##[} anywhere. Source: actions/runner, ActionCommand.
     */
    private String defused(String text) {
        if (!readForCommands) return text;
        return text.replaceAll("(?m)^([^\\p{L}\\p{N}\\p{P}\\p{S}]*):(?=:)", "$1: ")
                .replace("##[", "# #[");
    }
}
