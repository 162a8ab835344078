//SOURCES ../Secret.java
//SOURCES Console.java
//SOURCES Keys.java
//SOURCES Prompt.java
//SOURCES Terminal.java
package lib.cli;

import java.util.Optional;
import java.util.function.Consumer;
import lib.Secret;
import lib.cli.Keys.RawTerminal;

/** What a person types or pastes and nobody sees. */
public final class Unseen {
    /** Takes what is typed until it is closed. */
    public interface Listening extends AutoCloseable {
        /** Where there is nobody to listen to. */
        Listening DEAF = () -> {};

        @Override
        void close();
    }

    private final Prompt prompt;
    private final Keys keys;

    private Unseen(Prompt prompt) {
        this.prompt = prompt;
        this.keys = new Keys(prompt.in);
    }

    /**
     * A secret that a person types or pastes, else all that another program pipes in; empty for none, and at once where
     * stdin is a terminal with nobody at it.
     *
     * @param limit so many bytes at most are read from a pipe
     */
    public static Optional<Secret> secret(Console console, String question, int limit) throws InterruptedException {
        Prompt prompt = console.prompt();
        if (!console.isInteractive() && Terminal.isStdin()) return Optional.empty();
        Optional<String> text =
                console.isInteractive() ? new Unseen(prompt).asked(question) : Optional.of(prompt.in.rest(limit));
        return text.map(String::strip).filter(line -> !line.isEmpty()).map(Secret::of);
    }

    /** Empty when the person leaves, or the terminal would show it. */
    private Optional<String> asked(String question) throws InterruptedException {
        Optional<RawTerminal> raw = RawTerminal.open(keys);
        if (raw.isEmpty()) return Optional.empty();
        prompt.err.print(question);
        try (RawTerminal terminal = raw.get()) {
            return line(terminal, question);
        } finally {
            prompt.err.print("\n");
        }
    }

    /**
     * From now on until the returned is closed nothing that is typed is shown, or left to whoever reads the terminal next.
     *
     * @param taker told each line that a person types, by a thread of its own
     */
    public static Listening listen(Console console, Consumer<String> taker) {
        if (!console.isInteractive()) return Listening.DEAF;
        Unseen unseen = new Unseen(console.prompt());
        Optional<RawTerminal> raw = RawTerminal.open(unseen.keys);
        if (raw.isEmpty()) return Listening.DEAF;
        Thread listener = new Thread(() -> unseen.listen(raw.get(), taker), "listener");
        listener.setDaemon(true);
        listener.start();
        return () -> {
            listener.interrupt();
            raw.get().close();
        };
    }

    private void listen(RawTerminal terminal, Consumer<String> taker) {
        try {
            while (!prompt.in.hasEnded()) {
                line(terminal, "")
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .ifPresent(taker);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<String> line(RawTerminal terminal, String question) throws InterruptedException {
        StringBuilder line = new StringBuilder();
        for (; ; ) {
            Keys.Key key = keys.next();
            switch (key.action()) {
                case TYPE -> line.append(key.text());
                case ERASE -> line.setLength(line.isEmpty() ? 0 : line.offsetByCodePoints(line.length(), -1));
                case CLEAR -> line.setLength(0);
                case ENTER -> {
                    return Optional.of(line.toString());
                }
                case LEAVE, END -> {
                    return Optional.empty();
                }
                case SUSPEND -> {
                    prompt.err.print("\n");
                    terminal.suspend();
                    prompt.err.print(question);
                }
                default -> {}
            }
        }
    }
}
