import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brokerPom, javaMajorMin, kafkaVersion } from './kafka-version.ts';
import { withLockFile } from './lock-file.ts';

const execute = promisify(execFile);
const cache = fileURLToPath(new URL('../../../node_modules/.cache/michinori', import.meta.url));
const downloadMsMax = 600_000;

/** A Java and a folder with a broker's jars, or why there is none. */
export type KafkaJars =
  | { readonly outcome: 'ready'; readonly java: string; readonly keytool: string; readonly folder: string }
  | { readonly outcome: 'unavailable'; readonly reason: string };

function tool(name: string): string {
  const home = process.env.JAVA_HOME;
  const inHome = home === undefined ? undefined : join(home, 'bin', name);
  return inHome !== undefined && existsSync(inHome) ? inHome : name;
}

async function javaMajor(): Promise<number | null> {
  try {
    const { stderr, stdout } = await execute(tool('java'), ['-version']);
    const [, major] = /version "(?:1\.)?(\d+)/.exec(`${stderr}${stdout}`) ?? [];
    return major === undefined ? null : Number(major);
  } catch {
    return null;
  }
}

function lastWords(error: unknown): string {
  const { stdout = '', stderr = '', message = '' } = error as { stdout?: string; stderr?: string; message?: string };
  const lines = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('ERROR'));
  return (lines[0] ?? message.split('\n')[0] ?? '').trim();
}

async function download(folder: string): Promise<string | null> {
  const building = await mkdtemp(`${folder}.`);
  try {
    await writeFile(join(building, 'pom.xml'), brokerPom);
    const goal = [
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${join(building, 'lib')}`,
    ];
    await execute('mvn', ['-q', '-B', ...goal], { cwd: building, timeout: downloadMsMax });
    await rename(join(building, 'lib'), folder);
    return null;
  } catch (error) {
    if (existsSync(folder)) return null;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return "Maven (mvn) isn't installed";
    return `Maven couldn't fetch Kafka ${kafkaVersion}: ${lastWords(error)}`;
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

/**
 * The jars of the pinned broker, downloaded with Maven at the first use (45 MB) and kept below `node_modules`. Safe to
 * call from many processes at once: one downloads, the others wait.
 */
export async function kafkaJars(onDownload: () => void = () => {}): Promise<KafkaJars> {
  const major = await javaMajor();
  if (major === null) return { outcome: 'unavailable', reason: `Java ${javaMajorMin} or newer isn't installed` };
  if (major < javaMajorMin) return { outcome: 'unavailable', reason: `Java is ${major}, ${javaMajorMin} is needed` };
  const folder = join(cache, `kafka-${kafkaVersion}`);
  const ready: KafkaJars = { outcome: 'ready', java: tool('java'), keytool: tool('keytool'), folder };
  if (existsSync(folder)) return ready;
  await mkdir(dirname(folder), { recursive: true });
  const reason = await withLockFile(`${folder}.lock`, downloadMsMax, async () => {
    if (existsSync(folder)) return null;
    onDownload();
    return download(folder);
  });
  return reason === null ? ready : { outcome: 'unavailable', reason };
}
