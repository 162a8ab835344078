package sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Everything that was deployed, the oldest first. */
final class Deployments {
    private final List<Deployment> all = new ArrayList<>();

    synchronized void add(Deployment deployment) {
        all.add(deployment);
    }

    synchronized List<Deployment> all() {
        return List.copyOf(all);
    }

    synchronized Optional<Deployment> latest(String tenantId) {
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i).tenantId().equals(tenantId)) return Optional.of(all.get(i));
        }
        return Optional.empty();
    }
}
