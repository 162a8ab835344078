package sandbox;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last 10,000 calls, in the order in which they were answered; both servers write here. */
final class CallLog {
    private static final int LIMIT = 10_000;

    private final Deque<Call> calls = new ArrayDeque<>();

    synchronized void add(Call call) {
        if (calls.size() == LIMIT) calls.removeFirst();
        calls.addLast(call);
    }

    synchronized List<Call> all() {
        return List.copyOf(calls);
    }
}
