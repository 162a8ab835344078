package sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import lib.Json;

/** Who the operator is, and which tenants he has. */
final class AccountCalls {
    private final World world;

    AccountCalls(World world) {
        this.world = world;
    }

    /** {@code GET /api/v1/auth/me}: not wrapped in {@code data}. */
    Response me() {
        ObjectNode me = Json.object();
        me.putObject("user")
                .put("id", Bearers.USER_ID)
                .put("email", Bearers.EMAIL)
                .put("name", "Sandbox Developer");
        ObjectNode customer = me.putObject("customer").put("id", "cus_sandbox");
        if (world.generation() == Generation.G2) customer.put("status", "active");
        ArrayNode tenants = me.putArray("tenants");
        world.tenants().all().forEach(tenant -> describe(tenant, tenants.addObject()));
        return Response.json(200, me);
    }

    private void describe(Tenant tenant, ObjectNode json) {
        json.put("id", tenant.id())
                .put("name", tenant.name())
                .put("subscription_id", "sub_" + tenant.id())
                .put("subscription_status", "active")
                .put("app_id", tenant.appId())
                .put("hostname", hostname(tenant))
                .put("region", tenant.region());
        json.putObject("plan").put("name", "Sandbox").put("memory_mb", 512).put("volume_gb", 1);
        if (world.generation() == Generation.G1) return;
        json.put("status", tenant.provisioned() ? "active" : "pending")
                .put("external_db_access", false)
                .put("database_url", "postgres://" + tenant.appId() + ":***@db.sandbox.invalid/" + tenant.appId());
    }

    /** {@code GET /api/v1/tenants}. */
    Response tenants() {
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("data");
        for (Tenant tenant : world.tenants().all()) {
            ObjectNode json = list.addObject().put("id", tenant.id()).put("name", tenant.name());
            json.put("fly_app_name", tenant.appId()).put("fly_hostname", hostname(tenant));
            if (world.generation() == Generation.G2) json.put("hostname", hostname(tenant));
        }
        return Response.json(200, body);
    }

    private static String hostname(Tenant tenant) {
        return tenant.appId() + ".sandbox.invalid";
    }
}
