import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { infra, readText } from './files.ts';

interface Model {
  measured: Record<
    | 'ingestEventsPerSecond'
    | 'sinkEventsPerSecond'
    | 'roundTimelineEvents'
    | 'roundJourneySeconds'
    | 'roundCustomersSeconds'
    | 'funnelSecondsPer10MEvents'
    | 'stagesSecondsPer1MCustomers'
    | 'touchpointsSecondsPer1MCustomers'
    | 'cores',
    number
  >;
  assumed: { logDays: number };
  costs: { ingest: number; sink: number };
  volumeTable(): string;
  coreTable(): string;
  machineTable(): string;
  answerTable(): string;
}

const model: Model = await import(pathToFileURL(join(infra, 'scale/model.mjs')).href);

describe('SCALE.md', () => {
  const page = readText('SCALE.md');

  it.each([
    ['volumes', model.volumeTable],
    ['cores', model.coreTable],
    ['machines', model.machineTable],
    ['answers', model.answerTable],
  ])('the table of %s is what the model says', (_what, table) => {
    expect(page).toContain(table());
  });

  it('the formulas name the costs of the model', () => {
    const { costs, measured, assumed } = model;
    const micros = (seconds: number) => Math.round(seconds * 1e7) / 10;
    expect(page).toContain(`E × ${Math.round(costs.ingest * 1e6)} µs`);
    expect(page).toContain(`E × ${Math.round(costs.sink * 1e6)} µs`);
    expect(page).toContain(
      `× ${micros((measured.cores * measured.roundJourneySeconds) / measured.roundTimelineEvents)} µs`,
    );
    expect(page).toContain(
      `× ${micros((measured.cores * measured.roundCustomersSeconds) / measured.roundTimelineEvents)} µs`,
    );
    expect(page).toContain(`Three copies in Kafka for ${assumed.logDays} days`);
  });

  it('the measured figures are those of the results', () => {
    const { measured } = model;
    const results = readText('../test/load/RESULTS.md').replaceAll(' ', ' ');
    const grouped = (value: number) => String(value).replace(/(\d)(?=(\d{3})+$)/g, '$1 ');
    for (const value of [measured.ingestEventsPerSecond, measured.sinkEventsPerSecond]) {
      expect(results).toContain(grouped(value));
    }
    for (const value of [measured.roundJourneySeconds, measured.roundCustomersSeconds])
      expect(results).toContain(String(value));
    const milliseconds = [
      measured.funnelSecondsPer10MEvents,
      measured.stagesSecondsPer1MCustomers,
      measured.touchpointsSecondsPer1MCustomers,
    ].map((seconds) => Math.round(seconds * 1000));
    for (const value of milliseconds) expect(results).toContain(`| ${value} |`);
  });
});
