import type { ExportColumn, Exported, FlatRow, XesAttribute, XesPart } from './export-row.ts';

/** A row of `GET /v1/journeys/{journey}/visits`, with a member `segment.NAME` for every segment. */
export interface ApiVisit {
  customer: string | null;
  account: string | null;
  anonymous: string | null;
  stage: string;
  cycle: number;
  visit: number;
  enteredAt: string;
  endedAt: string | null;
  outcome: string;
  next: string | null;
  reason: string | null;
  lastActivityAt: string;
  seconds: number;
  [segment: string]: string | number | null;
}

const columns: readonly ExportColumn[] = [
  { name: 'customer', type: 'text' },
  { name: 'account', type: 'text' },
  { name: 'anonymous', type: 'text' },
  { name: 'stage', type: 'text' },
  { name: 'cycle', type: 'integer' },
  { name: 'visit', type: 'integer' },
  { name: 'enteredAt', type: 'time' },
  { name: 'endedAt', type: 'optional time' },
  { name: 'outcome', type: 'text' },
  { name: 'next', type: 'text' },
  { name: 'reason', type: 'text' },
  { name: 'lastActivityAt', type: 'time' },
  { name: 'seconds', type: 'number' },
];

export interface VisitsWanted {
  journey: string;
  /** Members of it are the segments of the journey. */
  segments: readonly string[];
  from?: string | undefined;
  to?: string | undefined;
  asOf?: string | undefined;
}

/** All visits of a journey that began in a range. */
export function exportedVisits({ journey, segments, ...range }: VisitsWanted): Exported<ApiVisit> {
  const parameters = new URLSearchParams({ limit: '2000' });
  for (const [name, value] of Object.entries(range)) if (value !== undefined) parameters.set(name, value);
  return {
    title: `visits of ${journey}`,
    path: `/v1/journeys/${encodeURIComponent(journey)}/visits?${parameters}`,
    columns: [...columns, ...segments.map((name): ExportColumn => ({ name: `segment.${name}`, type: 'text' }))],
    flat,
    json: (visit) => JSON.stringify(visit),
    xes,
  };
}

function flat(visit: ApiVisit): FlatRow {
  const given = Object.entries(visit).filter((entry): entry is [string, string | number] => entry[1] !== null);
  return new Map(given);
}

/** A visit is an activity that starts and, once it has ended, completes; a cycle of a unit is a trace. */
function xes(visit: ApiVisit): XesPart {
  const { customer, account, anonymous, stage, cycle, outcome, next, reason } = visit;
  const unit = customer ?? anonymous ?? account ?? '';
  const text = (key: string, value: string | null): XesAttribute[] =>
    value === null ? [] : [{ kind: 'string', key, value }];
  const head = (time: string, transition: string): XesAttribute[] => [
    { kind: 'string', key: 'concept:name', value: stage },
    { kind: 'date', key: 'time:timestamp', value: time },
    { kind: 'string', key: 'lifecycle:transition', value: transition },
    { kind: 'string', key: 'concept:instance', value: String(visit.visit) },
  ];
  const segments = Object.entries(visit).flatMap(([key, value]) =>
    key.startsWith('segment.') && value !== '' ? text(key, String(value)) : [],
  );
  const end: XesAttribute[] = [...text('outcome', outcome), ...text('next', next), ...text('reason', reason)];
  const start = [...head(visit.enteredAt, 'start'), ...segments, ...(visit.endedAt === null ? end : [])];
  const complete =
    visit.endedAt === null
      ? []
      : [
          [
            ...head(visit.endedAt, 'complete'),
            ...segments,
            ...end,
            { kind: 'float' as const, key: 'seconds', value: visit.seconds },
          ],
        ];
  return {
    trace: {
      id: `${customer === null ? '\0' : ''}${unit}\0${cycle}`,
      attributes: [
        { kind: 'string', key: 'concept:name', value: `${unit} · ${cycle}` },
        ...text('customer', customer),
        ...text('anonymous', anonymous),
        ...text('account', account),
        { kind: 'int', key: 'cycle', value: cycle },
      ],
    },
    events: [start, ...complete],
  };
}
