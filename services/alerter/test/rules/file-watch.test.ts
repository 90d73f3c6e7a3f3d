import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@michinori/runtime';
import { expect, it, onTestFinished } from 'vitest';
import { loadAlertingFiles } from '../../src/index.ts';
import { createFileWatch } from '../../src/rules/file-watch.ts';

const secretOf = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`;
const rule = (id: string) => `alert: ${id}\njourney: j\nchannels: [people]\n`;

/** Files of rules and channels that a test changes, watched. */
function watched() {
  const folder = mkdtempSync(join(tmpdir(), 'michinori-files-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const at = (name: string) => join(folder, name);
  const write = (name: string, text: string) => writeFileSync(at(name), text);
  write('secret', secretOf(1));
  write('rules.yaml', rule('a'));
  write(
    'channels.yaml',
    `channels: [{ name: people, type: webhook, url: "https://x.example/", secretFrom: file ${at('secret')} }]`,
  );
  const lines: string[] = [];
  const states: boolean[] = [];
  const watch = createFileWatch({
    files: loadAlertingFiles({ rules: at('rules.yaml'), channels: at('channels.yaml') }, {}),
    use({ rules, channels }) {
      if (rules?.some((each) => each.rule.id === 'unusable')) throw new Error('can not be used');
      return `${rules?.map((each) => each.rule.id).join()} ${channels[0]?.keys[0]?.[0]}`;
    },
    logger: createLogger({ service: 'test', destination: { write: (line) => lines.push(line) } }),
    onState: (isUsed) => states.push(isUsed),
  });
  return {
    watch,
    write,
    lines,
    states,
    errors: () => lines.filter((line) => line.includes('can not be used;')).length,
  };
}

it('takes what the files say once they say something else, secrets included', () => {
  const { watch, write } = watched();
  expect([watch.refresh(), watch.current()]).toEqual([false, 'a 1']);
  write('rules.yaml', `${rule('a')}---\n${rule('b')}`);
  expect([watch.current(), watch.refresh(), watch.current(), watch.refresh()]).toEqual(['a 1', true, 'a,b 1', false]);
  write('secret', secretOf(2));
  expect([watch.refresh(), watch.current()]).toEqual([true, 'a,b 2']);
});

it('goes on with what was valid, says once what is wrong, and takes what is valid again', () => {
  const { watch, write, states, errors, lines } = watched();
  write('rules.yaml', 'alert: [');
  expect([watch.refresh(), watch.refresh(), watch.current(), errors()]).toEqual([false, false, 'a 1', 1]);
  expect(lines.join('')).toMatch(/rules\.yaml:1:/);
  write('rules.yaml', rule('unusable'));
  expect([watch.refresh(), watch.current(), errors()]).toEqual([false, 'a 1', 2]);
  write('rules.yaml', rule('c').replace('people', 'nobody'));
  expect([watch.refresh(), watch.current(), errors()]).toEqual([false, 'a 1', 3]);
  expect(states).toEqual([true, false, false, false, false]);
  write('rules.yaml', rule('c'));
  expect([watch.refresh(), watch.current(), states.at(-1)]).toEqual([true, 'c 1', true]);
  write('rules.yaml', 'alert: [');
  watch.refresh();
  write('rules.yaml', rule('c'));
  expect([watch.refresh(), watch.current(), states.at(-1)]).toEqual([false, 'c 1', true]);
});
