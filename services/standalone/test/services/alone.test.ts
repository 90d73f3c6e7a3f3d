import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../cli/fake-io.ts';
import {
  jsonOf,
  type ServiceName,
  serviceNames,
  startCommand,
  startService,
  temporaryFolder,
} from './service-process.ts';

const portSettings = {
  ingest: 'ingest.port',
  processor: 'processor.port',
  'query-api': 'queryApi.port',
  alerter: 'alerter.port',
} as const satisfies Record<ServiceName, string>;

describe.each(serviceNames)('%s as a process of its own, on the data folder', (name) => {
  it('listens, becomes ready, shows its metrics, and ends in order', async () => {
    const service = startService(name);
    await service.ready();
    expect(await service.readiness()).toEqual({ status: 200, reasons: {} });
    expect((await service.get('/livez')).status).toBe(200);
    expect(await (await service.get('/metrics')).text()).toContain(`michinori_build_info{service="${name}"`);
    service.child.kill('SIGTERM');
    expect(await service.ended).toBe(0);
  });

  it('is a command, too, with the same options', async () => {
    const data = temporaryFolder();
    const env = { MICHINORI_LOG_LEVEL: 'debug' };
    const printed = await run(['--data', data, name, '--print-config', '--port=9'], { env });
    expect(printed.exitCode).toBe(0);
    expect(printed.out).toContain(`# ${portSettings[name]}: flag --port\n`);
    expect(printed.out).toContain(`data: ${data}\n`);
    expect(printed.out).toContain('logLevel: debug\n');
    const wrong = await run([name, '--prot', '9', '--log-level', 'loud']);
    expect(wrong.exitCode).toBe(78);
    expect(wrong.err).toContain('Did you mean "port"?');
    expect(wrong.err).toContain('flag --log-level: logLevel is refused');
    const missing = await run([name, '--config', join(data, 'none.yaml')]);
    expect([missing.exitCode, missing.err]).toEqual([78, expect.stringContaining('there is no file')]);
  });
});

describe('a service that is a command', () => {
  it('runs until it is told to stop', async () => {
    const service = startCommand('ingest', {}, ['--data', temporaryFolder(), '--port', '0']);
    await service.ready();
    const body = JSON.stringify({ customer: 'c', touchpoint: 'a' });
    const answer = await fetch(new URL('/v1/events', await service.url()), { method: 'POST', body });
    expect(answer.status).toBe(202);
    service.child.kill('SIGTERM');
    expect(await service.ended).toBe(0);
    expect(service.output()).toContain('"reason":"SIGTERM"');
  });
});

describe('the query API alone', () => {
  it('says that definitions can not be written without Kafka', async () => {
    const service = startService('query-api');
    await service.ready();
    expect(service.output()).toContain('definitions can be seen, not written');
    const body = readFileSync(join(import.meta.dirname, '../../../../infra/journeys/buying.yaml'), 'utf8');
    const headers = { 'content-type': 'text/yaml' };
    const answer = await fetch(new URL('/v1/journeys', await service.url()), { method: 'POST', headers, body });
    expect([answer.status, (await jsonOf(answer)).code]).toEqual([501, 'no_event_log']);
  });
});
