import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boardAddresses } from '../src/addresses.ts';
import { datesOf, instantsOf, isDate, type Range, readRange, writeRange } from '../src/app/state/range.ts';
import { journeyPages, pathOf, type Route, readRoute } from '../src/app/state/route.ts';
import { breakdownOf, filtersOf, segmentOf, splitSegment } from '../src/app/state/segments.ts';
import { carriedOver, readView, writeView } from '../src/app/state/view.ts';
import { addDays, dateIn, startOfDate } from '../src/app/state/zone.ts';

const nowMs = Date.parse('2026-03-29T12:00:00Z');
const here = { timezone: 'Asia/Tokyo', languages: ['de-DE', 'ja-JP', 'en'] };
const name = fc
  .string({ minLength: 1, maxLength: 12 })
  .filter((text) => text.trim() !== '' && text !== '.' && text !== '..');

describe('routes', () => {
  const routes: fc.Arbitrary<Route> = fc.oneof(
    fc.record({ page: fc.constantFrom(...journeyPages), journey: name }),
    fc.record({ page: fc.constant('customer' as const), customer: name }),
    fc.record({ page: fc.constant('journey-customers' as const), journey: name }),
    fc.constantFrom<Route>(
      { page: 'start' },
      { page: 'funnel' },
      { page: 'customers' },
      { page: 'alerts' },
      { page: 'data' },
    ),
  );

  it('are read back from the path that they were written to', () => {
    fc.assert(
      fc.property(routes, (route) => {
        expect(readRoute(pathOf(route))).toEqual(route);
      }),
    );
  });

  it('have an address that the server answers', () => {
    const answered = (path: string) =>
      boardAddresses.some((known) => (known.endsWith('*') ? path.startsWith(known.slice(0, -1)) : path === known));
    fc.assert(
      fc.property(routes, (route) => {
        expect([pathOf(route), answered(pathOf(route))]).toEqual([pathOf(route), true]);
      }),
    );
  });

  it('call a journey without a page its map, and everything else unknown', () => {
    expect(readRoute('/journeys/buying')).toEqual({ page: 'map', journey: 'buying' });
    for (const path of ['/journeys', '/journeys/a/nothing', '/journeys/a/map/b', '/funnel/a', '/customers/a/b', '/x']) {
      expect([path, readRoute(path).page]).toEqual([path, 'unknown']);
    }
    expect(readRoute('/customers/100%').page).toBe('customer');
  });
});

