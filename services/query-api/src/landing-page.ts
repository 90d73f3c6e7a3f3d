/**
 * The page at `/`: what runs here and where to go. No script, no external request.
 *
 * @param host as the browser named it; shown in the example if it looks like one
 */
export function landingPage(host: string): string {
  const shown = /^[A-Za-z0-9.:[\]-]{1,255}$/.test(host) ? host : 'localhost:8080';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Michinori</title>
<style>
  :root { color-scheme: light dark; --ink: #1c2430; --paper: #fbfbf9; --line: #d5d8dc; --link: #0b5cad; }
  @media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --paper: #14181d; --line: #3a424c; --link: #8ab8f0; } }
  body { margin: 0 auto; max-width: 46rem; padding: 3rem 1.25rem; font: 1.05rem/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
  h1 { margin: 0 0 .25rem; } a { color: var(--link); } pre { overflow-x: auto; padding: 1rem; border: 1px solid var(--line); border-radius: .5rem; font-size: .9rem; }
  dt { font-weight: 600; margin-top: .75rem; } dd { margin: 0; }
</style>
</head>
<body>
<main>
<h1>Michinori <span lang="ja">道のり</span></h1>
<p>Customer journeys, measured. This is the query API.</p>
<dl>
<dt><a href="/docs">/docs</a></dt><dd>every question that can be asked, with a form to try it</dd>
<dt><a href="/v1/journeys">/v1/journeys</a></dt><dd>the journeys that have been applied; of each <code>/map</code>, <code>/stages</code>, <code>/transitions</code>, <code>/touchpoints</code>, <code>/cycle-time</code>, <code>/improvements</code>, <code>/nps</code>, <code>/emotion</code>, <code>/paths</code>, <code>/bottlenecks</code>, <code>/contacts</code>, <code>/customers</code></dd>
<dt><a href="/v1/touchpoints">/v1/touchpoints</a></dt><dd>the touchpoints that have been seen (<a href="/v1/touchpoints?format=csv">CSV</a>)</dd>
<dt><a href="/v1/alerts">/v1/alerts</a></dt><dd>what alerts watch, and what happened: <a href="/v1/alerts/history">/history</a></dd>
<dt><a href="/v1/dead-letters">/v1/dead-letters</a></dt><dd>what was refused, and why</dd>
<dt><a href="/readyz">/readyz</a> · <a href="/metrics">/metrics</a></dt><dd>health, and numbers for Prometheus</dd>
</dl>
<h2>A funnel</h2>
<pre>curl -s http://${shown}/v1/funnels/query \\
  -H 'content-type: application/json' -d '{
  "steps": [{ "touchpoint": "trial.started" }, { "touchpoint": "contract.signed" }],
  "window": { "value": 30, "unit": "day" },
  "from": "2026-01-01T00:00:00Z", "to": "2026-07-01T00:00:00Z" }'</pre>
</main>
</body>
</html>
`;
}
