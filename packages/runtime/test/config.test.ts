import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  ConfigError,
  type ConfigSources,
  listSettings,
  loadConfig,
  maskedConfig,
  printConfig,
  secret,
} from '../src/index.ts';

const schema = z.object({
  host: z.string().default('127.0.0.1'),
  port: z.number().int().min(0).max(65535).default(8081),
  isVerbose: z.boolean().default(false),
  origins: z.array(z.string()).default([]),
  labels: z.record(z.string(), z.string()).default({}),
  token: secret().optional(),
  clickhouse: z.object({ url: z.string().optional(), requestTimeoutMs: z.number().default(1000) }).prefault({}),
});

function load(sources: ConfigSources) {
  return loadConfig(schema, sources).config;
}

function problemsOf(sources: ConfigSources, ofSchema: z.ZodObject = schema) {
  try {
    loadConfig(ofSchema, sources);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

const yaml = (text: string) => ({ name: 'michinori.yaml', text });

describe('precedence', () => {
  it('takes flag over environment over file over default', () => {
    const file = yaml('port: 1\n');
    const env = { MICHINORI_PORT: '2' };
    expect(load({}).port).toBe(8081);
    expect(load({ file }).port).toBe(1);
    expect(load({ file, env }).port).toBe(2);
    expect(load({ file, env, flags: { port: '3' } }).port).toBe(3);
    expect(load({ file, env, flags: { port: undefined } }).port).toBe(2);
  });

  it('merges one nested object from several sources', () => {
    const config = load({
      file: yaml('clickhouse:\n  url: http://file\n  requestTimeoutMs: 5\n'),
      env: { MICHINORI_CLICKHOUSE_REQUEST_TIMEOUT_MS: '7' },
      flags: { 'clickhouse-url': 'http://flag' },
    });
    expect(config.clickhouse).toEqual({ url: 'http://flag', requestTimeoutMs: 7 });
  });

  it('accepts a flag in kebab, camel and dotted form', () => {
    for (const name of ['clickhouse-request-timeout-ms', 'clickhouseRequestTimeoutMs', 'clickhouse.requestTimeoutMs']) {
      expect(load({ flags: { [name]: '9' } }).clickhouse.requestTimeoutMs).toBe(9);
    }
  });

  it('lets flags of the own section go without its name, unless that is another setting’s', () => {
    const sectioned = z.object({
      host: z.string().default('outer'),
      ingest: z.object({ port: z.number(), host: z.string().default('inner') }),
    });
    const { config } = loadConfig(sectioned, { flags: { port: '1', host: 'x' }, section: 'ingest' });
    expect(config).toEqual({ host: 'x', ingest: { port: 1, host: 'inner' } });
    expect(problemsOf({ flags: { port: '1' } }, sectioned)[0]?.where).toBe('flag --port');
  });

  it('reads neither the environment nor the disk by itself', () => {
    process.env.MICHINORI_PORT = '99';
    try {
      expect(load({}).port).toBe(8081);
    } finally {
      delete process.env.MICHINORI_PORT;
    }
  });
});

describe('text values', () => {
  it('coerces by the kind of the setting', () => {
    const env = {
      MICHINORI_IS_VERBOSE: 'yes',
      MICHINORI_ORIGINS: 'https://a.example, https://b.example',
      MICHINORI_LABELS: '{"a":"b"}',
    };
    expect(load({ env })).toMatchObject({
      isVerbose: true,
      origins: ['https://a.example', 'https://b.example'],
      labels: { a: 'b' },
    });
    expect(load({ env: { MICHINORI_ORIGINS: '' } }).origins).toEqual([]);
    expect(load({ env: { MICHINORI_ORIGINS: '["x,y"]' } }).origins).toEqual(['x,y']);
  });

  it.each([
    ['MICHINORI_PORT', '80a', 'must be a number'],
    ['MICHINORI_PORT', '', 'must be a number'],
    ['MICHINORI_PORT', '0x50', 'must be a number'],
    ['MICHINORI_IS_VERBOSE', 'maybe', 'must be true or false'],
    ['MICHINORI_LABELS', '{', 'must be JSON'],
  ])('refuses %s=%s', (name, text, message) => {
    expect(problemsOf({ env: { [name]: text } })).toEqual([
      expect.objectContaining({ where: `environment ${name}`, message }),
    ]);
  });

  it('doesn’t coerce what the file has typed', () => {
    expect(problemsOf({ file: yaml('port: "80"\n') })[0]).toMatchObject({ where: 'michinori.yaml:1:1', path: 'port' });
  });
});

describe('unknown names', () => {
  it('says where a key of the file stands and what was probably meant', () => {
    const problems = problemsOf({ file: yaml('host: x\nclickhouse:\n  requstTimeoutMs: 3\nprot: 4\n') });
    expect(problems).toEqual([
      {
        where: 'michinori.yaml:3:3',
        path: 'clickhouse.requstTimeoutMs',
        message: 'is not a known setting. Did you mean "requestTimeoutMs"?',
      },
      { where: 'michinori.yaml:4:1', path: 'prot', message: 'is not a known setting. Did you mean "port"?' },
    ]);
  });

  it('refuses unknown variables and flags, and leaves other programs’ variables alone', () => {
    const problems = problemsOf({ env: { MICHINORI_PROT: '1', PROT: '2' }, flags: { hots: 'x' } });
    expect(problems).toEqual([
      {
        where: 'environment MICHINORI_PROT',
        path: '',
        message: 'is not a known setting. Did you mean "MICHINORI_PORT"?',
      },
      { where: 'flag --hots', path: '', message: 'is not a known flag. Did you mean "host"?' },
    ]);
  });

  it('passes over names of other services, in the file and in the environment', () => {
    const elsewhere = ['processor', 'queryApi'];
    const file = yaml('processor: { batch: 3 }\nport: 5\n');
    const env = { MICHINORI_QUERY_API_PORT: '1', MICHINORI_PROCESSOR_BATCH: '2' };
    expect(load({ file, env, elsewhere }).port).toBe(5);
    expect(problemsOf({ env: { MICHINORI_PROCESSORS: '2' }, elsewhere })).toHaveLength(1);
  });

  it('reports an unknown mapping once, not every key in it, and treats __proto__ as any name', () => {
    expect(problemsOf({ file: yaml('mystery:\n  a: 1\n  b: { c: 2 }\n') })).toHaveLength(1);
    expect(problemsOf({ file: yaml('__proto__:\n  port: 1\n') })[0]?.path).toBe('__proto__');
  });

  it('lets a record setting have any keys', () => {
    expect(load({ file: yaml('labels:\n  anything: goes\n') }).labels).toEqual({ anything: 'goes' });
  });
});

describe('the file', () => {
  it('reports syntax errors, doubled keys and wrong shapes with line and column', () => {
    expect(problemsOf({ file: yaml('port: 1\nport: 2\n') })[0]?.where).toBe('michinori.yaml:2:1');
    expect(problemsOf({ file: yaml('a: [1\n') })[0]?.where).toMatch(/^michinori\.yaml:\d+:\d+$/);
    expect(problemsOf({ file: yaml('- 1\n') })[0]?.message).toBe('must be a mapping of settings');
    expect(problemsOf({ file: yaml('clickhouse: 3\n') })[0]).toMatchObject({
      path: 'clickhouse',
      message: 'must be a mapping of settings',
    });
    expect(problemsOf({ file: yaml('1: 2\n') })[0]?.message).toBe('keys must be text');
  });

  it('accepts an empty file and an empty section', () => {
    expect(load({ file: yaml('') }).port).toBe(8081);
    expect(load({ file: yaml('clickhouse:\n') }).clickhouse.requestTimeoutMs).toBe(1000);
  });
});

describe('the schema’s own checks', () => {
  it('name the place of the value, and the variable of a missing one', () => {
    expect(problemsOf({ env: { MICHINORI_PORT: '70000' } })[0]).toMatchObject({
      where: 'environment MICHINORI_PORT',
      path: 'port',
    });
    const strict = z.object({ keysFile: z.string() });
    expect(problemsOf({}, strict)[0]).toMatchObject({ where: 'missing MICHINORI_KEYS_FILE', path: 'keysFile' });
  });

  it('gives all problems at once', () => {
    const problems = problemsOf({ env: { MICHINORI_PORT: 'x', MICHINORI_HOSTS: 'y' }, flags: { isVerbose: '?' } });
    expect(problems).toHaveLength(3);
  });

  it('refuses two settings with the same variable', () => {
    const double = z.object({
      logLevel: z.string().optional(),
      log: z.object({ level: z.string().optional() }).prefault({}),
    });
    expect(() => listSettings(double)).toThrow('MICHINORI_LOG_LEVEL');
  });
});

describe('secrets', () => {
  const readFile = (path: string) => {
    if (path !== '/run/secrets/token') throw new Error('ENOENT');
    return 's3cret\n';
  };

  it('can come from a file named by …_FILE, without its last line break', () => {
    expect(load({ env: { MICHINORI_TOKEN_FILE: '/run/secrets/token' }, readFile }).token).toBe('s3cret');
  });

  it('refuses an unreadable file, a secret given twice, and …_FILE for what is no secret', () => {
    expect(problemsOf({ env: { MICHINORI_TOKEN_FILE: '/gone' }, readFile })[0]?.message).toContain(
      "can't be read from /gone",
    );
    const twice = { MICHINORI_TOKEN_FILE: '/run/secrets/token', MICHINORI_TOKEN: 'x' };
    expect(problemsOf({ env: twice, readFile })[0]?.message).toContain('given twice');
    expect(problemsOf({ env: { MICHINORI_PORT_FILE: '/run/secrets/token' }, readFile })).toHaveLength(1);
  });

  it('are masked when printed, as are passwords inside addresses', () => {
    const loaded = loadConfig(schema, {
      env: { MICHINORI_TOKEN: 's3cret', MICHINORI_CLICKHOUSE_URL: 'https://me:hush@db.example:8443/x' },
    });
    expect(maskedConfig(loaded)).toMatchObject({
      token: '********',
      clickhouse: { url: 'https://me:********@db.example:8443/x' },
    });
    const text = printConfig(loaded);
    expect(text).toContain('# token: environment MICHINORI_TOKEN');
    expect(text).not.toMatch(/s3cret|hush/);
    expect(load({ file: yaml(text.replace('********', 'again')) }).token).toBe('again');
  });

  it('stay masked through optional, nullable and default', () => {
    const wrapped = z.object({ a: secret().nullable().default('hidden-a'), b: secret().optional().readonly() });
    const loaded = loadConfig(wrapped, { flags: { b: 'hidden-b' } });
    expect(JSON.stringify(maskedConfig(loaded))).not.toContain('hidden');
  });

  it('are not repeated by an error about them', () => {
    const short = z.object({ token: secret().max(3) });
    expect(JSON.stringify(problemsOf({ env: { MICHINORI_TOKEN: 'topsecret' } }, short))).not.toContain('topsecret');
  });
});
