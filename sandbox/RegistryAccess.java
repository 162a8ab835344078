package sandbox;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the one who asks may do, in at most one repository; everyone who is known may ping. */
record RegistryAccess(Optional<String> repository, boolean push) {

    static RegistryAccess of(RegistryCredential credential) {
        return new RegistryAccess(Optional.of(credential.repository()), credential.mayPush());
    }

    /**
     * The part of this access that was asked for.
     *
     * @param scopes as the distribution project writes them: {@code repository:NAME:pull,push}, parted by spaces
     */
    RegistryAccess within(List<String> scopes) {
        List<String> actions = scopes.stream()
                .flatMap(scope -> Stream.of(scope.split(" ")))
                .map(scope -> scope.split(":"))
                .filter(parts -> parts.length == 3 && parts[0].equals("repository"))
                .filter(parts -> repository.filter(parts[1]::equals).isPresent())
                .flatMap(parts -> Arrays.stream(parts[2].split(",")))
                .toList();
        boolean pull = actions.contains("pull") || actions.contains("push");
        return new RegistryAccess(pull ? repository : Optional.empty(), push && actions.contains("push"));
    }

    boolean allows(Optional<String> wanted, boolean writes) {
        return wanted.isEmpty() || wanted.equals(repository) && (push || !writes);
    }
}
