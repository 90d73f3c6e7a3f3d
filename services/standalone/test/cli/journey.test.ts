import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJourneys } from '@michinori/journey';
import { describe, expect, it } from 'vitest';
import { type JourneyStanding, reached, waitForJourneys } from '../../src/cli/journey-progress.ts';
import { drawJourney } from '../../src/terminal/journey-drawing.ts';
import { drawProblems } from '../../src/terminal/source-problems.ts';
import { fakeIo, run, temporaryFolder } from './fake-io.ts';

const example = join(import.meta.dirname, '../../../../infra/journeys/customer-success.yaml');

const journeyText = (version: number, lostAfter = '30d'): string => `journey: buying
version: ${version}
unit: customer
timezone: Asia/Tokyo
progress: forward
segments: [plan]
stages:
  - id: interest
    title: { en: Interest, ja: 興味 }
    enter:
      - { touchpoint: webinar.*, where: { trait: role, in: [ops, admin] }, count: 3, within: 7d }
      - { touchpoint: demo.requested }
    lost_after: ${lostAfter}
  - id: bought
    enter: [{ touchpoint: contract.signed }]
    terminal: true
exit: [{ touchpoint: mail.unsubscribed }]
`;

function fileOf(text: string, name = 'journey.yaml'): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, text);
  return file;
}

function problemsOf(text: string): string {
  const parsed = parseJourneys(text, { file: 'x.yaml' });
  return parsed.outcome === 'ok' ? '' : drawProblems(text, parsed.problems);
}

describe('journey validate', () => {
  it('draws a journey that is right, without any data folder', async () => {
    const data = join(temporaryFolder(), 'none');
    const { exitCode, out, err } = await run(['journey', 'validate', fileOf(journeyText(2)), '--data', data]);
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toBe(`buying 2
per customer · only forward · Asia/Tokyo · by plan

  ● interest  Interest · lost after 30d of silence · judged after 30d
  │   ← 3 × webinar.* within 7d where trait role in ops, admin
  │     demo.requested
  │
  ◼ bought    completes the journey
      ← contract.signed

✗ lost by mail.unsubscribed

`);
    expect((await run(['doctor', '--json', '--port', '0', '--data', data])).out).toContain('can be made');
  });

  it('shows problems as a compiler does: place, words, the line with a mark', async () => {
    const file = fileOf(journeyText(1).replace('  - id: bought', '  - id: 買った').replace('lost_after', 'lost_afer'));
    const { exitCode, out, err } = await run(['journey', 'validate', file, example]);
    expect(exitCode).toBe(1);
    expect(err).toContain(`${file}:13:5: stages[0].lost_afer: there is no key "lost_afer" here`);
    expect(err).toContain('Did you mean lost_after? [unknown_key]\n  13 |     lost_afer: 30d\n     |     ^\n');
    expect(err).toContain(`${file}:14:9: `);
    expect(err).toContain('  14 |   - id: 買った\n     |         ^\n');
    expect(out).toContain('customer-success 1 · Customer success');
  });

  it('sets the mark by columns of the terminal, through tabs and wide letters, and cuts endless lines', () => {
    const wide = problemsOf(journeyText(1).replace('{ en: Interest, ja: 興味 }', '{ ja: 興味, "日本語": x }'));
    const [, line = '', mark = ''] = wide.split('\n');
    expect(line).toContain('9 |     title: { ja: 興味, "日本語": x }');
    // Two wide letters before the place: the mark stands two columns further right than the number of letters says.
    expect(mark.indexOf('^')).toBe(line.indexOf('"日本語"') + 2);
    const long = problemsOf(`journey: ${'a'.repeat(500)}\u0007\nversion: 1\nstages: []\n`);
    expect(
      Math.max(
        ...long
          .split('\n')
          .filter((each) => each.includes(' | '))
          .map((each) => each.length),
      ),
    ).toBeLessThan(120);
    expect(long).toContain('…');
    expect(long).not.toContain('\u0007');
  });

  it('is JSON for programs', async () => {
    const bad = fileOf('journey: x\n');
    const { exitCode, out, err } = await run(['journey', 'validate', example, bad, '--json']);
    expect([exitCode, err]).toEqual([1, '']);
    expect(JSON.parse(out)).toEqual([
      {
        file: example,
        valid: true,
        journeys: [{ journey: 'customer-success', version: 1, stages: ['onboarding', 'adoption', 'value', 'renewal'] }],
        problems: [],
      },
      expect.objectContaining({
        file: bad,
        valid: false,
        journeys: [],
        problems: expect.arrayContaining([expect.objectContaining({ code: 'missing_key', line: 1 })]),
      }),
    ]);
  });

  it('a file that is not there, or no text, is a mistake of usage', async () => {
    expect(await run(['journey', 'validate', 'none.yaml'])).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/none\.yaml can't be read: there is no such file/),
    });
    const file = fileOf('');
    writeFileSync(file, Buffer.from([0xff]));
    expect((await run(['journey', 'validate', file])).exitCode).toBe(2);
  });

  it('draws every example narrow enough for the terminal', () => {
    const parsed = parseJourneys(readFileSync(example, 'utf8'), { file: example });
    const journeys = parsed.outcome === 'ok' ? parsed.journeys : [];
    for (const { journey } of journeys) {
      const lines = drawJourney(journey, 40, 'ja').split('\n');
      expect(lines[0]).toContain('カスタマーサクセス');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
    }
    expect(journeys).toHaveLength(1);
  });
});

