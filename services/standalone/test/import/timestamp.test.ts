import { parseInstant } from '@michinori/events';
import { describe, expect, it } from 'vitest';
import { isTimezone, readTimestamp } from '../../src/import/timestamp.ts';

function utc(text: string, timezone?: string): string {
  const read = readTimestamp(text, timezone);
  if (!read.ok) return read.message;
  const parsed = parseInstant(read.iso);
  return parsed.ok ? new Date(parsed.us / 1_000).toISOString() : parsed.code;
}

describe('times of imported rows', () => {
  it.each([
    ['2024-03-31T14:30:00.250Z', '2024-03-31T14:30:00.250Z'],
    ['2024-03-31t14:30:00z', '2024-03-31T14:30:00.000Z'],
    ['2024-03-31 14:30:00+0900', '2024-03-31T05:30:00.000Z'],
    ['2024-03-31 14:30+09', '2024-03-31T05:30:00.000Z'],
    ['2024-03-31T14:30:00,5 -03:30', '2024-03-31T18:00:00.500Z'],
    ['1700000000', '2023-11-14T22:13:20.000Z'],
    ['1700000000.25', '2023-11-14T22:13:20.250Z'],
    ['1700000000123', '2023-11-14T22:13:20.123Z'],
    ['1700000000123000', '2023-11-14T22:13:20.123Z'],
  ])('%s is %s, whatever the time zone of the file', (text, expected) => {
    expect(utc(text)).toBe(expected);
    expect(utc(` ${text} `, 'Asia/Tokyo')).toBe(expected);
  });

  it.each([
    ['2024-07-01 12:00:00', 'Europe/Amsterdam', '2024-07-01T10:00:00.000Z'],
    ['2024/7/1', 'Asia/Tokyo', '2024-06-30T15:00:00.000Z'],
    ['2024-12-01T9:05', 'Asia/Kolkata', '2024-12-01T03:35:00.000Z'],
    ['2024-03-31 02:30', 'Europe/Amsterdam', '2024-03-31T01:30:00.000Z'],
    ['2024-03-31 03:00', 'Europe/Amsterdam', '2024-03-31T01:00:00.000Z'],
    ['2024-10-27 02:30', 'Europe/Amsterdam', '2024-10-27T00:30:00.000Z'],
    ['2024-10-27 03:00', 'Europe/Amsterdam', '2024-10-27T02:00:00.000Z'],
    ['2024-10-06 02:15', 'Australia/Lord_Howe', '2024-10-05T15:45:00.000Z'],
    ['2024-09-08 00:30', 'America/Santiago', '2024-09-08T04:30:00.000Z'],
  ])('%s in %s is %s: the offset from before a change counts', (text, zone, expected) => {
    expect(utc(text, zone)).toBe(expected);
  });

  it('refuses a local time without a zone, and says what to give', () => {
    expect(utc('2024-07-01 12:00:00')).toContain('--timezone');
  });

  it.each([
    '2024-02-30 10:00',
    '2024-13-01',
    '2024-01-01 24:00',
    '2024-01-01 10:60',
    '2024-01-01 23:59:60',
    '2024-01/02',
    '1.7.2024',
    '07/01/2024',
    '170000000',
    '17000000001234',
    '1700000000123.5',
    'yesterday',
    '',
  ])('refuses %s', (text) => {
    expect(readTimestamp(text, 'Europe/Amsterdam').ok).toBe(false);
  });

  it('does not round: more than six digits of a second are refused later', () => {
    expect(utc('2024-07-01 12:00:00.1234567', 'UTC')).toBe('time_too_precise');
    expect(utc('1700000000.1234567')).toBe('time_too_precise');
  });

  it('knows the time zones', () => {
    expect(['Asia/Tokyo', 'UTC', 'Europe/Amsterdam'].every(isTimezone)).toBe(true);
    expect(['Amsterdam', 'Mars/Base', ''].some(isTimezone)).toBe(false);
  });
});
