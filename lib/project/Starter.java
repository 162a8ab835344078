//SOURCES BuildContext.java
package lib.project;

import lib.project.BuildContext.PrivateFiles;

/** The texts that a new profile starts from. */
final class Starter {
    /** The current generation refuses keys that it doesn't know: nothing may be added here that contract 2.5 doesn't list. */
    static final String PROFILE = """
        name: "@NAME@"
        display_name: "@DISPLAY@"
        target: cloud
        site: { name: "@DISPLAY@" }
        database: { type: postgres }
        server:
          host: 0.0.0.0
          port: 8080
          api_server_url: https://@HOST@
          api_internal_url: http://localhost:8080
          api_external_url: https://@HOST@
          trusted_proxies: ["fc00::/7", "66.241.64.0/18"]
        paths:
          system: /app
          services: /app/services
          bin: /app/bin
        security:
          jwt_issuer: https://@HOST@
          jwt_access_token_expiration: 2592000
          jwt_refresh_token_expiration: 15552000
          jwt_audiences: [web, api, a2a, mcp]
          allowed_resource_audiences: [hook]
        rate_limits: {}
        system_admin: { username: admin }
        # Where `just deploy` goes; `just tenant` changes this line.
        cloud:
          tenant_id: "@TENANT@"
          validation: strict
        secrets:
          secrets_path: ./secrets.json
          source: env
          validation: strict
        governance:
          authz:
            hook:
              mode: webhook
              url: https://@HOST@/api/public/govern/authz
        """;

    static final String DOCKERFILE_OF_BINARY = """
        # The tenant's image: the release binary and its profile. Build the binary first: cargo build --release
        FROM debian:trixie-slim
        RUN useradd --create-home --uid 1000 app
        WORKDIR /app
        COPY target/release/systemprompt /app/bin/systemprompt
        # Add a line for each part that your project has:
        # COPY services /app/services
        # COPY storage /app/storage
        # COPY web/dist /app/web
        COPY .systemprompt/profiles/@NAME@/profile.yaml /app/services/profiles/@NAME@/profile.yaml
        ENV SYSTEMPROMPT_PROFILE=/app/services/profiles/@NAME@/profile.yaml
        USER app
        EXPOSE 8080
        CMD ["/app/bin/systemprompt"]
        """;

    static final String DOCKERFILE_OF_PAGE = """
        # A page on port 8080, to see a first deploy succeed. Replace it by your own image.
        FROM busybox:stable
        EXPOSE 8080
        CMD ["sh", "-c", "mkdir -p /tmp/www && echo 'It works.' > /tmp/www/index.html && exec httpd -f -p 8080 -h /tmp/www"]
        """;

    /** BuildKit finds it beside the Dockerfile. What may hold a secret comes first. */
    static final String DOCKERIGNORE = String.join("\n", PrivateFiles.CREDENTIALS) + """

        .systemprompt/**/secrets.json
        .systemprompt/docker
        .systemprompt/storage
        **/*.pem
        **/.env*

        .git
        target/debug
        target/release/.fingerprint
        target/release/build
        target/release/deps
        target/release/examples
        target/release/incremental
        docs
        logs
        **/*.log
        """;

    private Starter() {}
}