describe('ranges', () => {
  it('hold whole days of the time zone, the last day included, across a change of the clocks', () => {
    const range: Range = { kind: 'dates', first: '2026-03-29', last: '2026-03-29' };
    expect(instantsOf(range, 'Europe/Berlin', nowMs)).toEqual({
      from: '2026-03-28T23:00:00.000Z',
      to: '2026-03-29T22:00:00.000Z',
    });
    expect(instantsOf(range, 'Asia/Tokyo', nowMs)).toEqual({
      from: '2026-03-28T15:00:00.000Z',
      to: '2026-03-29T15:00:00.000Z',
    });
    // In Santiago the clocks go from 23:59 to 01:00 that night: the day begins at 01:00.
    expect(new Date(startOfDate('America/Santiago', '2026-09-06')).toISOString()).toBe('2026-09-06T04:00:00.000Z');
  });

  it('of the last days end today and do not change within a day', () => {
    const range: Range = { kind: 'last', days: 7 };
    expect(datesOf(range, 'Asia/Tokyo', nowMs)).toEqual({ first: '2026-03-23', last: '2026-03-29' });
    expect(instantsOf(range, 'UTC', nowMs)).toEqual(instantsOf(range, 'UTC', nowMs + 11 * 3_600_000));
    expect(instantsOf(range, 'UTC', nowMs)).not.toEqual(instantsOf(range, 'UTC', nowMs + 12 * 3_600_000));
  });

  it('begin with the first instant of their first day, in every zone', () => {
    const zones = fc.constantFrom(
      'Asia/Kathmandu',
      'Pacific/Apia',
      'America/St_Johns',
      'Africa/Cairo',
      'Australia/Lord_Howe',
    );
    const days = fc.integer({ min: 0, max: 9000 }).map((count) => addDays('2005-01-01', count));
    fc.assert(
      fc.property(zones, days, (zone, date) => {
        // Samoa had no 30 December 2011.
        fc.pre(!(zone === 'Pacific/Apia' && date === '2011-12-30'));
        const start = startOfDate(zone, date);
        expect([dateIn(zone, start), dateIn(zone, start - 1)]).toEqual([
          date,
          addDays(date, -1) === '2011-12-30' && zone === 'Pacific/Apia' ? '2011-12-29' : addDays(date, -1),
        ]);
      }),
    );
  });

  it('are read from what was written, and otherwise the usual one', () => {
    for (const range of [
      { kind: 'last', days: 30 },
      { kind: 'dates', first: '2026-01-01', last: '2026-02-28' },
    ] as const) {
      expect(readRange(writeRange(range))).toEqual(range);
    }
    for (const text of [null, '', '0d', '99999d', '2026-02-30..2026-03-01', '2026-03-02..2026-03-01', '2026-01-01']) {
      expect(readRange(text)).toEqual({ kind: 'last', days: 90 });
    }
    expect(isDate('2024-02-29')).toBe(true);
    expect(isDate('2026-02-29')).toBe(false);
  });
});

describe('what all pages share', () => {
  it('comes from the address, else from the browser, and never from nonsense', () => {
    const said = new URLSearchParams(
      'range=7d&segment=plan:pro&segment=a:b:c&segment=x&by=plan&tz=UTC&lang=en&theme=dark',
    );
    expect(readView(said, here)).toEqual({
      range: { kind: 'last', days: 7 },
      segments: ['plan:pro', 'a:b:c'],
      by: 'plan',
      timezone: 'UTC',
      language: 'en',
      theme: 'dark',
    });
    const nonsense = readView(new URLSearchParams('tz=Mars/Base&lang=xx&theme=pink'), here);
    expect(nonsense).toMatchObject({ timezone: 'Asia/Tokyo', language: 'ja', theme: 'auto', by: null, segments: [] });
  });

  it('is read back as it was written, and keeps what belongs to the page', () => {
    const query = new URLSearchParams('step=a&theme=dark');
    const change = {
      segments: ['plan:a b', 'plan:'],
      by: 'plan',
      timezone: 'UTC',
      language: 'ja',
      theme: 'auto',
    } as const;
    const next = writeView(query, change);
    expect(readView(next, here)).toMatchObject(change);
    expect(next.getAll('step')).toEqual(['a']);
    expect([...carriedOver(next).keys()].sort()).toEqual(['by', 'lang', 'segment', 'segment', 'tz']);
  });
});

describe('segments', () => {
  it('become filters of a funnel: values of a name are alternatives, personas are no trait', () => {
    expect(filtersOf(['plan:pro', 'region:kanto', 'plan:', 'persona:ops'])).toEqual([
      { trait: 'plan', op: 'in', value: ['pro', ''] },
      { trait: 'region', op: 'in', value: ['kanto'] },
    ]);
    expect(splitSegment('a:b:c')).toEqual({ name: 'a', value: 'b:c' });
  });

  it('split a journey and a funnel by the same thing', () => {
    expect(segmentOf('trait:plan', ['plan'])).toBe('plan');
    expect(segmentOf('channel', ['plan'])).toBeUndefined();
    expect(breakdownOf('plan')).toBe('trait:plan');
    expect(breakdownOf('property:page')).toBe('property:page');
    expect(breakdownOf('team')).toBe('team');
    expect(breakdownOf('persona')).toBeNull();
  });
});
