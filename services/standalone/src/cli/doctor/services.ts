import type { StandaloneConfig } from '../../config.ts';
import { whyNotListen } from '../port.ts';
import type { Finding } from './finding.ts';
import { checkProcess } from './process.ts';

const anywhere = new Set(['0.0.0.0', '::', '']);

/** Of each service: whether it answers at its address, how it is, or whether the address is free for it. */
export function checkServices(config: StandaloneConfig): Promise<Finding[]> {
  const places = [
    ['ingest', config.ingest],
    ['processor', config.processor],
    ['query-api', config.queryApi],
    ['alerter', config.alerter],
  ] as const;
  return Promise.all(places.map(([name, place]) => checkService(name, place)));
}

async function checkService(name: string, { host, port }: { host: string; port: number }): Promise<Finding> {
  const near = anywhere.has(host) ? '127.0.0.1' : host;
  const url = `http://${near.includes(':') ? `[${near}]` : near}:${port}`;
  const reason = await whyNotListen({ host, port });
  if (reason === null) {
    const detail = `nothing listens at ${host}:${port}`;
    return {
      check: name,
      state: 'warning',
      detail,
      mend: `michinori ${name}; if it runs on another machine, look at it there`,
    };
  }
  if (reason === 'EADDRINUSE')
    return { ...(await checkProcess(url, `the port is taken, but not by ${name}?`)), check: name };
  return {
    check: name,
    state: 'warning',
    detail: `${host}:${port}: ${reason}`,
    mend: `choose another address for ${name}`,
  };
}
