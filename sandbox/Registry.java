//SOURCES ../lib/ImageReference.java
//SOURCES ../lib/Json.java
//SOURCES Blobs.java
//SOURCES FaultInjector.java
//SOURCES HttpServer.java
//SOURCES Manifests.java
//SOURCES RegistryAuth.java
//SOURCES Request.java
//SOURCES Response.java
package sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.ImageReference;
import lib.ImageReference.Digest;
import lib.Json;
import org.eclipse.jetty.http.HttpStatus;

/** The registry: what a push and a pull need. Source: OCI distribution specification 1.1. */
final class Registry implements HttpServer.Handler, FaultInjector.Errors {
    /** The kinds of endpoints. Faults call them by these words. */
    enum Kind {
        PING("/v2/?"),
        CATALOG("/v2/_catalog"),
        TAGS("/v2/(.+)/tags/list"),
        MANIFEST("/v2/(.+)/manifests/([^/]+)"),
        UPLOADS("/v2/(.+)/blobs/uploads/?"),
        UPLOAD("/v2/(.+)/blobs/uploads/([0-9a-f-]{36})"),
        BLOB("/v2/(.+)/blobs/(sha256:[^/]+)");

        private final Pattern pattern;

        Kind(String pattern) {
            this.pattern = Pattern.compile(pattern);
        }

        /** Whether this kind, or a family of kinds, has that name. */
        boolean isCalled(String word) {
            boolean family = word.equals("blob") && (this == UPLOADS || this == UPLOAD);
            return family || word.equals(name().toLowerCase(Locale.ROOT));
        }
    }

    /**
     * A place under {@code /v2/}, checked against the grammars strictly, since names and blobs' digests become paths.
     *
     * @param reference the tag, digest or upload that it is about; empty where it is about none
     */
    record Endpoint(Kind kind, Optional<String> repository, String reference) {
        /** @return empty for what is no endpoint */
        static Optional<Endpoint> parse(String path) {
            for (Kind kind : Kind.values()) {
                Matcher matcher = kind.pattern.matcher(path);
                if (!matcher.matches()) continue;
                Optional<String> repository =
                        matcher.groupCount() > 0 ? Optional.of(matcher.group(1)) : Optional.empty();
                return Optional.of(new Endpoint(kind, repository, matcher.groupCount() > 1 ? matcher.group(2) : ""))
                        .filter(Endpoint::isValid);
            }
            return Optional.empty();
        }

        private boolean isValid() {
            return repository.map(ImageReference::isRepository).orElse(true)
                    && (kind != Kind.MANIFEST || reference.contains(":") || ImageReference.isTag(reference))
                    && (kind != Kind.BLOB || Digest.isDigest(reference));
        }
    }

    /** The registry's errors. Source: OCI distribution specification, error codes; {@code UNAVAILABLE} is Docker's. */
    enum ErrorCode {
        BLOB_UNKNOWN(404),
        BLOB_UPLOAD_INVALID(400),
        BLOB_UPLOAD_UNKNOWN(404),
        DENIED(403),
        DIGEST_INVALID(400),
        MANIFEST_BLOB_UNKNOWN(400),
        MANIFEST_INVALID(400),
        MANIFEST_UNKNOWN(404),
        NAME_INVALID(404),
        NAME_UNKNOWN(404),
        TOOMANYREQUESTS(429),
        UNAUTHORIZED(401),
        UNAVAILABLE(503),
        UNSUPPORTED(405),
        UNKNOWN(500);

        private final int status;

        ErrorCode(int status) {
            this.status = status;
        }

        Response response(String message) {
            return response(status, message);
        }

        private Response response(int otherStatus, String message) {
            ObjectNode body = Json.object();
            body.putArray("errors").addObject().put("code", name()).put("message", message);
            return Response.json(otherStatus, body);
        }

        static Response ofStatus(int status, String message) {
            ErrorCode code = switch (status) {
                case 401 -> UNAUTHORIZED;
                case 403 -> DENIED;
                case 429 -> TOOMANYREQUESTS;
                case 503 -> UNAVAILABLE;
                default -> UNKNOWN;
            };
            return code.response(status, message);
        }
    }

    /** A request that is refused. */
    static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final ErrorCode code;

        RefusedException(ErrorCode code, String message) {
            super(message);
            this.code = code;
        }
    }

    private final RegistryAuth auth;
    private final Blobs blobs;
    private final Manifests manifests;

    Registry(RegistryAuth auth, Blobs blobs, Manifests manifests) {
        this.auth = auth;
        this.blobs = blobs;
        this.manifests = manifests;
    }

    @Override
    public Response handle(Request request) throws IOException {
        if (request.path().equals("/token")) return auth.token(request);
        Optional<Endpoint> endpoint = Endpoint.parse(request.path());
        if (endpoint.isEmpty()) return ErrorCode.NAME_INVALID.response("no such endpoint, or not a valid name");
        Optional<Response> refusal = auth.refusal(request, endpoint.get());
        Response response = refusal.isPresent() ? refusal.get() : answer(request, endpoint.get());
        return response.with("Docker-Distribution-Api-Version", "registry/2.0");
    }

    private Response answer(Request request, Endpoint endpoint) throws IOException {
        String repository = endpoint.repository().orElse("");
        try {
            return switch (endpoint.kind()) {
                case UPLOADS -> blobs.start(request, repository);
                case UPLOAD -> blobs.upload(request, repository, endpoint.reference());
                case BLOB -> blobs.read(request, repository, new Digest(endpoint.reference()));
                case MANIFEST -> manifests.answer(request, repository, endpoint.reference());
                case TAGS -> request.reads() ? tags(request, repository) : readOnly();
                case CATALOG ->
                    request.reads() ? list(Json.object(), "repositories", manifests.repositories()) : readOnly();
                case PING -> request.reads() ? Response.json(200, Json.object()) : readOnly();
            };
        } catch (RefusedException e) {
            return e.code.response(e.getMessage());
        }
    }

    private static Response readOnly() {
        return ErrorCode.UNSUPPORTED.response("only GET and HEAD");
    }

    private Response tags(Request request, String repository) {
        String last = request.query("last").orElse("");
        int limit = request.query("n")
                .filter(number -> number.matches("[0-9]{1,9}"))
                .map(Integer::parseInt)
                .orElse(Integer.MAX_VALUE);
        return manifests
                .tags(repository)
                .map(tags -> tags.stream()
                        .filter(tag -> tag.compareTo(last) > 0)
                        .limit(limit)
                        .toList())
                .map(tags -> list(Json.object().put("name", repository), "tags", tags))
                .orElseGet(() -> ErrorCode.NAME_UNKNOWN.response("no such repository"));
    }

    private static Response list(ObjectNode body, String name, List<String> all) {
        ArrayNode list = body.putArray(name);
        all.forEach(list::add);
        return Response.json(200, body);
    }

    @Override
    public Response error(int status, String message) {
        return status == 401 ? auth.challenge(Optional.empty(), "") : ErrorCode.ofStatus(status, message);
    }

    /** Refusals of credentials come from the registry itself, whatever stands in front of it. */
    @Override
    public Response bareError(int status) {
        boolean itsOwn = status == 401 || status == 403 || status == 429;
        return itsOwn ? error(status, HttpStatus.getMessage(status)) : FaultInjector.Errors.super.bareError(status);
    }
}
