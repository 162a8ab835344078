package sandbox;

import java.time.temporal.ChronoUnit;
import lib.Digest;

/** What answers at an {@code app_url}: a word about what is deployed there. */
final class AppPage {
    private AppPage() {}

    static Response of(CloudState state, Tenant tenant) {
        return state.latest(tenant)
                .map(latest -> page(state, tenant, latest))
                .orElseGet(() -> Response.page(404, "style-src 'unsafe-inline'", empty(tenant)));
    }

    private static Response page(CloudState state, Tenant tenant, Deployment latest) {
        String status = latest.statusAt(state.clock().instant());
        int code = status.equals("running") ? 200 : 503;
        String html = """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>%1$s · %2$s</title>
            <meta name="viewport" content="width=device-width,initial-scale=1">%7$s
            <style>%3$s
            dl{margin:0;display:grid;gap:.15rem} dt{color:var(--soft);font-size:.85rem;margin-top:.6rem} dd{margin:0}
            </style>
            <main><div class="tag">Sandbox deployment · %2$s</div><h1>%1$s</h1>
            <dl><dt>Image</dt><dd><code>%4$s</code></dd><dt>Digest</dt><dd><code>%5$s</code></dd>
            <dt>Deployed</dt><dd><time>%6$s</time></dd></dl></main></html>
            """.formatted(
                        Html.escape(tenant.name()),
                        status,
                        Html.CARD_STYLE,
                        Html.escape(latest.image().toString()),
                        latest.digest().map(Digest::value).orElse("unknown"),
                        latest.at().truncatedTo(ChronoUnit.SECONDS),
                        status.equals("deploying") ? "<meta http-equiv=\"refresh\" content=\"1\">" : "");
        return Response.page(code, "style-src 'unsafe-inline'", html);
    }

    private static String empty(Tenant tenant) {
        return """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>%1$s · nothing deployed</title>
            <meta name="viewport" content="width=device-width,initial-scale=1"><style>%2$s</style>
            <main><div class="tag">Sandbox</div><h1>%1$s</h1><p>Nothing is deployed here yet.</p></main></html>
            """.formatted(Html.escape(tenant.name()), Html.CARD_STYLE);
    }
}
