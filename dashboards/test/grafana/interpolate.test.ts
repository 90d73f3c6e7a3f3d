import { describe, expect, it } from 'vitest';
import { NotEmulated } from '../not-emulated.ts';
import { interpolate, type Scope, usedVariables, type VariableValue } from './interpolate.ts';

const scope = (values: Record<string, VariableValue>): Scope => ({
  variables: new Map(Object.entries(values)),
  texts: new Map([['plan', 'Plan: pro']]),
  fromMs: Date.UTC(2026, 10, 1),
  toMs: Date.UTC(2026, 10, 22, 12, 30, 0, 500),
  timezone: 'Asia/Tokyo',
  intervalMs: 60_000,
});
const one = scope({ plan: 'pro+"x"', server: 'a b' });
const many = scope({ plan: ["o'x", 'pro'] });

/** Values as Grafana's page about the syntax of variables gives them. */
describe('what Grafana makes of a variable', () => {
  it.each([
    ['apps.$server.count', 'apps.a b.count'],
    ['x${server}y', 'xa by'],
    ['[[server]]', 'a b'],
    ['[[server:percentencode]]', 'a%20b'],
    ['$server_more $unknown ${unknown:csv}', '$server_more $unknown ${unknown:csv}'],
    ['${plan:doublequote}', '"pro+\\"x\\""'],
    ['${plan:json}', 'pro+"x"'],
    ['${plan:percentencode}', 'pro%2B%22x%22'],
    ['${plan:queryparam}', 'var-plan=pro%2B%22x%22'],
    ['${plan:text}', 'Plan: pro'],
    ['${plan:regex}', 'pro\\+"x"'],
  ])('%s with one value: %s', (text, expected) => {
    expect(interpolate(text, one)).toBe(expected);
  });

  it.each([
    ['$plan', "{o'x,pro}"],
    ['${plan:csv}', "o'x,pro"],
    ['${plan:raw}', "o'x,pro"],
    ['${plan:pipe}', "o'x|pro"],
    ['${plan:join:;}', "o'x;pro"],
    ['${plan:json}', '["o\'x","pro"]'],
    ['${plan:singlequote}', "'o\\'x','pro'"],
    ['${plan:percentencode}', '%7Bo%27x%2Cpro%7D'],
    ['${plan:queryparam}', 'var-plan=o%27x&var-plan=pro'],
    ['${plan:customqueryparam:segment:plan%3A}', 'segment=plan%253Ao%27x&segment=plan%253Apro'],
    ['${plan:regex}', "(o'x|pro)"],
  ])('%s with two values: %s', (text, expected) => {
    expect(interpolate(text, many)).toBe(expected);
  });

  it.each([
    ['$__from', '1793491200000'],
    ['${__to}', '1795350600500'],
    ['${__to:date}', '2026-11-22T12:30:00.500Z'],
    ['${__to:date:iso}', '2026-11-22T12:30:00.500Z'],
    ['${__to:date:seconds}', '1795350601'],
    ['${__timezone}', 'Asia/Tokyo'],
    ['$__interval $__rate_interval $__range_s', '60s 240s 1859401'],
    ['from=x&$__url_time_range', 'from=x&from=1793491200000&to=1795350600500'],
  ])('%s: %s', (text, expected) => {
    expect(interpolate(text, one)).toBe(expected);
  });

  it('leaves the macros of Infinity to Infinity, and what is inside them to Grafana', () => {
    expect(interpolate('${__timeFrom:date} ${__timeTo}', one)).toBe('${__timeFrom:date} ${__timeTo}');
    expect(interpolate('$__combineValues(plan:,,__comma,${server:raw})', one)).toBe(
      '$__combineValues(plan:,,__comma,a b)',
    );
  });

  it.each(['${plan:lucene}', '${plan.field}', '${__from:date:YYYY-MM}', '${__dashboard}', '${__user.login}'])(
    'refuses %s, which nobody has emulated',
    (text) => {
      expect(() => interpolate(text, one)).toThrow(NotEmulated);
    },
  );

  it('knows which variables a text uses', () => {
    expect(usedVariables('$a ${b:csv} [[c]] $a ${__from} $__combineValues(${d:raw}) $1 cost $')).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
  });
});
