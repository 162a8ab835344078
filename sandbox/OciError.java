package sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import lib.Json;

/** The registry's errors. Source: OCI distribution specification, error codes. */
enum OciError {
    BLOB_UNKNOWN(404),
    BLOB_UPLOAD_INVALID(416),
    BLOB_UPLOAD_UNKNOWN(404),
    DENIED(403),
    DIGEST_INVALID(400),
    MANIFEST_BLOB_UNKNOWN(400),
    MANIFEST_INVALID(400),
    MANIFEST_UNKNOWN(404),
    NAME_INVALID(400),
    NAME_UNKNOWN(404),
    TOOMANYREQUESTS(429),
    UNAUTHORIZED(401),
    UNSUPPORTED(405),
    UNKNOWN(500);

    private final int status;

    OciError(int status) {
        this.status = status;
    }

    Response saying(String message) {
        return saying(status, message);
    }

    Response saying(int otherStatus, String message) {
        ObjectNode body = Json.object();
        body.putArray("errors").addObject().put("code", name()).put("message", message);
        return Response.json(otherStatus, body);
    }

    static OciError ofStatus(int status) {
        return switch (status) {
            case 401 -> UNAUTHORIZED;
            case 403 -> DENIED;
            case 429 -> TOOMANYREQUESTS;
            default -> UNKNOWN;
        };
    }
}
