package sandbox;

/** The page that stands in for a provider's own. */
final class SignInPage {
    private SignInPage() {}

    static String html(String provider, String redirectUri) {
        return """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Sign in to the sandbox</title>
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <style>%s
            form{display:flex;flex-direction:column;gap:.6rem}
            button{font:inherit;font-weight:600;padding:.7rem 1rem;border-radius:9px;border:1px solid var(--line);
              background:none;color:var(--ink);cursor:pointer}
            button:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
            button.go{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
            </style>
            <main><div class="tag">Sandbox · in place of %s</div>
            <h1>Let the command line act for you?</h1>
            <p>It signs in as <strong>%s</strong>, and may deploy to every tenant of this sandbox.
            You will be sent back to <code>%s</code>.</p>
            <form method="post" action="/authorize">
            <input type="hidden" name="redirect_uri" value="%s">
            <button class="go" id="authorize" name="decision" value="authorize">Authorize</button>
            <button id="deny" name="decision" value="deny">Deny</button>
            </form></main></html>
            """.formatted(
                        Html.CARD_STYLE,
                        provider,
                        CloudState.EMAIL,
                        Html.escape(redirectUri.replaceFirst("\\?.*", "")),
                        Html.escape(redirectUri));
    }
}
