# The tenant's image: the release binary and its profile. Build the binary first: cargo build --release
FROM debian:trixie-slim
RUN useradd --create-home --uid 1000 app
WORKDIR /app
COPY target/release/systemprompt /app/bin/systemprompt
# Add a line for each part that your project has:
# COPY services /app/services
# COPY storage /app/storage
# COPY web/dist /app/web
COPY .systemprompt/profiles/{{name}}/profile.yaml /app/services/profiles/{{name}}/profile.yaml
ENV SYSTEMPROMPT_PROFILE=/app/services/profiles/{{name}}/profile.yaml
USER app
EXPOSE 8080
CMD ["/app/bin/systemprompt"]
