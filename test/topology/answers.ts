import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Question, questions, questionsAbout } from './questions.ts';

/** Where questions are asked. */
export interface Desk {
  readonly url: string;
  readonly key: string | null;
}

/** Question → the answer as text, without what tells of the moment or of the place. */
export type Answers = Record<string, string>;

interface Answer {
  rows: Record<string, unknown>[];
  meta: Record<string, unknown>;
}

/** When and by whom something was written, and the number that a store gives a derivation. */
const ofTheWriting = new Set([
  'appliedAt',
  'appliedBy',
  'recordedAt',
  'recordedBy',
  'receivedAt',
  'derivation',
  'changedAt',
  'changedBy',
]);
const placeInLog = new Set(['log', 'partition', 'offset']);

/** Asks over HTTP; anything but 200 is an error. */
export async function askDesk({ url, key }: Desk, { path, body }: Question): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}: ${text}`);
  return JSON.parse(text) as Answer;
}

function withoutWriting(row: unknown): unknown {
  if (Array.isArray(row)) return row.map(withoutWriting);
  if (row === null || typeof row !== 'object') return row;
  const kept = Object.entries(row).filter(([name]) => !ofTheWriting.has(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutWriting(value)]));
}

/** Dead letters have a place in a log and come in its order: what they say is compared. */
function lettersAsSet(rows: readonly Record<string, unknown>[]): string[] {
  const said = rows.map((row) => Object.entries(row).filter(([name]) => !placeInLog.has(name)));
  return said.map((entries) => JSON.stringify(withoutWriting(Object.fromEntries(entries)))).sort();
}

function textOf({ path }: Question, { rows, meta }: Answer): string {
  const { generatedInMs: _generatedInMs, watermark: _watermark, ...stable } = meta;
  if (path.startsWith('/v1/dead-letters')) return JSON.stringify(lettersAsSet(rows));
  const isBound = path.includes('asOf=') || path.startsWith('/v1/funnels/');
  const { asOf: _asOf, ...rest } = stable;
  return JSON.stringify({ rows: withoutWriting(rows), meta: withoutWriting(isBound ? stable : rest) });
}

function pageAfter({ path, body, isPaged }: Question, cursor: unknown): Question | null {
  if (isPaged !== true || typeof cursor !== 'string') return null;
  return body === undefined
    ? { path: `${path}&cursor=${encodeURIComponent(cursor)}` }
    : { path, body: { ...body, cursor } };
}

/** Asks the questions, and about some of the customers that the answers name. */
export async function answersOf(desk: Desk, asked: readonly Question[] = questions): Promise<Answers> {
  const answers: Answers = {};
  const named = new Set<string>();
  async function note(question: Question): Promise<void> {
    for (let page: Question | null = question; page !== null; ) {
      const answer = await askDesk(desk, page);
      answers[`${page.path} ${JSON.stringify(page.body ?? null)}`] = textOf(question, answer);
      for (const { customer } of answer.rows) if (typeof customer === 'string') named.add(customer);
      page = pageAfter(question, answer.meta.cursor);
    }
  }
  for (const question of asked) await note(question);
  const chosen = [...named].sort().filter((_, index, all) => index % Math.ceil(all.length / 12) === 0);
  for (const customer of chosen) for (const question of questionsAbout(customer)) await note(question);
  return answers;
}

const openApiFile = join(import.meta.dirname, '..', '..', 'services', 'query-api', 'openapi.json');
/** These write, or start work. */
const commands = new Set(['/v1/rebuild', '/v1/journeys/{journey}/rebuild']);

/** Paths of the published interface that answer a question, as regular expressions. */
export function endpoints(): { path: string; matches: (asked: string) => boolean }[] {
  const { paths } = JSON.parse(readFileSync(openApiFile, 'utf8')) as { paths: Record<string, Record<string, unknown>> };
  return Object.keys(paths)
    .filter((path) => !commands.has(path))
    .map((path) => {
      const pattern = new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);
      return { path, matches: (asked) => pattern.test(asked.split(/[? ]/)[0] ?? '') };
    });
}
