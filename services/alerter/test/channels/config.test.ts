import { readFileSync } from 'node:fs';
import { createSilentLogger } from '@michinori/runtime';
import { describe, expect, it } from 'vitest';
import { channelTypes, knownKeys } from '../../src/channels/config/channel-schema.ts';
import { createChannels, loadChannels, parseChannels, printChannels, type SecretSources } from '../../src/index.ts';
import { virtualClock } from './clock.ts';
import { notification } from './notifications.ts';
import { receiver } from './receiver.ts';

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const older = `whsec_${Buffer.alloc(24, 6).toString('base64')}`;

const sources = (env: Record<string, string> = {}, files: Record<string, string> = {}): SecretSources => ({
  env: { HOOK: secret, SLACK: 'https://hooks.slack.example/services/T0/B0/secret-part', ...env },
  readFile(path) {
    const text = files[path];
    if (text === undefined) throw new Error(`ENOENT: ${path}`);
    return text;
  },
});

const load = (text: string, given = sources()) => loadChannels({ name: 'channels.yaml', text }, given);

/** The problems of a text, each `where path message`. */
function problems(text: string, given = sources()): string[] {
  try {
    load(text, given);
  } catch (error) {
    const { code, problems: found } = error as {
      code: string;
      problems: { where: string; path: string; message: string }[];
    };
    expect(code).toBe('config_invalid');
    return found.map(({ where, path, message }) => `${where} ${path} ${message}`);
  }
  return [];
}

const channel = (...lines: string[]) => `channels:\n  - ${lines.join('\n    ')}\n`;
const hook = (...lines: string[]) =>
  channel('name: a', 'type: webhook', 'url: https://x.example/', 'secretFrom: env HOOK', ...lines);

describe('the example', () => {
  const text = readFileSync(new URL('../../../../infra/alerts/channels.example.yaml', import.meta.url), 'utf8');

  it('and the channels that come with it are configurations, with one channel of each type together', () => {
    const environment = {
      ALERT_WEBHOOK_SECRET: secret,
      ALERT_SLACK_URL: 'https://hooks.slack.example/x',
      ALERT_MANAGER_TOKEN: 'token',
    };
    const own = readFileSync(new URL('../../../../infra/alerts/channels.yaml', import.meta.url), 'utf8');
    const log = { append: async () => [] };
    const made = [load(text, sources(environment)), load(own, sources({}))].map((loaded) =>
      createChannels(loaded, { clock: virtualClock(), logger: createSilentLogger(), log }),
    );
    expect(made.map((channels) => channels.map(({ name, tells }) => `${name} ${tells}`))).toEqual([
      ['customer-success messages', 'slack messages', 'alertmanager state'],
      ['alertmanager state', 'signals messages'],
    ]);
    const types = [text, own].flatMap((each) => [...each.matchAll(/type: (\w+)/g)].map(([, type]) => type));
    expect([...new Set(types)].sort()).toEqual([...channelTypes].sort());
  });

  it('says which secrets are missing', () => {
    expect(problems(text)).toEqual([
      'channels.yaml, channel customer-success secretFrom the variable ALERT_WEBHOOK_SECRET is not set',
      'channels.yaml, channel slack urlFrom the variable ALERT_SLACK_URL is not set',
      'channels.yaml, channel alertmanager tokenFrom the variable ALERT_MANAGER_TOKEN is not set',
    ]);
  });
});

