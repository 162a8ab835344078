package lib.api;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

/** A body as text, of at most 1 MiB: no answer of the API is larger, and a wrong server must not fill the memory. */
final class LimitedBody implements BodySubscriber<String> {
    private static final int LIMIT = 1 << 20;

    private final BodySubscriber<String> whole = BodySubscribers.ofString(StandardCharsets.UTF_8);
    private Subscription subscription;
    private long received;

    @Override
    public CompletionStage<String> getBody() {
        return whole.getBody();
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
        whole.onSubscribe(given);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) received += buffer.remaining();
        if (received <= LIMIT) {
            whole.onNext(buffers);
        } else {
            subscription.cancel();
            whole.onError(new TooLarge());
        }
    }

    @Override
    public void onError(Throwable failure) {
        whole.onError(failure);
    }

    @Override
    public void onComplete() {
        if (received <= LIMIT) whole.onComplete();
    }

    /** An answer beyond the limit; trying again would not make it smaller. */
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;

        TooLarge() {
            super("the answer is larger than 1 MiB");
        }
    }
}
