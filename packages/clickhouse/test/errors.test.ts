import { readFile } from 'node:fs/promises';
import { ClickHouseError as HttpError } from '@clickhouse/client';
import { describe, expect, test } from 'vitest';
import { classifyEmbeddedError } from '../src/embedded-errors.ts';
import { serverError } from '../src/error.ts';
import { classOfServerCode, clientCodes, serverCodes } from '../src/error-codes.ts';
import { classifyServerError, exceptionInAnswer } from '../src/server-errors.ts';

interface Documented {
  code: number;
  name: string;
  kind: string;
  canRetry: boolean;
  reason: string;
}

async function documentedCodes(): Promise<Documented[]> {
  const text = await readFile(new URL('../docs/errors.md', import.meta.url), 'utf8');
  const line = /^\|\s*(-?\d+)\s*\|\s*`([A-Z0-9_]+)`\s*\|\s*(\w+)\s*\|\s*(yes|no)\s*\|\s*(.+?)\s*\|$/gm;
  return [...text.matchAll(line)].map(([, code, name, kind, retry, reason]) => ({
    code: Number(code),
    name: name ?? '',
    kind: kind ?? '',
    canRetry: retry === 'yes',
    reason: reason ?? '',
  }));
}

describe('docs/errors.md', () => {
  test('lists every code, and no code that does not exist', async () => {
    const known: Documented[] = [
      ...Object.entries(clientCodes).map(([name, { code, kind, canRetry, reason }]) => ({
        code,
        name,
        kind,
        canRetry,
        reason,
      })),
      ...Object.entries(serverCodes).map(([code, { name, kind, canRetry, reason }]) => ({
        code: Number(code),
        name,
        kind,
        canRetry,
        reason,
      })),
    ];
    const byCode = (a: Documented, b: Documented) => a.code - b.code;
    expect((await documentedCodes()).sort(byCode)).toEqual(known.sort(byCode));
  });

  test('codes are unique and those of this side are negative', () => {
    const codes = Object.values(clientCodes).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(Math.max(...codes)).toBeLessThan(0);
  });
});

describe('classification', () => {
  test('trouble that may pass is retried, everything of the data and of the code is not', () => {
    for (const [code, { kind, canRetry }] of Object.entries(serverCodes)) {
      if (kind === 'infrastructure') expect(canRetry, code).toBe(true);
      if (kind === 'data' || kind === 'programming') expect(canRetry, code).toBe(false);
    }
  });

  test('a code that nobody listed is trouble that may pass, under the name that ClickHouse gives', () => {
    expect(classOfServerCode(99_999)).toMatchObject({ kind: 'infrastructure', canRetry: true });
    expect(serverError(99_999, 'Code: 99999. DB::Exception: x. (NEW_CODE)', 'q').codeName).toBe('NEW_CODE');
    expect(serverError(99_999, 'x', 'q').codeName).toBe('CODE_99999');
  });

  test('the same exception is the same error from both adapters', () => {
    const embedded = classifyEmbeddedError(
      'q',
      Object.assign(new Error('Code: 27. DB::Exception: no. (X)'), { clickhouseCode: 27 }),
    );
    const server = classifyServerError('q', new HttpError({ message: 'no. ', code: '27', type: 'X' }), 'request');
    const facts = { code: 27, codeName: 'CANNOT_PARSE_INPUT_ASSERTION_FAILED', kind: 'data', canRetry: false };
    expect(embedded).toMatchObject(facts);
    expect(server).toMatchObject(facts);
  });

  test.each([
    [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 'request', 'CONNECTION_FAILED'],
    [Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), 'request', 'CONNECTION_FAILED'],
    [Object.assign(new Error('getaddrinfo'), { code: 'EAI_AGAIN' }), 'request', 'CONNECTION_FAILED'],
    [Object.assign(new Error('aborted'), { code: 'ECONNRESET' }), 'answer', 'ANSWER_INTERRUPTED'],
    [new Error('Timeout error.'), 'request', 'REQUEST_TIMEOUT'],
    [new Error('<html>502</html>'), 'request', 'UNEXPECTED_ANSWER'],
    ['a string', 'request', 'UNEXPECTED_ANSWER'],
  ] as const)('%s', (error, phase, codeName) => {
    expect(classifyServerError('q', error, phase)).toMatchObject({ codeName, kind: 'infrastructure', canRetry: true });
  });
});

describe('an exception behind a status of 200', () => {
  const message = 'Code: 241. DB::Exception: memory. (MEMORY_LIMIT_EXCEEDED)';

  test('is found between marks and at the end of an older answer', () => {
    const marked = `[{"a":1},\r\n__exception__\r\ntag\r\n${message}\n${message.length + 1} tag\r\n__exception__\r\n`;
    expect(exceptionInAnswer('q', marked, 'tag')).toMatchObject({ code: 241, kind: 'limit' });
    expect(exceptionInAnswer('q', `[{"a":1},\n${message}\n`, undefined)).toMatchObject({ code: 241 });
  });

  test('is not invented from data that speaks of exceptions', () => {
    const row = `[\n{"a":"__exception__ ${message}"}\n]\n`;
    expect(exceptionInAnswer('q', row, 'tag')).toBeNull();
    expect(exceptionInAnswer('q', row, undefined)).toBeNull();
    expect(exceptionInAnswer('q', '', 'tag')).toBeNull();
  });
});
