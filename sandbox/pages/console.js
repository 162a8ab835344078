// Asks /console.json once a second, and writes all it gets as text, never as markup.
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
  table('faults', ['~Fault', '#'], s.faults.map(f => [code(f.fault), remove(f.id)]), 'No faults.');
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
at('new-fault').addEventListener('submit', async e => { e.preventDefault();
  const body = JSON.stringify({fault: at('fault').value});
  if (await send('POST', '/console/faults', body)) at('fault').value = ''; });
at('clear').addEventListener('click', () => send('DELETE', '/console/faults'));
at('faults').addEventListener('click', e => {
  if (e.target.dataset.fault) send('DELETE', '/console/faults/' + e.target.dataset.fault); });
refresh(); setInterval(refresh, 1000);