const standing: JourneyStanding = {
  journey: 'buying',
  version: 2,
  activeVersion: 1,
  title: '',
  unit: 'customer',
  stages: '',
  state: 'building',
  progress: 0.4,
  appliedAt: '',
  appliedBy: '',
  derivation: 5,
};

describe('waiting for a derivation', () => {
  it.each([
    ['under way', { afterDerivation: 0, version: 2 }, {}, 0.4],
    ['complete', { afterDerivation: 0, version: 2 }, { activeVersion: 2, state: 'active', progress: 1 }, 1],
    ['a later version', { afterDerivation: 0, version: 2 }, { activeVersion: 3 }, 1],
    ['nearly complete', { afterDerivation: 0, version: 2 }, { progress: 1 }, 0.99],
    ['not begun', { afterDerivation: 0, version: 2 }, { state: 'waiting', progress: 0 }, 0],
    ['the former derivation', { afterDerivation: 5, version: 1 }, { state: 'active', progress: 1 }, 0],
    ['a rebuild', { afterDerivation: 5, version: 1 }, { state: 'rebuilding', progress: 0.5 }, 0.5],
    ['a rebuild that is done', { afterDerivation: 5, version: 1 }, { state: 'active', derivation: 6 }, 1],
    ['never derived', { afterDerivation: 0, version: 2 }, { activeVersion: null, derivation: null }, 0.4],
    ['another journey', { afterDerivation: 0, version: 2 }, { journey: 'other', activeVersion: 2 }, 0],
  ] as const)('%s', (_name, target, change, share) => {
    expect(reached({ journey: 'buying', ...target }, [{ ...standing, ...change }])).toBe(share);
  });

  it('ends when all are there, or when it is stopped', async () => {
    const { io } = fakeIo();
    let looks = 0;
    const api = {
      get: async <T>() => {
        looks += 1;
        const done = { ...standing, activeVersion: 2, derivation: 6 };
        return { rows: [looks < 3 ? standing : done, { ...done, journey: 'other' }] } as T;
      },
      post: () => Promise.reject(new Error('nothing is to be written')),
    };
    const targets = ['buying', 'other'].map((journey) => ({ journey, version: 2, afterDerivation: 0 }));
    expect(await waitForJourneys(io, api, targets, new AbortController().signal)).toBe(true);
    expect(looks).toBe(3);
    looks = 0;
    expect(await waitForJourneys(io, api, targets, AbortSignal.abort())).toBe(false);
    expect(looks).toBe(1);
  });
});

describe('journeys in a data folder', () => {
  it('are applied, listed, derived anew; improvements are recorded', async () => {
    const data = ['--data', join(temporaryFolder(), 'data')];
    const file = fileOf(journeyText(1));
    for (const command of [['journey', 'list'], ['improvement', 'list'], ['rebuild']])
      expect(await run([...command, ...data])).toMatchObject({
        exitCode: 1,
        err: expect.stringMatching(/There is no data in/),
      });

    const invalid = fileOf(journeyText(1).replace('lost_after', 'lost_afer'));
    expect(await run(['journey', 'apply', file, invalid, ...data])).toMatchObject({
      exitCode: 1,
      out: '',
      err: expect.stringMatching(/Did you mean lost_after/),
    });
    const applied = await run(['journey', 'apply', file, ...data]);
    expect(applied).toMatchObject({ exitCode: 0, out: 'buying 1 is applied; answers come from it.\n' });
    const again = await run(['journey', 'apply', file, '--json', ...data]);
    expect(JSON.parse(again.out)).toEqual({
      applied: [{ journey: 'buying', version: 1, state: 'unchanged' }],
      derived: true,
    });
    const taken = await run(['journey', 'apply', fileOf(journeyText(1, '31d')), ...data]);
    expect(taken).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(/^Version 1 of the journey buying was applied with another content/),
    });

    const listed = await run(['journey', 'list', ...data]);
    expect(listed.out).toMatch(/^buying +1 +active +customer +interest → bought +2026-/m);
    const [row] = JSON.parse((await run(['journey', 'list', '--json', ...data])).out);
    expect(row).toMatchObject({ journey: 'buying', state: 'active', activeVersion: 1 });

    const rebuilt = await run(['rebuild', 'buying', ...data]);
    expect(rebuilt).toMatchObject({ exitCode: 0, out: 'Derived anew: buying.\n' });
    const [after] = JSON.parse((await run(['journey', 'list', '--json', ...data])).out);
    expect(after.derivation).toBeGreaterThan(row.derivation);
    expect(await run(['rebuild', 'bying', ...data])).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(/Did you mean "buying"\?/),
    });

    const about = ['--journey', 'buying', '--title', 'Guide', '--at', '2026-04-06T00:00:00+09:00'];
    const added = await run(['improvement', 'add', ...about, '--segment', 'plan:pro', '--id', 'guide', ...data]);
    expect(added).toMatchObject({ exitCode: 0, out: 'The improvement guide is recorded.\n', err: '' });
    const wrong = await run(['improvement', 'add', ...about, '--stage', 'intrest', ...data]);
    expect([wrong.exitCode, wrong.err]).toEqual([2, expect.stringContaining('/stage "intrest" is no stage')]);
    const list = (await run(['improvement', 'list', '--journey', 'buying', ...data])).out;
    expect(list).toMatch(/^guide +2026-04-05T15:00Z +buying +\(all\) +plan: pro +Guide$/m);
    expect((await run(['improvement', 'list', '--journey', 'other', ...data])).out).toContain(
      'There are no improvements',
    );
  }, 180_000);
});
