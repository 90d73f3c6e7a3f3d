import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAlertRules } from '@michinori/alerts';
import { parseJourneys } from '@michinori/journey';
import { printConfig } from '@michinori/runtime';
import { describe, expect, it, onTestFinished } from 'vitest';
import { alerterService, loadAlertingFiles } from '../../src/index.ts';

const infra = (...path: string[]) => join(import.meta.dirname, '..', '..', '..', '..', 'infra', ...path);
const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const env = { ALERT_WEBHOOK_SECRET: secret, ALERT_SLACK_URL: 'https://hooks.slack.example/x', HOOK: secret };
const hook = 'channels:\n  - name: people\n    type: webhook\n    url: https://x.example/\n    secretFrom: env HOOK\n';
const rule = (id: string, more = '') => `alert: ${id}\njourney: j\n${more}`;

/** Files by their path, in a folder of their own. */
function folder(files: Record<string, string>): (path: string) => string {
  const root = mkdtempSync(join(tmpdir(), 'michinori-rules-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return (path) => join(root, path);
}

/** What is said about files that are refused. */
function refusal(rules: string, channels?: string): string {
  try {
    loadAlertingFiles({ rules, channels }, env);
  } catch (error) {
    expect(error).toMatchObject({ code: 'config_invalid' });
    return error instanceof Error ? error.message : '';
  }
  return '';
}

describe('the example', () => {
  it('is valid, tells channels of the example beside it, and fits the journeys of the demo data', () => {
    const files = loadAlertingFiles(
      { rules: infra('alerts', 'rules.yaml'), channels: infra('alerts', 'channels.yaml') },
      env,
    );
    expect(files?.rules?.rules.length).toBeGreaterThan(2);
    const journeys = readdirSync(infra('journeys')).flatMap((name) => {
      const parsed = parseJourneys(readFileSync(infra('journeys', name), 'utf8'), { file: name });
      return parsed.outcome === 'invalid' ? [] : parsed.journeys.map(({ journey }) => journey);
    });
    const text = readFileSync(infra('alerts', 'rules.yaml'), 'utf8');
    expect(parseAlertRules(text, { file: 'rules.yaml', journeys })).toMatchObject({ outcome: 'ok' });
  });
});

describe('the files of alerting', () => {
  it('are none without the settings, and a file or the YAML files of a folder with them', () => {
    expect(loadAlertingFiles({ rules: undefined, channels: undefined }, env)).toEqual({ channels: [], rules: null });
    const at = folder({ 'r/b.yaml': rule('b'), 'r/a.yml': rule('a'), 'r/c.txt': '?', 'c.yaml': hook });
    const ids = (path: string) =>
      loadAlertingFiles({ rules: at(path), channels: at('c.yaml') }, env)?.rules?.rules.map((each) => each.rule.id);
    expect([ids('r'), ids('r/b.yaml')]).toEqual([['a', 'b'], ['b']]);
    const channelsOnly = loadAlertingFiles({ rules: undefined, channels: at('c.yaml') }, env);
    expect([channelsOnly?.rules, channelsOnly?.channels.length]).toEqual([null, 1]);
  });

  it('say everything that is wrong with the rules, with places and what was meant', () => {
    const at = folder({
      'r/a.yaml': `${rule('a', 'channels: [peopel]\n')}---\n${rule('c', 'channels: [people]\n')}`,
      'r/b.yaml': rule('a'),
      'r/c.yaml': rule('x', 'windo: 7d\n'),
      'c.yaml': hook,
    });
    const said = refusal(at('r'), at('c.yaml'));
    expect(said).toMatch(/a\.yaml, alert a: channels there is no channel "peopel".* Did you mean "people"\?/);
    expect(said).toMatch(/b\.yaml, alert a: alert stands in .*a\.yaml, too/);
    expect(said).toMatch(/c\.yaml:3:1: windo .*Did you mean "window"\?/);
    expect(said.split('\n')).toHaveLength(4);
    expect(refusal(at('r/a.yaml'))).toContain('there is no channel "people"');
    expect(refusal(at('nowhere'))).toContain("which can't be read");
  });
});

describe('an alerter process', () => {
  const load = (flags: Record<string, string>) => alerterService.load({ flags, env, file: null });

  it('reads the files that its settings name, and shows their names only', () => {
    const at = folder({ 'r.yaml': rule('a', 'channels: [people]\n'), 'c.yaml': hook });
    const loaded = load({ rules: at('r.yaml'), channels: at('c.yaml'), 'board-url': 'https://board.example.com' });
    expect(loaded.config.files?.rules?.rules.map((each) => each.rule.id)).toEqual(['a']);
    const shown = printConfig(loaded);
    expect(shown).toContain(at('r.yaml'));
    expect(shown).not.toContain(secret);
    expect(load({}).config.files).toEqual({ channels: [], rules: null });
  });

  it('refuses what it can not do before anything is opened', () => {
    const at = folder({
      'r.yaml': rule('a', 'channels: [nobody]\n'),
      's.yaml': 'channels:\n  - name: s\n    type: signals\n',
    });
    expect(() => load({ rules: at('r.yaml') })).toThrow(/there is no channel "nobody"/);
    expect(() => load({ channels: at('s.yaml') })).toThrow(/channel s: type signals needs an event log/);
    expect(() => load({ 'board-url': 'javascript:alert(1)' })).toThrow(/boardUrl/);
  });
});
