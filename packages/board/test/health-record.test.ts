import type { JourneyHealthTrackRecordRow, JourneyLossesRow, JourneyOutlookRow } from '@michinori/client';
import { describe, expect, it } from 'vitest';
import { csvOf } from '../src/app/data/csv.ts';
import { createFormat } from '../src/app/format/format.ts';
import { effectVerdict } from '../src/app/pages/health/effect.ts';
import { lossesByStage, mostSilent } from '../src/app/pages/health/losses.ts';
import { expectedOf, outlookByStage } from '../src/app/pages/health/outlook.ts';
import { distinctSentences, readBands, recordSentences } from '../src/app/pages/health/record.ts';
import { en } from '../src/app/words/en.ts';

const format = createFormat('en', 'UTC', en);
const day = 86_400;

describe('the record', () => {
  const row = (part: Partial<JourneyHealthTrackRecordRow>) =>
    ({
      ...{ stage: null, state: 'ok', n: 200, lost: 40, auc: 0.7, aucLo: 0.6, aucHi: 0.8, skill: null },
      ...{ losses: 50, neverFlagged: 20, neverFlaggedShare: 0.4, leadSecondsP50: 9 * day },
      ...part,
    }) as JourneyHealthTrackRecordRow;
  const told = (part: Partial<JourneyHealthTrackRecordRow>) =>
    recordSentences([row({ stage: 'a' }), row(part)], en, format);

  it('says how rightly scores ranked, how early signals came, and which losses had none', () => {
    expect(told({})).toEqual([
      'Of one who was lost and one who stayed, the lost one had the lower score in 70.0% of cases (60.0% to 80.0%; a coin has 50 %).',
      'Half of the losses with a signal had it at least 9 days before.',
      '20 of 50 losses (40.0%) came without a signal.',
    ]);
  });

  it('says so where that is no better than chance, where it is too early, and where there was nothing to judge', () => {
    expect(told({ aucLo: 0.49 })).toContain(en.health.aucChance);
    expect(told({ aucLo: 0.51 })).not.toContain(en.health.aucChance);
    expect(told({ skill: 0.1, skillLo: -0.05, skillHi: 0.25 })).toContain(
      'Read as probabilities, the scores were 10.0% (-5.0% to 25.0%) nearer to what happened than the average alone.',
    );
    expect(told({ state: 'insufficient', lost: 4, leadSecondsP50: null, losses: 0 })).toEqual([
      'Too early to say whether the score was right: 4 of 200 were lost within the horizon, at least ten are needed (and ten who stayed).',
    ]);
    expect(told({ state: 'no_scores' })).toEqual([en.health.noScores]);
    expect(recordSentences([], en, format)).toEqual([]);
  });

  it('has bands with what they came to', () => {
    const band = { asOf: 'x', stage: null, title: 'J', from: 6, to: 50, n: 10, lost: 4, rate: 0.4, lo: 0.2, hi: 0.7 };
    expect(readBands([band])).toEqual([
      { stage: null, title: 'J', from: 6, to: 50, n: 10, k: 4, rate: 0.4, lo: 0.2, hi: 0.7 },
    ]);
  });

  it('of an action is a sentence, also while it is too early', () => {
    const row = { verdict: 'shorter', differenceSeconds: -3 * day, differenceLo: -5 * day, differenceHi: -day };
    expect(effectVerdict(row, en, format)).toBe('Shorter by 3 days (1 day to 5 days).');
    for (const verdict of ['too early', null, 'unheard of']) {
      expect(effectVerdict({ ...row, verdict }, en, format)).toMatch(/^Too early/);
    }
  });
});

describe('what is likely to come', () => {
  const band = (stage: string, from: number, open: number, expectedLost: number | null = 1) =>
    ({ stage, title: stage, spentFromSeconds: from, open, expectedAdvanced: 2, expectedLost }) as JourneyOutlookRow;

  it('is drawn for times at which somebody is open', () => {
    const stages = outlookByStage([band('a', 0, 0), band('a', 9, 3), band('b', 0, 0), band('b', 9, 0)]);
    expect(stages.map(({ stage, bands }) => [stage, bands.map(({ spentFromSeconds }) => spentFromSeconds)])).toEqual([
      ['a', [9]],
      ['b', [0]],
    ]);
  });

  it('is added up only if it is known of everybody', () => {
    expect(expectedOf([band('a', 0, 3), band('b', 0, 4), band('b', 9, 0, null)])).toEqual({
      advanced: 4,
      lost: 2,
      open: 7,
    });
    expect(expectedOf([band('a', 0, 3), band('b', 0, 4, null)])).toBeNull();
    expect(expectedOf([band('a', 0, 0)])).toBeNull();
  });

  it('follows losses: silence first, then reasons by their number', () => {
    const loss = (stage: string, kind: JourneyLossesRow['kind'], k: number, reason: string | null = null) =>
      ({ stage, kind, k, lost: k, reason, position: stage === 'a' ? 1 : 2 }) as JourneyLossesRow;
    const rows = [
      loss('b', 'all', 9),
      loss('a', 'all', 7),
      loss('a', 'exit', 2, 'price'),
      loss('a', 'exit', 4, 'fit'),
      loss('a', 'silent', 1),
      loss('b', 'silent', 3),
      loss('c', 'all', 0),
    ];
    expect(lossesByStage(rows).map(({ all, parts }) => [all.stage, parts.map(({ reason, k }) => [reason, k])])).toEqual(
      [
        [
          'a',
          [
            [null, 1],
            ['fit', 4],
            ['price', 2],
          ],
        ],
        ['b', [[null, 3]]],
      ],
    );
    expect(mostSilent(rows)?.stage).toBe('b');
    expect(mostSilent([loss('a', 'silent', 0)])).toBeNull();
  });
});

it('suggestions say a sentence once', () => {
  const rows = ['few', 'more', 'few', 'few'].map((sentence, at) => ({ sentence, at }));
  expect(distinctSentences(rows).map(({ at }) => at)).toEqual([0, 1]);
});

describe('rows that the page has', () => {
  it('become CSV as that of the API: quoted, and never a formula', () => {
    const rows = [
      ['=1+1', 0.5, null],
      ['a "b", c', -2, 'line\nline'],
    ] as const;
    expect(csvOf(['what', 'n', 'x'], rows)).toBe('what,n,x\r\n\'=1+1,0.5,\r\n"a ""b"", c",-2,"line\nline"\r\n');
  });
});
