package lib.account;

import fuzz.Mutation;
import fuzz.Subject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import lib.Environment;
import lib.Template;
import lib.project.Profile;
import lib.project.Tenant;

/** Profiles of both generations, read and changed. */
public final class ProfileSubject implements Subject {
    private static final List<String> FILES = List.of(
            Template.of(
                    "profile.yaml",
                    Map.of(
                            "name",
                            "prod",
                            "display",
                            "P",
                            "host",
                            "h.example.com",
                            "dockerfile",
                            "docker/Dockerfile",
                            "tenant",
                            "t")),
            """
            name: prod
            paths: &paths {dockerfile: ../../Dockerfile, core: "${CORE:-x}"}
            more: [*paths, *paths, "${NAME}"]
            cloud:
              credentials_path: ../../credentials.json # here
              tenant_id: 'ten_demo'
              enabled: True
            text: |
              several
              lines
            """,
            "cloud: {tenant_id: ~, enabled: false}\r\n? a\r\n: - 0x10\r\n  - 1e5\r\n",
            "a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: {e: {f: [[[[[*c]]]]]}}\n");

    @Override
    public byte[] input(Random random) {
        byte[] bytes = FILES.get(random.nextInt(FILES.size())).getBytes(StandardCharsets.UTF_8);
        return Mutation.of(bytes, random);
    }

    @Override
    public void read(byte[] input, Path folder) throws Exception {
        Path file = Files.write(folder.resolve("profile.yaml"), input);
        Profile profile = Profile.read(file, new Environment(Map.of("NAME", "a: [b\n"), folder));
        String edited = ProfileEditor.read(file).withTenant(new Tenant.Id("ten_new"));
        Files.writeString(file, edited);
        Profile again = Profile.read(file, new Environment(Map.of(), folder));
        if (!again.tenantId().equals(java.util.Optional.of(new Tenant.Id("ten_new"))))
            throw new IllegalStateException(profile.tenantId() + " became " + again.tenantId());
    }
}
