import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cleanup } from './clickhouse-temporary.ts';
import { debianTools } from './debian-tools.ts';
import { freePorts } from './free-port.ts';
import { startKept } from './kept-process.ts';

const readyMsMax = 30_000;
const pollMs = 50;

/** The part of a vitest context that decides whether a test can run. */
interface Skipping {
  skip(note?: string): never;
}

/** What a command said. */
export interface Said {
  readonly exitCode: number;
  readonly output: string;
}

async function folderOf(context: Skipping, name: string): Promise<string> {
  const tools = await debianTools(name);
  if (tools.outcome === 'ready') return join(tools.folder, 'usr/bin');
  const reason = `no ${name}: ${tools.reason}`;
  if (process.env.REQUIRE_MONITORING === '1') throw new Error(reason);
  return context.skip(reason);
}

function run(command: string, args: readonly string[], input = ''): Promise<Said> {
  return new Promise((resolve) => {
    const child = execFile(command, args, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ exitCode, output: `${stdout}${stderr}` });
    });
    child.stdin?.end(input);
  });
}

/** What `promtool check metrics` says of an exposition; exit code 0: nothing. Without it the test is skipped, or fails with `REQUIRE_MONITORING=1`. */
export async function checkMetrics(context: Skipping, exposition: string): Promise<Said> {
  return run(join(await folderOf(context, 'prometheus'), 'promtool'), ['check', 'metrics'], exposition);
}

/** Runs promtool. Without it the test is skipped, or fails with `REQUIRE_MONITORING=1`. */
export async function promtool(context: Skipping, ...args: string[]): Promise<Said> {
  return run(join(await folderOf(context, 'prometheus'), 'promtool'), args);
}

/** A real Alertmanager on the loopback interface. */
export interface Alertmanager {
  readonly url: URL;
  /** Its command line tool, asked about it. */
  amtool(...args: string[]): Promise<Said>;
  /** Starts it; it is ready when this resolves. */
  start(): Promise<void>;
}

/**
 * An Alertmanager out of Debian's package, not started yet, removed with the test. Where it can't be had the test is skipped, or fails with `REQUIRE_MONITORING=1`.
 *
 * @param configuration its `alertmanager.yml`
 */
export async function prepareAlertmanager(context: Cleanup & Skipping, configuration: string): Promise<Alertmanager> {
  const binaries = await folderOf(context, 'prometheus-alertmanager');
  const folder = await mkdtemp(join(tmpdir(), 'michinori-alertmanager-'));
  context.onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [port = 0] = await freePorts(1);
  const url = new URL(`http://127.0.0.1:${port}`);
  const configFile = join(folder, 'alertmanager.yml');
  const logFile = join(folder, 'log');
  await writeFile(configFile, configuration);
  const root = join(binaries, '../..');
  const command = await movableCopy(join(binaries, 'prometheus-alertmanager'), join(folder, 'alertmanager'));

  return {
    url,
    amtool: (...args) => run(join(binaries, 'amtool'), [`--alertmanager.url=${url.origin}`, ...args]),
    async start() {
      const storage = [`--config.file=${configFile}`, `--storage.path=${join(folder, 'data')}`];
      const listening = [`--web.listen-address=${url.host}`, '--cluster.listen-address='];
      const inRoot = ['-c', 'cd "$0" && exec "$@"', root, command, ...storage, ...listening];
      const server = startKept({ command: 'sh', args: inRoot, logFile, temporaryFolder: folder });
      context.onTestFinished(async () => {
        server.signal('SIGKILL');
        await server.exited;
      });
      const deadlineMs = Date.now() + readyMsMax;
      while (!(await isReady(url))) {
        if (server.hasExited() || Date.now() > deadlineMs)
          throw new Error(`Alertmanager isn't ready:\n${(await readFile(logFile, 'utf8')).slice(-2000)}`);
        await delay(pollMs);
      }
    },
  };
}

/** A real Prometheus on the loopback interface. */
export interface Prometheus {
  readonly url: URL;
  /** The values of an instant query, by their labels as JSON. */
  query(expression: string): Promise<ReadonlyMap<string, number>>;
}

/**
 * Starts a Prometheus out of Debian's package that scrapes every second; removed with the test. Where it can't be had the test is skipped, or fails with
 * `REQUIRE_MONITORING=1`.
 *
 * @param scraped addresses of `/metrics`, by job
 */
export async function startPrometheus(
  context: Cleanup & Skipping,
  { scraped, rules = [] }: { readonly scraped: Readonly<Record<string, URL>>; readonly rules?: readonly string[] },
): Promise<Prometheus> {
  const binaries = await folderOf(context, 'prometheus');
  const folder = await mkdtemp(join(tmpdir(), 'michinori-prometheus-'));
  context.onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [port = 0] = await freePorts(1);
  const url = new URL(`http://127.0.0.1:${port}`);
  const [configFile, logFile] = [join(folder, 'prometheus.yml'), join(folder, 'log')];
  const configuration = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: rules,
    scrape_configs: Object.entries(scraped).map(([job, address]) => ({
      ...{ job_name: job, metrics_path: address.pathname },
      static_configs: [{ targets: [address.host] }],
    })),
  };
  await writeFile(configFile, JSON.stringify(configuration));
  const args = [`--config.file=${configFile}`, `--storage.tsdb.path=${join(folder, 'data')}`];
  const server = startKept({
    ...{ command: join(binaries, 'prometheus'), args: [...args, `--web.listen-address=${url.host}`] },
    ...{ logFile, temporaryFolder: folder },
  });
  context.onTestFinished(async () => {
    server.signal('SIGKILL');
    await server.exited;
  });
  const deadlineMs = Date.now() + readyMsMax;
  while (!(await isReady(url))) {
    if (server.hasExited() || Date.now() > deadlineMs)
      throw new Error(`Prometheus isn't ready:\n${(await readFile(logFile, 'utf8')).slice(-2000)}`);
    await delay(pollMs);
  }
  return {
    url,
    async query(expression) {
      const answer = await fetch(new URL(`/api/v1/query?query=${encodeURIComponent(expression)}`, url));
      const { data } = (await answer.json()) as {
        data: { result: { metric: Record<string, string>; value: [number, string] }[] };
      };
      return new Map(data.result.map(({ metric, value }) => [JSON.stringify(metric), Number(value[1])]));
    },
  };
}

/** Where Debian's build looks for its templates, and a path of the same length that begins in the working directory. */
const templates = Buffer.from('/usr/share/prometheus/alertmanager');
const movedTemplates = Buffer.from('usr//share/prometheus/alertmanager');

/** A copy of Alertmanager that doesn't need to be installed: it starts in the root of the unpacked package. */
async function movableCopy(from: string, to: string): Promise<string> {
  const bytes = await readFile(from);
  for (let at = bytes.indexOf(templates); at >= 0; at = bytes.indexOf(templates, at)) movedTemplates.copy(bytes, at);
  await writeFile(to, bytes);
  await chmod(to, 0o755);
  return to;
}

async function isReady(url: URL): Promise<boolean> {
  try {
    return (await fetch(new URL('/-/ready', url))).ok;
  } catch {
    return false;
  }
}