describe('a configuration of channels', () => {
  it('takes secrets from variables and files, without white space', () => {
    const [loaded] = load(hook('previousSecretFrom: file /run/old'), sources({}, { '/run/old': `${older}\n` }));
    expect(loaded?.keys.map((key) => key.length)).toEqual([32, 24]);
  });

  it.each([
    ['nothing', 'channels: []', 0],
    ['a list that is missing', '', 1],
    ['an unknown name', 'chanels: []', 2],
  ])('may hold %s', (_what, text, count) => {
    expect(problems(text)).toHaveLength(count);
  });

  it.each([
    [hook('timeoutMS: 5'), 'channels.yaml:6:16 channels.0.timeoutMS is not a known setting. Did you mean "timeoutMs"?'],
    [hook('peers: []'), 'channels.yaml:6:12 channels.0.peers is not a known setting.'],
    [channel('name: a', 'type: webhok'), 'Did you mean "webhook"?'],
    [channel('name: a'), 'channels.0.type must be one of webhook, slack, alertmanager, signals.'],
    [channel('name: A b', 'type: signals'), 'channels.yaml:2:11 channels.0.name is refused: must be up to 63'],
    [`${hook()}  - name: a\n    type: signals\n`, 'channels.yaml:6:11 channels.1.name there is another channel a'],
    [hook('timeoutMs: 0'), 'channels.yaml:6:16 channels.0.timeoutMs is refused: Too small'],
    [hook('allowAddresses: [10.0.0.1/8]'), 'channels.0.allowAddresses.0 is refused: must be an address or a network'],
    [hook('alerts: []'), 'channels.0.alerts is refused'],
    [channel('name: a', 'type: alertmanager', 'peers: []'), 'channels.0.peers is refused'],
    [
      channel('name: a', 'type: webhook', `secretFrom: ${secret}`),
      'channels.0.secretFrom is refused: must be "env NAME" or "file PATH"',
    ],
    [channel('name: a', 'type: webhook', 'secretFrom: env MICHINORI_X'), 'are settings; take another name'],
    [channel('name: a', 'type: webhook', 'secretFrom: env a-b'), 'must name an environment variable'],
    [
      channel('name: a', 'type: webhook', 'url: https://u:p@x.example/', 'secretFrom: env HOOK'),
      'must hold no user and no password',
    ],
    [channel('name: a', 'type: webhook', 'url: ftp://x.example/', 'secretFrom: env HOOK'), 'must begin with https://'],
    [
      channel('name: a', 'type: slack', 'url: https://x.example/', 'urlFrom: env SLACK'),
      'channels.0.url is not a known setting',
    ],
    ['channels: [', 'channels.yaml:1:12  '],
    [`${hook()}channels: []`, 'channels.yaml:6:1  Map keys must be unique'],
  ])('%j is refused with its place', (text, expected) => {
    expect(problems(text).join('\n')).toContain(expected);
  });

  it.each([
    [
      'an address that is missing',
      channel('name: a', 'type: webhook', 'secretFrom: env HOOK'),
      'url is missing: give url or urlFrom',
    ],
    ['two addresses', hook('urlFrom: env SLACK'), 'url is given twice'],
    [
      'an address without TLS',
      channel('name: a', 'type: webhook', 'url: http://x.example/', 'secretFrom: env HOOK'),
      'or set allowHttp: true',
    ],
    [
      'a private address',
      channel('name: a', 'type: webhook', 'url: https://10.0.0.1/', 'secretFrom: env HOOK'),
      '10.0.0.1 (private). Name it in allowAddresses',
    ],
    ['a file that is missing', hook('previousSecretFrom: file /none'), "the file /none can't be read"],
    ['an empty file', hook('caFile: /empty'), 'caFile the file /empty is empty'],
    [
      'a secret that is none',
      hook('previousSecretFrom: env SLACK'),
      'previousSecretFrom its value must begin with whsec_',
    ],
    [
      'a secret address that is none',
      channel('name: a', 'type: slack', 'urlFrom: env HOOK'),
      'urlFrom its value must be an address',
    ],
    [
      'an Alertmanager of link-local',
      channel('name: a', 'type: alertmanager', 'peers: ["http://169.254.169.254/"]'),
      '(metadata)',
    ],
    [
      'a token of two lines',
      channel('name: a', 'type: alertmanager', 'peers: ["http://am.internal/"]', 'tokenFrom: env TWO'),
      'tokenFrom its value holds what no header may',
    ],
  ])('%s is refused', (_what, text, expected) => {
    const found = problems(text, sources({ TWO: 'a\r\nb' }, { '/empty': ' \n' })).join('\n');
    expect(found).toContain(expected);
    expect(found).not.toContain(secret.slice(8));
    expect(found).not.toContain('secret-part');
  });

  it('of private receivers needs their networks', () => {
    const text = (lines: string[]) =>
      channel(
        'name: a',
        'type: webhook',
        'url: http://10.1.2.3:8080/hook',
        'secretFrom: env HOOK',
        'allowHttp: true',
        ...lines,
      );
    expect(problems(text([]))).toHaveLength(1);
    expect(problems(text(['allowAddresses: [10.1.0.0/16]']))).toEqual([]);
  });

  it('lets an Alertmanager stand in a private network', () => {
    expect(
      problems(
        channel('name: a', 'type: alertmanager', 'peers: ["http://10.0.0.7:9093", "http://am.internal:9093/x"]'),
      ),
    ).toEqual([]);
  });

  it('is printed without secrets, and can be read in again', () => {
    const text = `${hook('previousSecretFrom: file /run/old')}  - name: q\n    type: webhook\n    url: https://x.example/h?token=secret-part\n    secretFrom: env HOOK\n  - name: s\n    type: slack\n    urlFrom: env SLACK\n`;
    const printed = printChannels(parseChannels({ name: 'c', text }));
    expect(printed).not.toContain('secret-part');
    expect(printed).toContain('https://x.example/h?********');
    expect(printed).toContain('previousSecretFrom: file /run/old');
    expect(printed).toContain('timeoutMs: 20000');
    const again = printChannels(parseChannels({ name: 'c', text: printed }));
    expect(again).toBe(printed);
  });

  it('chooses notifications by alert and journey', () => {
    const make = (...lines: string[]) => {
      const loaded = load(channel('name: a', 'type: signals', ...lines));
      return createChannels(loaded, {
        clock: virtualClock(),
        logger: createSilentLogger(),
        log: { append: async () => [] },
      })[0];
    };
    const alert = (name: string, journey = 'buying') => notification({ alert: name, journey });
    expect(make()?.accepts(alert('x'))).toBe(true);
    expect(make('alerts: [x, y]')?.accepts(alert('x'))).toBe(true);
    expect(make('alerts: [y]')?.accepts(alert('x'))).toBe(false);
    expect(make('alerts: [x]', 'journeys: [leaving]')?.accepts(alert('x'))).toBe(false);
    expect(make('journeys: [buying]')?.accepts(alert('x'))).toBe(true);
  });

  it('for the topic of signals needs a log', () => {
    const loaded = load(channel('name: a', 'type: signals'));
    expect(() => createChannels(loaded, { clock: virtualClock(), logger: createSilentLogger(), log: null })).toThrow(
      expect.objectContaining({ code: 'config_invalid' }),
    );
  });

  it('makes channels that work', async () => {
    const server = await receiver();
    const text = (type: string, lines: string[]) =>
      channel(
        'name: a',
        `type: ${type}`,
        'allowAddresses: [127.0.0.1]',
        'allowHttp: true',
        'urlFrom: env URL',
        ...lines,
      );
    for (const made of [text('webhook', ['secretFrom: env HOOK']), text('slack', ['locale: ja'])]) {
      const loaded = load(made, sources({ URL: server.url.href }));
      const dependencies = { clock: virtualClock(), logger: createSilentLogger(), log: null };
      const [one] = createChannels(loaded, dependencies);
      expect(await one?.deliver(notification(), 1, new AbortController().signal)).toEqual({ outcome: 'delivered' });
    }
    const alertmanager = channel(
      'name: a',
      'type: alertmanager',
      `peers: ["${server.url.origin}"]`,
      'tokenFrom: env TOKEN',
    );
    const [am] = createChannels(load(alertmanager, sources({ TOKEN: 'abc' })), {
      clock: virtualClock(),
      logger: createSilentLogger(),
      log: null,
    });
    expect(await am?.deliver(notification(), 1, new AbortController().signal)).toMatchObject({
      outcome: 'delivered',
      againAfterMs: 60_000,
    });
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined, 'Bearer abc']);
    expect(server.requests[1]?.body).toContain('発生');
    expect(server.requests[0]?.headers['user-agent']).toMatch(/^Michinori\/\d/);
  });

  it('knows the settings of each type', () => {
    expect(knownKeys('signals')).toEqual(['type', 'name', 'alerts', 'journeys']);
    expect(knownKeys('nonsense')).toEqual(expect.arrayContaining(['peers', 'secretFrom']));
  });
});
