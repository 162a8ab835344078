package sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import lib.Json;
import lib.Reference;

/** {@code POST /api/v1/tenants/{id}/deploy}: accepts an image that the registry holds, and no other. */
final class DeployCall {
    private final World world;

    DeployCall(World world) {
        this.world = world;
    }

    Response answer(Request request, Tenant tenant) throws IOException {
        Reference image;
        try {
            String text = Json.text(Json.parse(request.text()), "image").orElse("");
            if (text.isEmpty()) return ApiError.of(400, "bad_request", "The body is {\"image\":\"REFERENCE\"}");
            image = Reference.parse(text);
        } catch (JsonProcessingException e) {
            return ApiError.of(400, "bad_request", "The body is not JSON");
        } catch (IllegalArgumentException e) {
            return refused("The image is " + e.getMessage());
        }
        if (!image.registry().orElse("").equals(world.registryHost())) {
            return refused("The image must be in the registry " + world.registryHost() + ", not at " + image.name());
        }
        String repository = world.mint().repository(tenant);
        if (!image.repository().equals(repository)) {
            return refused(
                    "The image must be in this tenant's repository " + repository + ", not in " + image.repository());
        }
        ImageLookup.Answer found = world.images().find(image);
        if (found.isMissing()) return refused("The registry does not hold the image " + image);
        Deployment deployment = new Deployment(
                tenant.id(), image, found.digest(), world.clock().instant(), world.startup(), tenant.ending());
        world.deployments().add(deployment);
        ObjectNode data = Json.object().put("status", "deploying").put("app_url", world.appUrl(tenant));
        return Response.json(200, Json.object().set("data", data));
    }

    private static Response refused(String sentence) {
        return ApiError.of(422, "invalid_image", sentence);
    }
}
