// `michinori import` of a CSV file into an empty data folder: rows a second into the log and until they are visible, and the memory of the process.
// node test/load/import.mjs [--seconds 1200] [rows …]      The default, 500000 5000000, shows whether memory grows with the file. An import that takes
// longer than the seconds is stopped as by ^C: then the figures are of the rows that it came to.
import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse';
import { count, seconds, table } from './measure.mjs';

const binary = fileURLToPath(new URL('../../services/standalone/bin/michinori.mjs', import.meta.url));
const eventsPerCustomer = 20;
const startMs = Date.UTC(2026, 0, 1);
const MiB = 2 ** 20;

function row(index, rows) {
  const customer = (index * 7919) % Math.ceil(rows / eventsPerCustomer);
  const at = new Date(startMs + index * 1_000).toISOString();
  return `customer-${customer},touchpoint-${index % 12},${at},${index % 3 === 0 ? 'web' : 'mail'},team-${index % 5},${(index % 997) / 4},"page, ${index % 50}"\n`;
}

function* chunksOf(rows) {
  yield 'customer,touchpoint,occurredAt,channel,team,price,page\n';
  const chunkRows = 2_000;
  for (let begin = 0; begin < rows; begin += chunkRows) {
    let text = '';
    for (let index = begin; index < Math.min(rows, begin + chunkRows); index += 1) text += row(index, rows);
    yield text;
  }
}

/** Peaks of a process: `anonymous` is what it holds itself, `resident` also pages of the files that it has mapped. */
function watchMemory(pid) {
  const peaks = { resident: 0, anonymous: 0 };
  const look = () => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const bytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) * 1024;
      peaks.resident = Math.max(peaks.resident, bytes('VmHWM'));
      peaks.anonymous = Math.max(peaks.anonymous, bytes('RssAnon'));
    } catch {
      // The process has ended, or this system has no /proc.
    }
  };
  const timer = setInterval(look, 200);
  return { peaks, stop: () => clearInterval(timer) };
}

/** How far the import came, by the state that it keeps. */
function stateOf(data) {
  const folder = join(data, 'imports');
  const [name] = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}

async function importFile(path, data, secondsMax) {
  const beganMs = Date.now();
  const child = spawn(process.execPath, [binary, '--data', data, 'import', path], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const memory = watchMemory(child.pid);
  let isStopped = false;
  const timer = setInterval(() => {
    // The first one ends the import, the second one waiting until all is visible.
    child.kill('SIGINT');
    isStopped = true;
  }, secondsMax * 1000);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(timer);
  memory.stop();
  const tookSeconds = (Date.now() - beganMs) / 1000;
  const { accepted, finishedAt } = stateOf(data);
  if (code !== 0 && !isStopped) throw new Error(`the import ended with ${code}`);
  const loggedSeconds = finishedAt === null ? tookSeconds : (Date.parse(finishedAt) - beganMs) / 1000;
  return { rows: accepted, loggedSeconds, visibleSeconds: code === 0 ? tookSeconds : null, ...memory.peaks };
}

async function parseAlone(path) {
  let rows = 0;
  const parser = createReadStream(path).pipe(parse());
  for await (const _ of parser) rows += 1;
  return rows;
}

async function measure(rows, secondsMax) {
  const folder = mkdtempSync(join(tmpdir(), 'michinori-load-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'rows.csv');
  await pipeline(Readable.from(chunksOf(rows)), createWriteStream(path));
  const bare = await seconds(() => parseAlone(path));
  const size = statSync(path).size;
  const told = await importFile(path, join(folder, 'data'), secondsMax);
  rmSync(folder, { recursive: true, force: true });
  const durable = told.rows / told.loggedSeconds;
  return [
    `${count(rows)} (${count(size / MiB)} MiB)`,
    count(told.rows),
    count(durable),
    told.visibleSeconds === null ? '–' : count(told.rows / told.visibleSeconds),
    count(rows / bare),
    ((durable * bare) / rows).toFixed(2),
    count(told.anonymous / MiB),
    count(told.resident / MiB),
  ];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '3600' } },
});
const sizes = positionals.length === 0 ? [500_000, 5_000_000] : positionals.map(Number);
const rows = [];
for (const size of sizes) rows.push(await measure(size, Number(values.seconds)));
console.log(
  table(
    [
      'rows of CSV',
      'imported',
      'durable, rows/s',
      'visible, rows/s',
      'csv-parse alone, rows/s',
      'ratio',
      'memory at most, MiB',
      'with mapped files, MiB',
    ],
    rows,
  ),
);
