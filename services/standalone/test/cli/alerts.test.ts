import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run, temporaryFolder } from './fake-io.ts';

const journeyText = `journey: buying
version: 1
unit: customer
timezone: Asia/Tokyo
stages:
  - id: interest
    enter: [{ touchpoint: webinar }]
  - id: bought
    enter: [{ touchpoint: contract.signed }]
    terminal: true
`;

it('applies, lists, shows and removes rules', { timeout: 180_000 }, async () => {
  const folder = temporaryFolder();
  const data = ['--data', join(folder, 'data')];
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const alerts = (...argv: string[]) => run(['alerts', ...argv, ...data]);
  await run(['journey', 'apply', file('journey.yaml', journeyText), ...data]);
  expect((await alerts('list')).out).toContain('There are no rules');

  const wrong = await alerts('apply', file('wrong.yaml', 'alert: losses\njourny: buying\n'));
  expect([wrong.exitCode, wrong.out]).toEqual([1, '']);
  expect(wrong.err).toMatch(/wrong\.yaml:2:1: journy: .*Did you mean journey\? \[unknown_key\]/);
  const stage = await alerts('apply', file('stage.yaml', 'alert: losses\njourney: buying\nstages: [intrest]\n'));
  expect([stage.exitCode, stage.err]).toEqual([2, expect.stringContaining('Did you mean interest?')]);

  const good = file(
    'rules.yaml',
    'alert: losses\njourney: buying\nchannels: [people]\n---\nalert: fewer\njourney: buying\nkind: volume\n',
  );
  expect((await alerts('apply', good, '--dry-run')).out).toBe(
    'losses is valid and would be applied.\nfewer is valid and would be applied.\n',
  );
  expect((await alerts('list')).out).toContain('There are no rules');
  expect((await alerts('apply', good)).out).toMatch(/^losses is applied;.*\nfewer is applied;/);
  expect(JSON.parse((await alerts('apply', good, '--json')).out)).toEqual({
    applied: [
      { alert: 'losses', state: 'unchanged' },
      { alert: 'fewer', state: 'unchanged' },
    ],
  });
  expect((await alerts('list')).out).toMatch(/^losses +buying +stage-drop-off +0 6 \* \* \* +people +applied +ok$/m);
  expect(JSON.parse((await alerts('list', '--json')).out)).toMatchObject([{ alert: 'fewer' }, { alert: 'losses' }]);

  const shown = (await alerts('show', 'losses')).out;
  expect(shown).toContain('alert: losses\njourney: buying\nchannels: [people]\n');
  expect(shown).toContain('It has not been evaluated yet.');
  expect(await alerts('show', 'loses')).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('Did you mean "losses"?'),
  });

  expect((await alerts('remove', 'fewer')).out).toBe('fewer is taken away; its alarms end.\n');
  expect((await alerts('remove', 'fewer')).exitCode).toBe(1);
  expect(JSON.parse((await alerts('list', '--json')).out)).toHaveLength(1);
});
