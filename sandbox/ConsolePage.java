package sandbox;

/** The console: asks {@code /console.json} once a second, and writes all it gets as text, never as markup. */
final class ConsolePage {
    private static final String CSS = """
        header{display:flex;flex-wrap:wrap;gap:.4rem 1.5rem;align-items:baseline;padding:1.1rem 1.5rem;
          border-bottom:1px solid var(--line);background:var(--card)}
        h1{font-size:1.1rem;margin:0} header span{color:var(--soft);font-size:.9rem}
        #live::before{content:"";display:inline-block;width:.55rem;height:.55rem;border-radius:50%;
          background:var(--good);margin-right:.4rem} #live.off::before{background:var(--bad)}
        main{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,34rem),1fr));gap:1rem;
          padding:1rem 1.5rem;max-width:110rem;margin:0 auto;align-items:start}
        section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:.9rem 1.1rem;
          min-width:0;overflow-x:auto} section.wide{grid-column:1/-1}
        h2{font-size:.95rem;margin:0 0 .5rem} h2 small{color:var(--soft);font-weight:400;margin-left:.4rem}
        table{border-collapse:collapse;width:100%;font-size:.85rem}
        th{text-align:left;color:var(--soft);font-weight:500;font-size:.78rem}
        th,td{padding:.28rem .9rem .28rem 0;border-bottom:1px solid var(--line);vertical-align:top;
          white-space:nowrap} td code{overflow-wrap:normal}
        td.long{white-space:normal;min-width:11rem} td.long code{overflow-wrap:anywhere}
        tr:last-child td{border-bottom:0} td:last-child,th:last-child{padding-right:0}
        td.num,th.num{text-align:right;font-variant-numeric:tabular-nums}
        td code{font-size:.82rem} .layers{color:var(--soft)} .none{color:var(--soft);font-size:.9rem;margin:.2rem 0}
        .good{color:var(--good)} .bad{color:var(--bad)} .wait{color:var(--wait)} .soft{color:var(--soft)}
        a{color:var(--accent)} #log{max-height:30rem;overflow-y:auto}
        form{display:flex;gap:.5rem;flex-wrap:wrap;margin:.2rem 0 .6rem}
        input{flex:1 1 16rem;font:.9rem var(--mono);padding:.45rem .6rem;border-radius:8px;color:var(--ink);
          border:1px solid var(--line);background:var(--bg);min-width:0}
        button{font:inherit;font-size:.85rem;padding:.4rem .8rem;border-radius:8px;cursor:pointer;
          border:1px solid var(--line);background:none;color:var(--ink)}
        button.go{background:var(--accent);border-color:var(--accent);color:var(--on-accent);font-weight:600}
        td button{padding:.05rem .5rem} input:focus-visible,button:focus-visible{outline:2px solid var(--accent);
          outline-offset:2px} #said{color:var(--bad);font-size:.85rem;margin:0}
        """;

    private static final String BODY = """
        <header><h1>Sandbox</h1><span id="live">live</span><span>API <code id="api"></code></span>
        <span>Registry <code id="registry"></code></span><span>Generation <span id="generation"></span></span></header>
        <main>
        <section><h2>Tenants</h2><div id="tenants"></div></section>
        <section><h2>Weather</h2><form id="storm"><input id="fault" aria-label="Fault" list="examples"
          autocomplete="off" placeholder="GET registry-token 503 x2"><button class="go">Add fault</button>
          <button type="button" id="clear">Clear all</button></form><p id="said" role="status"></p>
          <div id="faults"></div><datalist id="examples"><option>GET registry-token 503 x2
          <option>GET registry-token 503=Registry service not available<option>POST deploy cut
          <option>PUT blob 500<option>POST uploads 401<option>GET status slow=3000 x*</datalist></section>
        <section><h2>Registry tokens<small>never shown; the first digits of their SHA-256</small></h2>
          <div id="tokens"></div></section>
        <section><h2>Deployments</h2><div id="deployments"></div></section>
        <section class="wide"><h2>Images</h2><div id="images"></div></section>
        <section class="wide"><h2>Requests<small>newest first</small></h2><div id="log"></div></section>
        </main>
        """;

