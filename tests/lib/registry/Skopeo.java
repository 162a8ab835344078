package lib.registry;

import java.nio.file.Path;

/** Another implementation, to read what was pushed and to make archives. */
final class Skopeo {
    private Skopeo() {}

    static String inspect(RealRegistry registry, String image) {
        return Tool.run(
                "",
                "skopeo",
                "inspect",
                "--tls-verify=false",
                "--creds",
                creds(),
                "docker://" + registry.name() + "/" + image);
    }

    static Path copy(RealRegistry registry, String image, String format, Path to) {
        String from = "docker://" + registry.name() + "/" + image;
        Tool.run("", "skopeo", "copy", "--src-tls-verify=false", "--src-creds", creds(), from, format + ":" + to);
        return to;
    }

    static Path convert(String from, String format, Path to) {
        Tool.run("", "skopeo", "copy", from, format + ":" + to);
        return to;
    }

    private static String creds() {
        return RealRegistry.LOGIN.username() + ":"
                + RealRegistry.LOGIN.password().reveal();
    }
}
