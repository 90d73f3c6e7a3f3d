import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { isEventLogError } from '@michinori/event-log';
import { createProcessor } from '@michinori/processor';
import { createMetrics, createSilentLogger, isLoopback, type LoadedConfig } from '@michinori/runtime';
import { openKeyStore } from '../compose.ts';
import type { StandaloneConfig } from '../config.ts';
import { lagOf } from '../drain-log.ts';
import { openStores, type Stores } from '../open-stores.ts';
import { readServerFile } from '../server-file.ts';
import { version } from '../version.ts';
import { type Io, printJson } from './io.ts';
import { commandLogger } from './stores-command.ts';

/** One thing that was looked at. `mend` says what to do; it stands with everything that isn't ok. */
export interface Finding {
  check: string;
  state: 'ok' | 'warning' | 'error';
  detail: string;
  mend?: string;
}

const gibibyte = 1024 ** 3;

/** `michinori doctor`: looks at everything that this deployment needs. Exit code 1 if something is broken. */
export async function doctorCommand(
  io: Io,
  loaded: LoadedConfig<StandaloneConfig>,
  flags: { json: boolean },
): Promise<number> {
  const { config } = loaded;
  const findings = [
    checkNode(),
    await checkFolder(config),
    await checkDisk(config),
    checkKeys(io, config),
    ...(await checkStores(config)),
  ];
  if (flags.json) printJson(io, findings);
  else for (const finding of findings) io.out(describe(finding));
  return findings.some(({ state }) => state === 'error') ? 1 : 0;
}

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isEnough = major > 20 || (major === 20 && minor >= 19);
  const detail = `Node ${process.versions.node}`;
  return isEnough
    ? { check: 'node', state: 'ok', detail }
    : { check: 'node', state: 'error', detail, mend: 'install Node 20.19 or newer' };
}

async function checkFolder({ data }: StandaloneConfig): Promise<Finding> {
  try {
    await mkdir(data, { recursive: true });
    await access(data, constants.R_OK | constants.W_OK);
    return { check: 'data folder', state: 'ok', detail: data };
  } catch (error) {
    const detail = `${data}: ${error instanceof Error ? error.message : String(error)}`;
    return {
      check: 'data folder',
      state: 'error',
      detail,
      mend: 'name a folder that this user may write to: --data DIR',
    };
  }
}

async function checkDisk({ data, log }: StandaloneConfig): Promise<Finding> {
  const { bavail, bsize } = await statfs(data);
  const free = (bavail * bsize) / gibibyte;
  const wanted = Math.max(2, (2 * log.retentionBytesMax) / gibibyte);
  const detail = `${free.toFixed(1)} GiB free`;
  if (free < 1)
    return {
      check: 'disk',
      state: 'error',
      detail,
      mend: 'free some space: without it ingest refuses events with 503',
    };
  if (free >= wanted) return { check: 'disk', state: 'ok', detail };
  return {
    check: 'disk',
    state: 'warning',
    detail,
    mend: `the log alone may grow to ${(log.retentionBytesMax / gibibyte).toFixed(0)} GiB; lower log.retentionBytesMax or free space`,
  };
}

function checkKeys(io: Io, config: StandaloneConfig): Finding {
  const active = openKeyStore(config, commandLogger(io, config)).activeCount();
  const detail = `${active} active keys, listening on ${config.host}`;
  if (active > 0 || isLoopback(config.host)) return { check: 'keys', state: 'ok', detail };
  return { check: 'keys', state: 'error', detail, mend: 'michinori keys create --scope admin' };
}

async function checkStores(config: StandaloneConfig): Promise<Finding[]> {
  let stores: Stores;
  try {
    stores = await openStores(config);
  } catch (error) {
    if (isEventLogError(error, 'log_locked'))
      return [await askRunningProcess(config, error.message), await checkPort(config, true)];
    const detail = error instanceof Error ? error.message : String(error);
    return [
      {
        check: 'stores',
        state: 'error',
        detail,
        mend: 'see packages/event-log/docs/errors.md and packages/clickhouse/docs/errors.md',
      },
    ];
  }
  try {
    return [
      {
        check: 'event log',
        state: 'ok',
        detail: `readable, ${(await lagOf(stores.log, config.processor.group)).toLocaleString('en-US')} records not yet in the tables`,
      },
      {
        check: 'clickhouse',
        state: 'ok',
        detail: `embedded engine ${await stores.clickhouse.version()}, ${stores.migrated.length === 0 ? 'tables up to date' : `migrated now: ${stores.migrated.join(', ')}`}`,
      },
      await checkConservation(config, stores),
      await checkPort(config, false),
    ];
  } finally {
    await stores.close();
  }
}

async function checkConservation(config: StandaloneConfig, { log, clickhouse }: Stores): Promise<Finding> {
  const metrics = createMetrics({ service: 'doctor', version, withProcessMetrics: false });
  const processor = createProcessor({
    log,
    clickhouse,
    metrics,
    logger: createSilentLogger(),
    config: config.processor,
  });
  const report = await processor.auditOnce({ repair: false });
  const { records, missingEvents: missing, extraRows: extra } = report;
  const detail = `${records.toLocaleString('en-US')} records of the log compared with the tables: ${missing} missing, ${extra} that the log doesn't know`;
  if (missing === 0 && extra === 0) return { check: 'conservation', state: 'ok', detail };
  return {
    check: 'conservation',
    state: 'error',
    detail,
    mend: 'start the process: its auditor writes missing rows again; see services/processor/docs/audit.md',
  };
}

async function askRunningProcess(config: StandaloneConfig, held: string): Promise<Finding> {
  const url = readServerFile(config.data);
  const ready = url === undefined ? undefined : await fetch(new URL('/readyz', url)).catch(() => undefined);
  if (ready === undefined)
    return { check: 'process', state: 'warning', detail: held, mend: 'it does not answer (yet); look at its log' };
  const { checks } = (await ready.json()) as { checks: { name: string; ok: boolean; reason: string | null }[] };
  const broken = checks.filter(({ ok }) => !ok).map(({ name, reason }) => `${name}: ${reason ?? 'not ok'}`);
  if (broken.length === 0) return { check: 'process', state: 'ok', detail: `running at ${url ?? ''} and ready` };
  return {
    check: 'process',
    state: 'error',
    detail: `running at ${url ?? ''}, not ready: ${broken.join('; ')}`,
    mend: 'look at its log',
  };
}

async function checkPort({ host, port }: StandaloneConfig, isRunning: boolean): Promise<Finding> {
  const isFree = await new Promise<boolean>((resolve) => {
    const probe = createServer()
      .once('error', () => resolve(false))
      .listen(port, host, () => probe.close(() => resolve(true)));
  });
  const detail = `${host}:${port}`;
  if (isFree !== isRunning)
    return {
      check: 'port',
      state: 'ok',
      detail: `${detail} ${isFree ? 'is free' : 'is in use by the running process'}`,
    };
  return {
    check: 'port',
    state: 'warning',
    detail: `${detail} ${isFree ? 'is not listened on' : 'is taken by another program'}`,
    mend: 'choose another with --port',
  };
}

function describe({ check, state, detail, mend }: Finding): string {
  const mark = { ok: '✓', warning: '!', error: '✗' }[state];
  return `${mark} ${check.padEnd(13)} ${detail}\n${mend === undefined ? '' : `  → ${mend}\n`}`;
}
