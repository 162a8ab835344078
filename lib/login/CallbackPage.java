//SOURCES ../Redactor.java
package lib.login;

import lib.Redactor;

/** What the browser shows at the end: one card, readable on a phone, in light and dark, with nothing from outside. */
record CallbackPage(int status, boolean success, String title, String sentence, String next) {
    static CallbackPage success(String email) {
        return new CallbackPage(
                200,
                true,
                "Authentication successful",
                "This machine is now logged in as " + email + ".",
                "You can close this window and return to the terminal.");
    }

    static CallbackPage failure(String sentence) {
        return new CallbackPage(
                200,
                false,
                "Authentication failed",
                sentence + ".",
                "Return to the terminal: it says what to do next.");
    }

    /** For whoever comes too late, or was not expected at all. */
    static CallbackPage refusal(int status, String sentence) {
        return new CallbackPage(status, false, "Nothing to do here", sentence + ".", "You can close this window.");
    }

    String html() {
        return """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>%s - systemprompt.io</title>
            <style>%s</style>
            <main class="%s">
            <div class="mark" aria-hidden="true">%s</div>
            <h1>%s</h1>
            <p class="what">%s</p>
            <p>%s</p>
            </main>
            </html>
            """.formatted(
                        escaped(title),
                        STYLE,
                        success ? "good" : "bad",
                        success ? "✓" : "!",
                        escaped(title),
                        escaped(sentence),
                        escaped(next));
    }

    private static String escaped(String text) {
        return Redactor.over(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static final String STYLE = """

        :root{--page:#f4f6f8;--card:#fff;--ink:#1a1f26;--soft:#55606c;--line:#dde2e8;--good:#146c3c;--bad:#a8231b}
        @media (prefers-color-scheme:dark){:root{--page:#0f1216;--card:#191e25;--ink:#e9edf2;--soft:#a3aeba;
          --line:#2c343e;--good:#5fd08f;--bad:#ff8d84}}
        *{box-sizing:border-box}
        body{margin:0;min-height:100vh;min-height:100dvh;padding:1rem;display:grid;place-items:center;background:var(--page);
          color:var(--ink);font:1.0625rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
        main{width:100%;max-width:28rem;padding:2rem 1.75rem;background:var(--card);border:1px solid var(--line);
          border-radius:16px;text-align:center}
        .mark{width:3.5rem;height:3.5rem;margin:0 auto 1rem;border-radius:50%;border:2px solid currentcolor;display:grid;
          place-items:center;font-size:1.75rem;font-weight:700;line-height:1}
        .good .mark{color:var(--good)} .bad .mark{color:var(--bad)}
        h1{margin:0 0 .5rem;font-size:1.2rem;line-height:1.3;text-wrap:balance}
        p{margin:.5rem 0 0;color:var(--soft);overflow-wrap:anywhere;text-wrap:balance}
        p.what{color:var(--ink)}
        """;
}
