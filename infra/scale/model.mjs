// The sizes of SCALE.md: measured figures, assumptions, and the formulas between them. `node infra/scale/model.mjs` prints the
// tables that stand there; a test compares. To update: change `measured`, run it, copy.

import { fileURLToPath } from 'node:url';

/** From test/load/RESULTS.md (two cores, so time × 2 is core time) and infra/scale/bytes.mjs. */
export const measured = {
  /** Ingest, 500 events a request, one process. */
  ingestEventsPerSecond: 36_855,
  /** Log to verified rows, processor and ClickHouse together on two cores, a quiet machine. */
  sinkEventsPerSecond: 12_719,
  /** A round of 50 000 customers with 20 events each: one journey, and the table of customers, in seconds. */
  roundTimelineEvents: 1_000_000,
  roundJourneySeconds: 5.38,
  roundCustomersSeconds: 2.41,
  /** Funnel of three steps over ten million events; stages and touchpoints of a journey over a million customers. */
  funnelSecondsPer10MEvents: 0.653,
  stagesSecondsPer1MCustomers: 2.092,
  touchpointsSecondsPer1MCustomers: 10.846,
  cores: 2,
  /** Bytes of a record in Kafka, plain and gzip in batches of 100; of a row in events plus one in event_ids; of a unit. */
  logBytesPlain: 426,
  logBytesGzip: 45,
  tableBytesPerEvent: 39.3 + 32.5,
  unitBytes: 535,
};

/** What nobody measured. Each is used once, below. */
export const assumed = {
  journeys: 2,
  /** Share of the events that make somebody dirty who isn't already in the same round. */
  dirtyPerEvent: 1,
  /** Share of a core that is planned with: the rest is for merges, answers, and catching up after a failure. */
  load: 0.5,
  /** Real events against those of the demo, which resemble each other; and parts that wait to be merged. */
  bytesFactor: 2,
  coresPerMachine: 16,
  logReplicas: 3,
  tableReplicas: 2,
  logDays: 30,
};

const daySeconds = 86_400;

/** Core-seconds per event, or per event of a timeline. */
export const costs = {
  ingest: 1 / measured.ingestEventsPerSecond,
  sink: measured.cores / measured.sinkEventsPerSecond,
  deriveTimelineEvent:
    (measured.cores * (assumed.journeys * measured.roundJourneySeconds + measured.roundCustomersSeconds)) /
    measured.roundTimelineEvents,
};

/** Cores at half load for a rate and the length of a customer's timeline. */
export function coresFor(eventsPerSecond, timelineEvents) {
  const plan = (seconds) => (eventsPerSecond * seconds) / assumed.load;
  return {
    ingest: plan(costs.ingest),
    sink: plan(costs.sink),
    derive: plan(assumed.dirtyPerEvent * timelineEvents * costs.deriveTimelineEvent),
  };
}

const rates = [1000, 10_000, 100_000];
const crowds = [1e6, 100e6];

/** Two digits that mean something, and a unit that people read. */
function short(value) {
  if (value < 10) return String(Number(value.toPrecision(2)));
  const rounded = Number(value.toPrecision(2));
  if (rounded >= 1e9) return `${rounded / 1e9} G`;
  if (rounded >= 1e6) return `${rounded / 1e6} M`;
  return rounded >= 10_000 ? `${rounded / 1000} k` : String(rounded);
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const count = (value) => String(Math.max(1, Math.ceil(value)));
const name = (customers) => `${customers / 1e6} M`;

export function volumeTable() {
  const { bytesFactor, logReplicas, tableReplicas, logDays } = assumed;
  const rows = rates.map((rate) => {
    const perYear = rate * daySeconds * 365;
    const log = rate * daySeconds * logDays * measured.logBytesGzip * bytesFactor * logReplicas;
    const tables = perYear * measured.tableBytesPerEvent * bytesFactor;
    const wire = (rate * measured.logBytesPlain) / 1e6;
    return [
      short(rate),
      short(perYear),
      `${short(wire)} MB/s`,
      `${short(log / 1e12)} TB`,
      `${short(tables / 1e12)} TB`,
      `${short((tables * tableReplicas) / 1e12)} TB`,
    ];
  });
  const head = [
    'events/s',
    'events a year',
    'plain, on the wire',
    `Kafka, ${logDays} days × ${logReplicas}`,
    'tables, a year',
    `× ${tableReplicas} replicas`,
  ];
  return table(head, rows);
}

export function coreTable() {
  const rows = rates.flatMap((rate) =>
    crowds.map((customers) => {
      const perDay = (rate * daySeconds) / customers;
      const fixed = coresFor(rate, 0);
      const derive = [20, perDay * 30, perDay * 365].map((timeline) => coresFor(rate, timeline).derive);
      return [
        short(rate),
        name(customers),
        short(perDay * 30),
        short(perDay * 365),
        short(fixed.ingest),
        short(fixed.sink),
        ...derive.map(short),
      ];
    }),
  );
  const head = [
    ...['events/s', 'customers', 'timeline, 30 days', 'timeline, a year', 'ingest', 'sink'],
    ...['deriving, 20 events each', 'deriving, 30 days', 'deriving, a year'],
  ];
  return table(head, rows);
}

export function machineTable() {
  const rows = rates.map((rate) => {
    const { ingest, sink, derive } = coresFor(rate, 20);
    const processors = (rate * costs.sink) / measured.cores / assumed.load;
    const store = sink / 2 + derive;
    return [
      short(rate),
      count(Math.max(2, ingest)),
      count(Math.max(2, processors)),
      String(2 ** Math.ceil(Math.log2(Math.max(16, 2 * processors)))),
      String(Math.max(3, Math.ceil((rate * measured.logBytesPlain) / 20e6))),
      count(store / assumed.coresPerMachine),
      String(assumed.tableReplicas * Math.max(1, Math.ceil(store / assumed.coresPerMachine))),
    ];
  });
  const head = ['events/s', 'ingest', 'processors', 'partitions', 'brokers', 'shards', 'ClickHouse machines'];
  return table(head, rows);
}

export function answerTable() {
  const perCustomer = (seconds) => (measured.cores * seconds) / 1e6;
  const questions = [
    ['funnel, 3 steps', 'per event in the range', (measured.cores * measured.funnelSecondsPer10MEvents) / 10e6],
    ['stages of a journey', 'per customer', perCustomer(measured.stagesSecondsPer1MCustomers)],
    ['touchpoints of a journey', 'per customer', perCustomer(measured.touchpointsSecondsPer1MCustomers)],
  ];
  const rows = questions.map(([what, unit, seconds]) => [
    what,
    `${short(seconds * 1e6)} µs ${unit}`,
    ...[1e6, 100e6, 1e9].map((size) => `${short(size * seconds)} core-s`),
  ]);
  return table(['answer', 'cost', '1 M', '100 M', '1 G'], rows);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const text of [volumeTable(), coreTable(), machineTable(), answerTable()]) process.stdout.write(`${text}\n\n`);
}
