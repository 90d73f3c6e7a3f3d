import { describe, expect, it } from 'vitest';
import { clientLog, createLogger } from '../src/index.ts';

function heard() {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  const logger = createLogger({ service: 'test', level: 'debug', destination });
  const clock = { ms: 0 };
  return {
    clock,
    say: clientLog(logger, () => clock.ms),
    lines: () => lines.map((line) => JSON.parse(line)).map(({ level, msg }) => `${level} ${msg}`),
  };
}

describe('what a client library says', () => {
  it('is written a level lower', () => {
    const { say, lines } = heard();
    say({ level: 'error', message: 'a' });
    say({ level: 'warn', message: 'b' });
    say({ level: 'info', message: 'c' });
    expect(lines()).toEqual(['warn a', 'info b', 'debug c']);
  });

  it('is not repeated within a minute, whatever else is said between', () => {
    const { say, lines, clock } = heard();
    for (const ms of [0, 59_999, 60_000, 60_001]) {
      clock.ms = ms;
      say({ level: 'error', message: 'no connection' });
    }
    expect(lines()).toEqual(['warn no connection', 'debug no connection', 'warn no connection', 'debug no connection']);
  });

  it('forgets what was said rather than to keep ever more of it', () => {
    const { say, lines } = heard();
    for (let i = 0; i < 101; i++) say({ level: 'error', message: `m${i}` });
    say({ level: 'error', message: 'm0' });
    say({ level: 'error', message: 'm100' });
    expect(lines().slice(-2)).toEqual(['warn m0', 'debug m100']);
  });
});
