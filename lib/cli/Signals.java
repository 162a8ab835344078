package lib.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Turns SIGINT, SIGTERM and SIGHUP into an interrupt of the main thread, so that a run ends as it does on any failure:
 * each open thing is closed in its turn, children are stopped, and only then the process exits.
 *
 * <p>A second signal ends the process without waiting for the main thread, though not before children are stopped and
 * private folders are gone; a third one ends it at once. Whoever signals a whole group may reach this process twice, so
 * what comes right after the first is the same.
 */
final class Signals {
    private static final long SAME_NANOSECONDS = 500_000_000;

    private final AtomicInteger received = new AtomicInteger();
    private final AtomicInteger times = new AtomicInteger();
    private volatile long first;

    /** Takes over the signals for the thread that calls this. */
    static Signals interrupting(Thread main) {
        Signals signals = new Signals();
        signals.handle("INT", 2, main);
        signals.handle("TERM", 15, main);
        signals.handle("HUP", 1, main);
        return signals;
    }

    /** 128 and the signal's number, as shells count it; 0 when there was none. */
    int exitCode() {
        return received.get() == 0 ? 0 : 128 + received.get();
    }

    private void receive(int number, Thread main) {
        if (received.compareAndSet(0, number)) {
            first = System.nanoTime();
            main.interrupt();
        } else if (System.nanoTime() - first > SAME_NANOSECONDS) {
            if (times.incrementAndGet() > 1) Runtime.getRuntime().halt(exitCode());
            System.exit(exitCode());
        }
    }

    // By reflection, since the compiler warns of the class's name, and no other of the JDK tells which signal came.
    private void handle(String name, int number, Thread main) {
        on(name, () -> receive(number, main));
    }

    /** Does this at each such signal, in a thread of its own, instead of what happened before. @return what undoes it */
    // By reflection, since the compiler warns of the class's name, and no other of the JDK tells which signal came.
    static Runnable on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler onSignal = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    action.run();
                    yield null;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "signal handler";
            };
            Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, onSignal);
            Method handle = signal.getMethod("handle", signal, handler);
            Object received = signal.getConstructor(String.class).newInstance(name);
            Object before = handle.invoke(null, received, proxy);
            return () -> undo(handle, received, before);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            // A platform without this signal, or a machine that keeps it for itself: the default handling stays.
            return () -> {};
        }
    }

    private static void undo(Method handle, Object signal, Object before) {
        try {
            handle.invoke(null, signal, before);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
