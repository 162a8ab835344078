package lib.api;

import com.fasterxml.jackson.databind.JsonNode;
import fuzz.Mutation;
import fuzz.Subject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Json;
import lib.api.ApiCall.ApiResponse;

/** Answers of the Management API to each of our calls: its own, and what stands in their place. */
public final class ApiSubject implements Subject {
    private static final ApiCall CALL = ApiCall.get("/api/v1/tenants/ten_demo/status");
    private static final List<Integer> STATUSES = List.of(200, 201, 301, 400, 401, 403, 404, 409, 429, 500, 503, 522);
    /** A sentence that is known whatever it comes with, a success even. */
    private static final String KNOWN = "no cloud infrastructure provisioned";

    private static final List<String> BODIES = List.of(
            "{\"data\":{\"registry\":\"registry.example.com\",\"username\":\"x\",\"token\":\"s3cret-t0ken\","
                    + "\"repository\":\"acme/web\",\"tag\":\"one\",\"expires_at\":\"2026-11-24T12:00:00Z\"}}",
            "{\"registry\":\"r.io:5000\",\"user\":\"u\",\"password\":\"p4ssw0rd-1\",\"repo\":\"a/b\"}",
            "{\"data\":{\"status\":\"running\",\"message\":\"up\",\"app_url\":\"https://acme.example.com/\"}}",
            "{\"user\":{\"email\":\"a@example.com\",\"name\":\"A\"},\"tenants\":[{\"id\":\"ten_demo\",\"name\":\"n\","
                    + "\"app_id\":\"sp-demo\",\"database_url\":\"postgres://u:p4ssw0rd@h/db\"}]}",
            "{\"error\":{\"code\":\"not_found\",\"message\":\"" + KNOWN + "\"}}",
            "{\"error\":\"invalid_request\",\"error_description\":\"no such resource\"}",
            "{\"message\":\"no Route matched with those values\"}");
    private static final String PAGE =
            "<!DOCTYPE html><html><head><title>Attention Required! &amp; more</title></head>";

    @Override
    public byte[] input(Random random) throws IOException {
        JsonNode json = Json.parse(BODIES.get(random.nextInt(BODIES.size())));
        String body = switch (random.nextInt(8)) {
            case 0 -> PAGE;
            case 1 -> Json.line(Json.object().put("message", PAGE).set("error", json));
            default -> Json.line(Mutation.of(json, random));
        };
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        byte[] damaged = random.nextInt(3) > 0 ? bytes : Mutation.of(bytes, random);
        byte[] input = new byte[damaged.length + 1];
        input[0] = (byte) random.nextInt(STATUSES.size());
        System.arraycopy(damaged, 0, input, 1, damaged.length);
        return input;
    }

    @Override
    public void read(byte[] input, Path folder) {
        int status = STATUSES.get(input[0]);
        String body = new String(input, 1, input.length - 1, StandardCharsets.UTF_8);
        Failure last = null;
        for (ApiCall call : List.of(CALL, CALL.forSecret())) {
            ApiResponse answer = new ApiResponse(call, status, body, Optional.empty());
            requireShowable(answer.sentence());
            requireShowable(answer.failure(ErrorCode.AUTH).getMessage());
            if (!answer.isSuccess()) continue;
            for (Reader reader : List.<Reader>of(RegistryToken::of, Deployment::of, Account::of)) {
                try {
                    reader.read(answer);
                } catch (Failure failure) {
                    if (failure.code() == ErrorCode.UNAVAILABLE
                            && body.toLowerCase(Locale.ROOT).contains(KNOWN)) continue;
                    if (failure.code() != ErrorCode.PROTOCOL) throw new AssertionError(failure);
                    last = failure;
                }
            }
        }
        if (last != null) throw last;
    }

    private interface Reader {
        Object read(ApiResponse answer);
    }

    private static void requireShowable(String text) {
        if (text.matches("(?s).*\\p{Cc}.*") || text.matches("(?s).*<(html|!DOCTYPE).*"))
            throw new AssertionError("shown: " + text);
    }
}
