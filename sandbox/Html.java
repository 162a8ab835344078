package sandbox;

/** Text made fit for a page. */
final class Html {
    /** The look of every page: one column, both colour schemes, nothing from outside. */
    static final String STYLE = """
        :root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#1b1f24;--soft:#5c6670;--line:#dfe3e8;
          --accent:#2f5bea;--on-accent:#fff;--good:#177a46;--bad:#b3261e;--wait:#8a5a00;--mono:ui-monospace,
          SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
        @media (prefers-color-scheme:dark){:root{--bg:#101317;--card:#191d23;--ink:#e8ebef;--soft:#9aa5b1;
          --line:#2b313a;--accent:#7c9bff;--on-accent:#0d1220;--good:#5fd08f;--bad:#ff8a80;--wait:#f0b94b}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,
          "DejaVu Sans",sans-serif}
        code{font-family:var(--mono);font-size:.9em;overflow-wrap:anywhere}
        """;

    /** A single card in the middle of the page. */
    static final String CARD_STYLE = STYLE + """
        body{min-height:100vh;display:grid;place-items:center;padding:1rem}
        main{width:100%;max-width:27rem;background:var(--card);border:1px solid var(--line);border-radius:14px;
          padding:1.75rem;box-shadow:0 8px 30px rgb(0 0 0/.06)}
        h1{font-size:1.3rem;line-height:1.3;margin:.25rem 0 .75rem}
        p{margin:0 0 1rem;color:var(--soft)} p strong{color:var(--ink)}
        .tag{font-size:.8rem;letter-spacing:.04em;text-transform:uppercase;color:var(--soft)}
        """;

    private Html() {}

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
