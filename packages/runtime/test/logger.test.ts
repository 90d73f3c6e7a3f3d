import { describe, expect, it } from 'vitest';
import { createLogger, type LoggerOptions, MichinoriError } from '../src/index.ts';

function capture(options: Partial<LoggerOptions> = {}) {
  const lines: string[] = [];
  const logger = createLogger({
    service: 'ingest',
    level: 'trace',
    destination: { write: (line) => lines.push(line) },
    ...options,
  });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown> };
}

const key = `mk_abcd1234_${'s'.repeat(40)}`;

describe('redaction', () => {
  it('removes secrets, traits, properties and bodies at any depth', () => {
    const { logger, lines, last } = capture();
    const hidden = { plan: 'HIDDEN' };
    logger.info(
      {
        traits: hidden,
        deep: [{ a: { properties: hidden, apiKey: 'HIDDEN', Authorization: 'HIDDEN' } }],
        raw: 'HIDDEN',
      },
      'x',
    );
    expect(lines.join('')).not.toContain('HIDDEN');
    expect(last().deep).toEqual([
      { a: { properties: '[redacted]', apiKey: '[redacted]', Authorization: '[redacted]' } },
    ]);
  });

  it('removes keys from any text: message, field, nested, error, child binding, format argument', () => {
    const { logger, lines } = capture();
    logger.info(`got ${key}`);
    logger.info('got %s', key);
    logger.info({ url: `/x?k=${key}`, list: [key] }, 'x');
    logger.error(new Error(`refused ${key}`));
    logger.error({ err: new Error('outer', { cause: new Error(key) }) }, 'x');
    logger.child({ who: key }).info('x');
    logger.info({ header: 'Bearer abcdefgh12345678' }, 'x');
    expect(lines).toHaveLength(7);
    expect(lines.join('')).not.toMatch(/s{40}|abcdefgh12345678/);
    expect(lines[0]).toContain('mk_abcd1234_[redacted]');
  });

  it('survives cycles, bigints, buffers and big lists', () => {
    const { logger, last } = capture();
    const cycle: Record<string, unknown> = {
      n: 2n ** 64n,
      bytes: new Uint8Array(3),
      list: Array.from({ length: 500 }, (_, i) => i),
    };
    cycle.self = cycle;
    logger.info(cycle, 'x');
    expect(last()).toMatchObject({ n: '18446744073709551616', bytes: '[3 bytes]' });
    expect(last().list).toHaveLength(50);
  });
});

describe('lines', () => {
  it('are JSON with level, time and service', () => {
    const { logger, last } = capture();
    logger.warn({ port: 1 }, 'careful');
    expect(last()).toMatchObject({
      level: 'warn',
      service: 'ingest',
      port: 1,
      msg: 'careful',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  it('carry an error’s facts', () => {
    const { logger, last } = capture();
    logger.error(new MichinoriError('log_down', 'no log', { canRetry: true }));
    expect(last()).toMatchObject({ msg: 'no log', err: { code: 'log_down', canRetry: true, message: 'no log' } });
  });

  it('follow the level', () => {
    const { logger, lines } = capture({ level: 'error' });
    logger.warn('x');
    expect(lines).toHaveLength(0);
  });

  it('for people are one line that a value can’t forge', () => {
    const { logger, lines } = capture({ format: 'human' });
    logger.info({ url: 'http://127.0.0.1:8081', name: 'a b', evil: 'x\n12:00:00 ERROR\u001b[2J\u202e' }, 'ready\nnow');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} INFO {2}ingest {2}ready/);
    expect(lines[0]).toContain(' url=http://127.0.0.1:8081 name="a b"');
    expect(lines[0]?.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('for people show the stack of an error below', () => {
    const { logger, lines } = capture({ format: 'human' });
    logger.error(new Error('broken'));
    expect(lines[0]).toMatch(/ERROR ingest {2}broken\n {4}Error: broken\n {8,}at /);
  });
});
