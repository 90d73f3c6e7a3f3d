import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readXes } from '../../src/import/read-xes.ts';
import type { SourceItem } from '../../src/import/source-item.ts';
import { createXesReader } from '../../src/import/xes-items.ts';
import { importText, memoryTarget, propertiesOf } from './helpers.ts';

const head =
  '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849.2016" xmlns="http://www.xes-standard.org/">\n';
const log = (...traces: string[]) => `${head}${traces.map((trace) => `<trace>\n${trace}</trace>\n`).join('')}</log>`;
const text = (key: string, value: string) => `<string key="${key}" value="${value}"/>`;
const event = (name: string, time: string, more = '') =>
  `<event>${text('concept:name', name)}<date key="time:timestamp" value="${time}"/>${more}</event>\n`;
const at = '2011-10-01T00:38:44.546+02:00';

const importXes = (content: string | Uint8Array, given: Partial<Parameters<typeof importText>[0]> = {}) =>
  importText({ name: 'log.xes', content, ...given });

function itemsOf(content: string, cut?: (content: string) => string[]): SourceItem[] {
  const reader = createXesReader();
  return [...(cut?.(content) ?? [content]).flatMap((piece) => reader.push(piece)), ...reader.end()];
}

describe('an event log in XES', () => {
  it('becomes events: the case is the customer, the activity the touchpoint, the group the team', async () => {
    const { events, result } = await importXes(
      log(
        `${text('concept:name', '173688')}<int key="AMOUNT_REQ" value="20000"/>${event(
          'A_SUBMITTED',
          at,
          `${text('org:resource', '112')}${text('org:group', 'front')}${text('lifecycle:transition', 'COMPLETE')}`,
        )}${event('A_DECLINED', '2011-10-01T09:00:00Z')}`,
        `${text('concept:name', 'b')}${event('A_SUBMITTED', at)}`,
      ),
    );
    expect(result).toMatchObject({ outcome: 'finished', accepted: 3, rejected: 0 });
    expect(events.map(({ customer, touchpoint, team }) => [customer, touchpoint, team])).toEqual([
      ['173688', 'A_SUBMITTED', 'front'],
      ['173688', 'A_DECLINED', null],
      ['b', 'A_SUBMITTED', null],
    ]);
    expect(events[0]?.occurredAtUs).toBe(Date.parse(at) * 1_000);
    expect(propertiesOf(events[0])).toEqual({
      'case:AMOUNT_REQ': 20_000,
      'org:resource': '112',
      'lifecycle:transition': 'COMPLETE',
    });
    expect(propertiesOf(events[1])).toEqual({ 'case:AMOUNT_REQ': 20_000 });
  });

  it('takes a mapping; what it frees becomes a property, what --unmapped ignores does not', async () => {
    const content = log(`${text('concept:name', 'case 1')}${text('who', 'c')}${event('a', at, text('step', 'x'))}`);
    const map = ['customer=case:who', 'touchpoint=step', 'trait.name=case:who'];
    const { events } = await importXes(content, { map });
    expect(events[0]).toMatchObject({ customer: 'c', touchpoint: 'x' });
    expect([...(events[0]?.traits ?? [])]).toEqual([['name', 'c']]);
    expect(propertiesOf(events[0])).toEqual({ 'case:concept:name': 'case 1', 'concept:name': 'a' });
    const bare = await importXes(content, { map, unmapped: 'ignore' });
    expect(bare.events[0]).toMatchObject({ customer: 'c', touchpoint: 'x' });
    expect(propertiesOf(bare.events[0])).toEqual({});
    const fixed = await importXes(content, { set: ['touchpoint=fixed', 'team=t'] });
    expect(fixed.events[0]).toMatchObject({ customer: 'case 1', touchpoint: 'fixed', team: 't' });
    expect(propertiesOf(fixed.events[0])).toMatchObject({ 'concept:name': 'a' });
  });

  it('keeps every kind of attribute: numbers as numbers where nothing is lost, nested ones with dots, lists as arrays', async () => {
    const kinds = [
      '<int key="i" value="-7"/>',
      '<int key="big" value="9007199254740993"/>',
      '<float key="f" value="0.10"/>',
      '<float key="long" value="0.1234567890123456789"/>',
      '<float key="none" value="NaN"/><float key="far" value="-INF"/><float key="missing" value="nan"/>',
      '<boolean key="yes" value="true"/>',
      '<boolean key="no" value="0"/>',
      '<id key="u" value="35f8-1"/>',
      '<date key="d" value="2020-01-01T00:00:00Z"/>',
      '<string key="s" value="a &amp; b&#10;c &#x1F600;"><int key="weight" value="3"><string key="unit" value="kg"/></int></string>',
      '<list key="l"><values><string key="t" value="x"/><int key="t" value="2"/><container key="c"><int key="a" value="1"/></container></values></list>',
      '<container key="c"><string key="a" value="1"/><container key="b"><string key="c" value="2"/></container></container>',
    ];
    const { events, rejects } = await importXes(log(`${text('concept:name', 'c')}${event('a', at, kinds.join('\n'))}`));
    expect(rejects).toEqual([]);
    expect(propertiesOf(events[0])).toEqual({
      i: -7,
      big: '9007199254740993',
      f: 0.1,
      long: '0.1234567890123456789',
      yes: true,
      no: false,
      u: '35f8-1',
      d: '2020-01-01T00:00:00Z',
      s: 'a & b\nc 😀',
      's.weight': 3,
      's.weight.unit': 'kg',
      l: '["x",2,{"a":1}]',
      'c.a': '1',
      'c.b.c': '2',
    });
  });

  it('passes over declarations, attributes of the log and what it does not know', () => {
    const items = itemsOf(
      `${head}<extension name="Concept" prefix="concept" uri="x"/><global scope="event">${text('concept:name', 'no')}</global>` +
        `<classifier name="a" keys="b"/>${text('concept:name', 'no')}<!-- <trace> --><trace>${text('concept:name', 'c')}` +
        `<other><event>${text('concept:name', 'no')}</event></other>${event('a', at, '<odd><string key="x" value="no"/></odd>')}</trace></log>`,
    );
    expect(items.map((item) => ('raw' in item ? JSON.parse(item.raw) : null))).toEqual([
      { 'case:concept:name': 'c', 'concept:name': 'a', 'time:timestamp': at },
    ]);
  });

  it('says where an event stands that is refused, and goes on', async () => {
    const { events, rejects } = await importXes(
      log(
        `${text('concept:name', 'c')}${event('a', at)}${event('b', 'soon')}${event('c', at, text('concept:name', 'x'))}${event('d', '2011-10-01T00:00:00')}`,
        `${event('e', at)}${event('f', at, '<string value="x"/>')}`,
        `${text('concept:name', 'z')}${event('g', at)}${text('late', 'x')}`,
      ),
    );
    expect(events.map(({ touchpoint }) => touchpoint)).toEqual(['a', 'g']);
    expect(rejects.map(({ trace, event: number, line, code, where }) => [trace, number, line, code, where])).toEqual([
      [1, 2, 5, 'unreadable_value', 'time:timestamp'],
      [1, 3, 6, 'conflicting_names', ''],
      [1, 4, 7, 'unreadable_value', 'time:timestamp'],
      [2, 1, 10, 'customer_required', ''],
      [2, 2, 11, 'unreadable_row', ''],
      [3, undefined, 15, 'unreadable_row', ''],
    ]);
    expect(JSON.parse(rejects[0]?.raw ?? '')).toMatchObject({ 'case:concept:name': 'c', 'time:timestamp': 'soon' });
  });

  it('takes local times in a time zone', async () => {
    const content = log(`${text('concept:name', 'c')}${event('a', '2011-10-01T09:00:00.123')}`);
    const { events } = await importXes(content, { timezone: 'Asia/Tokyo' });
    expect(events[0]?.occurredAtUs).toBe(Date.UTC(2011, 9, 1, 0, 0, 0, 123) * 1_000);
  });

  it('has the same ids again, other ones for equal events of a trace, and goes on where it was stopped', async () => {
    const traces = Array.from(
      { length: 40 },
      (_, t) =>
        `${text('concept:name', `c${t}`)}${Array.from({ length: 5 }, () => event('a', t % 7 === 0 ? 'never' : at)).join('')}`,
    );
    const content = log(...traces);
    const [whole, gzipped] = [await importXes(content), await importXes(gzipSync(content), { name: 'log.xes.gz' })];
    const ids = whole.events.map(({ id }) => id);
    expect(new Set(ids).size).toBe(170);
    expect(gzipped.events.map(({ id }) => id)).toEqual(ids);
    const target = memoryTarget();
    const options = { batchRows: 30, isStopped: () => target.batches.length >= 2 && target.batches.length < 3 };
    const stopped = await importXes(content, { target, options });
    expect(stopped.result.outcome).toBe('stopped');
    while ((await stopped.again()).outcome === 'stopped');
    expect(target.events().map(({ id }) => id)).toEqual(ids);
    expect((await stopped.again()).rejected).toBe(30);
  });

  it('is the same however its text is cut', () => {
    const content = log(
      ...Array.from(
        { length: 3 },
        (_, t) => `${text('concept:name', `日本 ${t}`)}${event(`é &amp; ${t}`, at).repeat(3)}`,
      ),
    );
    const whole = itemsOf(content);
    expect(whole).toHaveLength(9);
    fc.assert(
      fc.property(fc.array(fc.nat(content.length)), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), content.length];
        const pieces = places.slice(1).map((place, i) => content.slice(places[i], place));
        expect(itemsOf(content, () => pieces)).toEqual(whole);
      }),
    );
  });

  it.each([
    ['no XML at all', 'customer,touchpoint\n', /can't be read: \d+:/],
    ['another kind of XML', '<html></html>', /no XES, it begins with <html>/],
    [
      'a log that is cut off',
      log(`${text('concept:name', 'c')}${event('a', at)}`).slice(0, -8),
      /unclosed tag|can't be read/,
    ],
    ['bytes in another encoding', Buffer.from(log(text('concept:name', '\xe9')), 'latin1'), /encoding/],
    ['an entity that nobody declared', log(text('concept:name', '&x;')), /entity/],
    [
      'entities of its own',
      `<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/hostname">]>${log(text('concept:name', '&x;')).slice(38)}`,
      /entity/,
    ],
  ])('says so of %s', async (_name, content, message) => {
    await expect(importXes(content)).rejects.toMatchObject({
      code: 'import_file_unreadable',
      message: expect.stringMatching(message),
    });
  });

  it('keeps what came before the damage', async () => {
    const target = memoryTarget();
    const content = log(`${text('concept:name', 'c')}${event('a', at).repeat(50)}`).slice(0, -20);
    await expect(importXes(content, { target, options: { batchRows: 10 } })).rejects.toThrow();
    expect(target.events().length).toBeGreaterThanOrEqual(40);
  });

  it('may be in the encoding that it names, or in UTF-16', async () => {
    const content = log(`${text('concept:name', 'é')}${event('a', at)}`);
    const latin = Buffer.from(content.replace('UTF-8', 'ISO-8859-1'), 'latin1');
    const wide = Buffer.from(`\ufeff${content.replace('UTF-8', 'UTF-16')}`, 'utf16le');
    for (const bytes of [latin, wide]) expect((await importXes(bytes)).events[0]?.customer).toBe('é');
  });

  it('never throws anything but a clear error, whatever the bytes are', async () => {
    const content = Buffer.from(log(`${text('concept:name', 'c')}${event('a', at, '<list key="l"><values/></list>')}`));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(content.length - 1), fc.nat(255)), { maxLength: 4 }),
        async (changes) => {
          const bytes = Buffer.from(content);
          for (const [place, value] of changes) bytes[place] = value;
          const items: SourceItem[] = [];
          try {
            for await (const some of readXes(
              'f',
              (async function* () {
                yield bytes;
              })(),
            ))
              items.push(...some);
          } catch (error) {
            expect(error).toMatchObject({ code: 'import_file_unreadable' });
          }
          expect(items.length).toBeLessThanOrEqual(2);
        },
      ),
      { numRuns: Number(process.env.MICHINORI_TEST_RUNS ?? 200) },
    );
  });
});

it('a deep or huge event is refused by itself', async () => {
  const deep = `${'<container key="k">'.repeat(200)}${'</container>'.repeat(200)}`;
  const huge = text('x', 'y'.repeat(5 * 1024 * 1024));
  const { events, rejects } = await importXes(
    log(`${text('concept:name', 'c')}${event('a', at, deep)}${event('b', at, huge)}${event('c', at)}`),
  );
  expect(events.map(({ touchpoint }) => touchpoint)).toEqual(['c']);
  expect(rejects.map(({ code }) => code)).toEqual(['unreadable_row', 'line_too_long']);
});
