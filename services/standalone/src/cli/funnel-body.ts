import { readFileSync } from 'node:fs';
import { fileReason } from '../file-reason.ts';
import { UsageError } from './usage-error.ts';

export interface FunnelFlags {
  window: string;
  from?: string;
  to?: string;
  asOf?: string;
  by?: string;
  attribution?: string;
  bands?: string;
  limit?: string;
  order?: string;
  unit?: string;
  trend?: string;
  timezone?: string;
  filter: string[];
  hold: string[];
  exclude: string[];
  request?: string;
  url?: string;
  key?: string;
  json: boolean;
}

const durationUnits: Record<string, string> = {
  s: 'second',
  min: 'minute',
  m: 'minute',
  h: 'hour',
  d: 'day',
  w: 'week',
};
const operators: Record<string, string> = {
  '=': 'eq',
  '!=': 'neq',
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
  '~': 'contains',
  '!~': 'not_contains',
};

/** The body of `POST /v1/funnels/query` that the flags describe; `--request FILE` gives the whole body instead. */
export function funnelBody(touchpoints: readonly string[], flags: FunnelFlags): Record<string, unknown> {
  if (flags.request !== undefined) {
    if (touchpoints.length > 0)
      throw new UsageError('Name the steps, or give the whole question with --request; not both.');
    return readRequest(flags.request);
  }
  if (touchpoints.length === 0) {
    throw new UsageError(
      'Name the steps: michinori funnel trial.started contract.signed. A step may be a list, a,b, or a prefix, page.*',
    );
  }
  return {
    steps: touchpoints.map((names) => ({ touchpoint: names.includes(',') ? names.split(',') : names })),
    window: readDuration(flags.window),
    timezone: flags.timezone ?? 'UTC',
    filter: flags.filter.map(readFilter),
    hold: flags.hold,
    exclude: flags.exclude.map((touchpoint) => ({ touchpoint })),
    ...given('from', flags.from),
    ...given('to', flags.to),
    ...given('asOf', flags.asOf),
    ...given('order', flags.order),
    ...given('unit', flags.unit),
    ...(flags.trend === undefined ? {} : { trend: { interval: flags.trend } }),
    ...(flags.by === undefined ? {} : { breakdown: readBreakdown(flags.by, flags) }),
  };
}

/** `14d`, `36h`, `30min`, `90s`, `2w` → value and unit. */
export function readDuration(text: string): { value: number; unit: string } {
  const [, value = '', short = ''] = /^(\d+(?:\.\d+)?)\s*(s|min|m|h|d|w)$/.exec(text.trim()) ?? [];
  const unit = durationUnits[short];
  if (unit === undefined) throw new UsageError(`"${text}" is no duration; write 14d, 36h, 30min, 90s or 2w.`);
  return { value: Number(value), unit };
}

/** `trait:region=emea`, `property:amount>=5000`, `channel=web,app`, `property:name~tokyo` → a filter of the API. */
export function readFilter(text: string): Record<string, unknown> {
  const match = /^(property:[^=!<>~]+|trait:[^=!<>~]+|channel|team|account)\s*(!=|>=|<=|!~|=|>|<|~)\s*(.*)$/.exec(text);
  const [, subject = '', sign = '', value = ''] = match ?? [];
  const presence = /^(!?)(property:[^=!<>~]+|trait:[^=!<>~]+|channel|team|account)$/.exec(text);
  if (presence !== null) return { ...subjectOf(presence[2] ?? ''), op: presence[1] === '!' ? 'not_set' : 'set' };
  const op = operators[sign];
  if (op === undefined) {
    throw new UsageError(
      `"${text}" is no filter; write trait:plan=pro, property:amount>=5000, channel=web,app, team!=sales, trait:plan (is set) or !trait:plan.`,
    );
  }
  const who = subjectOf(subject.trim());
  if ((op === 'eq' || op === 'neq') && value.includes(','))
    return { ...who, op: op === 'eq' ? 'in' : 'not_in', value: value.split(',') };
  return { ...who, op, value };
}

function subjectOf(text: string): Record<string, string | true> {
  const [kind = '', name] = text.split(/:(.*)/s);
  return { [kind]: name ?? true };
}

function readBreakdown(by: string, { attribution, bands, limit }: FunnelFlags): Record<string, unknown> {
  return {
    by,
    ...given('attribution', attribution),
    ...(bands === undefined ? {} : { bands: bands.split(',').map(readNumber) }),
    ...(limit === undefined ? {} : { limit: readNumber(limit) }),
  };
}

function readNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || Number.isNaN(number)) throw new UsageError(`"${text}" is no number.`);
  return number;
}

function readRequest(path: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Error('the question is an object');
    return { ...body };
  } catch (error) {
    throw new UsageError(`${path}: ${fileReason(error)}`);
  }
}

function given(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: value };
}