    private static final String SCRIPT = """
        const at = id => document.getElementById(id);
        const el = (tag, text, kind) => { const e = document.createElement(tag);
          if (text !== undefined) e.textContent = text; if (kind) e.className = kind; return e; };
        const code = text => el('code', text);
        const tone = s => ({running:'good', valid:'good', ready:'good', failed:'bad', expired:'soft', refused:'bad',
          deploying:'wait', provisioning:'wait'})[s] || '';
        const bytes = n => n < 1024 ? n + ' B' : n < 1048576 ? (n / 1024).toFixed(1) + ' KB'
          : (n / 1048576).toFixed(1) + ' MB';
        const span = s => s < 60 ? s + ' s' : s < 3600 ? Math.floor(s / 60) + ' min ' + s % 60 + ' s'
          : Math.floor(s / 3600) + ' h ' + Math.floor(s % 3600 / 60) + ' min';
        const clock = t => new Date(t).toLocaleTimeString([], {hour12: false});
        const kinds = {'#': 'num', '~': 'long'}, shown = {};
        function table(id, heads, rows, none) {
          const key = JSON.stringify(rows.map(r => r.map(c => c.nodeType ? c.outerHTML : c)));
          if (shown[id] === key) return;
          shown[id] = key;
          if (!rows.length) { at(id).replaceChildren(el('p', none, 'none')); return; }
          const t = el('table'), head = t.createTHead().insertRow(), body = t.createTBody();
          for (const h of heads) head.append(el('th', h.replace(/^[#~]/, ''), kinds[h[0]]));
          for (const r of rows) { const tr = body.insertRow(); r.forEach((c, i) => { const td = tr.insertCell();
            td.className = kinds[heads[i][0]] || ''; td.append(c); }); }
          at(id).replaceChildren(t);
        }
        async function send(method, path, body) {
          const answer = await fetch(path, {method, body, headers: {'X-Sandbox-Console': '1'}});
          at('said').textContent = answer.ok ? '' : (await answer.json()).error.message;
          refresh();
          return answer.ok;
        }
        function link(url) { const a = el('a', 'open');
          Object.assign(a, {href: url, target: '_blank', rel: 'noopener'}); return a; }
        function remove(id) { const b = el('button', 'Remove'); b.dataset.fault = id; return b; }
        function layers(list) { const d = el('span', undefined, 'layers');
          list.forEach((l, i) => d.append(...(i ? [el('br')] : []), code(l.digest.slice(7, 19)), ' ' + bytes(l.size)));
          return d; }
        function show(s) {
          for (const id of ['api', 'registry', 'generation']) at(id).textContent = s[id];
          table('tenants', ['Id', 'Name', 'Repository', 'Status', 'App'], s.tenants.map(t => [code(t.id), t.name,
            code(t.repository), el('span', t.status, tone(t.status)), link(t.app_url)]), 'No tenants.');
          table('tokens', ['Tenant', 'User', 'Token', 'Access', '#Age', '#Left', 'State'], s.tokens.map(t => [
            code(t.tenant),
            t.username, code('•••• ' + t.sha256_prefix), t.access, span(t.age_s), span(t.left_s),
            el('span', t.state, tone(t.state))]), 'None handed out yet.');
          table('deployments', ['When', 'Tenant', '~Image', 'Status'], s.deployments.map(d => [clock(d.at),
            code(d.tenant), code(d.image), el('span', d.status, tone(d.status))]), 'Nothing deployed yet.');
          table('images', ['Repository', 'Tag', '~Digest', '#Size', 'Layers'], s.images.map(i => [code(i.repository),
            code(i.tag), code(i.digest), bytes(i.size), layers(i.layers)]), 'Nothing pushed yet.');
          table('log', ['When', 'Server', 'Method', '~Path', '#Status', 'Fault'], s.calls.map(c => [
            clock(c.at), c.server,
            c.method, code(c.path), el('span', c.status || 'none', !c.status || c.status >= 500 ? 'bad'
            : c.status >= 400 ? 'wait' : 'good'), el('span', c.fault, 'bad')]), 'No requests yet.');
          table('faults', ['~Fault', '#'], s.faults.map(f => [code(f.fault), remove(f.id)]), 'Fair: no faults.');
        }
        async function refresh() {
          const live = at('live');
          try {
            show(await (await fetch('/console.json')).json());
            live.className = '';
            live.textContent = 'live';
          } catch (e) {
            live.className = 'off';
            live.textContent = 'not running';
          }
        }
        at('storm').addEventListener('submit', async e => { e.preventDefault();
          const body = JSON.stringify({fault: at('fault').value});
          if (await send('POST', '/console/faults', body)) at('fault').value = ''; });
        at('clear').addEventListener('click', () => send('DELETE', '/console/faults'));
        at('faults').addEventListener('click', e => {
          if (e.target.dataset.fault) send('DELETE', '/console/faults/' + e.target.dataset.fault); });
        refresh(); setInterval(refresh, 1000);
        """;

    private ConsolePage() {}

    static String html(String nonce) {
        return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Sandbox</title>"
                + "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><style>" + Html.STYLE + CSS
                + "</style>" + BODY + "<script nonce=\"" + nonce + "\">" + SCRIPT + "</script></html>";
    }
}
