// The image's health check: is the process alive? `node alive.mjs [PATH]`, PATH /livez by default, /readyz to ask whether it
// can serve. The port is that of the service whose image this is, unless its variable says otherwise.
import { readFileSync } from 'node:fs';

const ports = { standalone: 8080, ingest: 8081, 'query-api': 8082, processor: 8083, alerter: 8084 };
const service = readFileSync(new URL('service', import.meta.url), 'utf8').trim();
const variable = `MICHINORI_${service === 'standalone' ? '' : `${service.toUpperCase().replace('-', '_')}_`}PORT`;
const port = process.env[variable] ?? ports[service];
const path = process.argv[2] ?? '/livez';

try {
  const { status } = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(2500) });
  process.exit(status === 200 ? 0 : 1);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
