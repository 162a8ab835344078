//SOURCES Output.java
//SOURCES Terminal.java
//SOURCES Timings.java
package lib.cli;

import java.time.Duration;

/** A turning mark with the elapsed time, on a terminal; one that turns nowhere elsewhere. */
final class Spinner implements AutoCloseable {
    private static final String FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
    private static final Duration PAUSE = Duration.ofMillis(120);

    private final Output err;
    private volatile String doing;
    private Thread thread;

    private Spinner(String doing, Output err) {
        this.doing = doing;
        this.err = err;
    }

    static Spinner none() {
        return new Spinner("", null);
    }

    /** @param lock what every writer of the terminal holds */
    static Spinner start(String doing, Output err, Object lock) {
        Spinner spinner = new Spinner(doing, err);
        spinner.turn(lock);
        return spinner;
    }

    /** Says something else from the next turn on. */
    void say(String other) {
        doing = other;
    }

    private void turn(Object lock) {
        long start = System.nanoTime();
        thread = new Thread(
                () -> {
                    for (int turn = 0; !Thread.currentThread().isInterrupted(); turn++) {
                        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
                        int columns = Terminal.size().columns() - 3;
                        synchronized (lock) {
                            if (Thread.currentThread().isInterrupted()) return;
                            err.print("\r\u001b[K" + FRAMES.charAt(turn % FRAMES.length()) + " "
                                    + fitting(doing, "  " + Timings.seconds(elapsed), columns));
                        }
                        try {
                            Thread.sleep(PAUSE.toMillis());
                        } catch (InterruptedException e) {
                            return;
                        }
                    }
                },
                "spinner");
        thread.setDaemon(true);
        thread.start();
    }

    // What goes on is cut sooner than for how long.
    private static String fitting(String doing, String time, int columns) {
        return Terminal.cut(Terminal.cut(doing, columns - time.length()) + time, columns);
    }

    /** Clears its line, so that another can be written there. */
    void erase() {
        if (thread != null) err.print("\r\u001b[K");
    }

    @Override
    public void close() {
        if (thread == null) return;
        thread.interrupt();
        erase();
    }
}
