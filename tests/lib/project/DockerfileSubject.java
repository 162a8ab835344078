package lib.project;

import fuzz.Mutation;
import fuzz.Subject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import lib.project.BuildContext.ImageBuilder;

/** Dockerfiles, and ignore files beside them: nothing of them is ever refused, since Docker has the last word. */
public final class DockerfileSubject implements Subject {
    private static final List<String> FILES = List.of("""
        # syntax=docker/dockerfile:1
        FROM --platform=$BUILDPLATFORM rust:1 AS build
        WORKDIR /src
        COPY --parents Cargo.toml crates/*/Cargo.toml ./
        RUN --mount=type=bind,source=.git,target=.git --mount=type=cache,target=/cache cargo build \\
            --release
        FROM debian:trixie-slim
        COPY --from=build --chown=1:1 /src/target/release/systemprompt /app/bin/
        COPY ["a b", "[ab]?.txt", "/app/"]
        RUN cat << 'EOF' > /init.sql
        COPY users (id, name) FROM stdin;
        EOF
        ADD https://example.com/x.tar.gz services/** /app/
        ONBUILD COPY . /app
        """, """
        # comment
        target
        !target/release/systemprompt
        **/*.pem
        .systemprompt/**/secrets.json
        [a-c]x?*.txt
        \\#name
        /docs/
        """);

    @Override
    public byte[] input(Random random) {
        byte[] bytes = FILES.get(random.nextInt(FILES.size())).getBytes(StandardCharsets.UTF_8);
        return Mutation.of(bytes, random);
    }

    @Override
    public void read(byte[] input, Path folder) throws IOException {
        Path file = Files.write(folder.resolve("Dockerfile"), input);
        Files.write(folder.resolve(".dockerignore"), input);
        Dockerfile dockerfile = Dockerfile.read(file);
        for (ImageBuilder builder : ImageBuilder.values()) {
            BuildContext context = BuildContext.of(folder, file, builder);
            context.ignoring("target/release/systemprompt");
            for (Dockerfile.Copied copied : dockerfile.copied()) {
                for (String source : copied.sources()) {
                    if (BuildContext.isPattern(source)) context.hasMatch(source);
                    else context.ignoringAll(source);
                }
            }
        }
        dockerfile.taken(".systemprompt/credentials.json");
    }
}
