import { readdirSync } from 'node:fs';
import { type Journey, parseJourneys } from '@michinori/journey';
import { describe, expect, test } from 'vitest';
import { journeyOf, textOf } from './helpers.ts';

const folder = '../../../infra/journeys';
const example = (name: string): Journey => journeyOf(textOf(`${folder}/${name}.yaml`));

describe('infra/journeys', () => {
  test('every file is valid, named for its journey, with English and Japanese titles', () => {
    const names = readdirSync(new URL(folder, import.meta.url)).filter((name) => name.endsWith('.yaml'));
    expect(names.length).toBeGreaterThanOrEqual(3);
    for (const name of names) {
      const journey = example(name.replace('.yaml', ''));
      expect(`${journey.id}.yaml`).toBe(name);
      for (const { title } of [journey, ...journey.stages, ...journey.personas]) {
        expect(Object.keys(title)).toEqual(expect.arrayContaining(['en', 'ja']));
      }
    }
  });
});

describe('the journeys of the demo data', () => {
  const page = textOf('../../../services/standalone/docs/demo-data.md');
  const [block = ''] = [...page.matchAll(/```yaml\n(.*?)```/gs)].map((match) => match[1] ?? '');
  const parsed = parseJourneys(block.replaceAll(/^journey: .*$/gm, '$&\nversion: 1'), { file: 'demo-data.md' });
  const journeys = parsed.outcome === 'ok' ? parsed.journeys.map(({ journey }) => journey) : [];

  test('are valid as they stand there', () => {
    expect(parsed.outcome === 'invalid' && parsed.problems).toBe(false);
    expect(journeys.map(({ id }) => id)).toEqual(['customer-success', 'buying']);
  });

  test.each(['customer-success', 'buying'])('%s: the example counts the same', (id) => {
    const counting = ({ unit, timezone, progress, activity, stages, exit }: Journey) => ({
      unit,
      timezone,
      progress,
      activity,
      exit,
      stages: stages.map(({ id: stage, enter, lostAfterUs, horizonUs, terminal }) => ({
        stage,
        enter,
        lostAfterUs,
        horizonUs,
        terminal,
      })),
    });
    const written = journeys.find((journey) => journey.id === id);
    expect(written && counting(example(id))).toEqual(written && counting(written));
    expect(written).toBeDefined();
  });
});
