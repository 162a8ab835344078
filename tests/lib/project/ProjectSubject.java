package lib.project;

import fuzz.Mutation;
import fuzz.Subject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import lib.Environment;
import lib.Json;

/** Credentials, tenants and secrets: damaged as bytes, or in the values of their JSON. */
public final class ProjectSubject implements Subject {
    private static final List<String> FILES = List.of("""
        {"api_token": "a.b.c", "api_url": "https://api.example.com", "user_email": "me@example.com",
         "authenticated_at": "2026-01-05T10:00:00Z", "last_validated_at": "2026-01-05T10:00:00Z"}
        """, """
        {"tenants": [{"id": "ten_1", "name": "one", "app_id": "sp-one", "tenant_type": "cloud"},
                     {"id": "local_1", "name": "mine", "database_url": "postgres://u:p@h/d"}],
         "synced_at": "2026-01-05T10:00:00Z"}
        """, """
        {"gemini": "g", "internal_database_url": "postgres://u:p@h/d", "port": 5432, "custom": "c", "none": null}
        """);

    @Override
    public byte[] input(Random random) throws IOException {
        String text = FILES.get(random.nextInt(FILES.size()));
        if (random.nextBoolean()) text = Json.line(Mutation.of(Json.parse(text), random));
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return random.nextBoolean() ? Mutation.of(bytes, random) : bytes;
    }

    @Override
    public void read(byte[] input, Path folder) throws IOException {
        Path file = Files.write(folder.resolve("file.json"), input);
        Environment environment = new Environment(Map.of(), folder);
        refusable(() -> ApiCredentials.find(file, environment, warning -> {}).expiresSoon(java.time.Instant.EPOCH));
        refusable(() -> Tenant.find(file, new Tenant.Id("ten_1")));
        new SecretsFile(file, folder.resolve("none")).read(warning -> {}).names();
    }

    /** Lets the next reader try too; what each says is looked at when it comes last. */
    private static void refusable(Runnable reading) {
        try {
            reading.run();
        } catch (lib.Failure failure) {
            if (failure.getMessage().matches("(?s).*\\p{Cc}.*")) throw failure;
        }
    }
}
