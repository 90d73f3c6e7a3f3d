import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { readFunnel, writeFunnel } from '../src/app/pages/funnel/funnel-address.ts';
import { bodyOf, curlOf, type FunnelState } from '../src/app/pages/funnel/funnel-state.ts';
import { readView } from '../src/app/state/view.ts';

const nowMs = Date.parse('2026-03-01T00:00:00Z');
const viewOf = (query: string) => readView(new URLSearchParams(query), { timezone: 'UTC', languages: ['en'] });
const queryOf = (state: FunnelState) => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(writeFunnel(state))) {
    for (const one of [value].flat()) if (one !== null) query.append(name, String(one));
  }
  return query;
};

describe('a funnel in an address', () => {
  it('is read back as it was written', () => {
    const states: FunnelState[] = [
      { steps: [], order: 'sequential', window: { value: 30, unit: 'day' }, unit: 'customer' },
      {
        steps: [
          { text: 'trial.started|demo requested', isOptional: false },
          { text: 'page.*', isOptional: true },
          { text: '導入', isOptional: false },
        ],
        order: 'strict',
        window: { value: 90, unit: 'minute' },
        unit: 'account',
      },
    ];
    for (const state of states) expect(readFunnel(queryOf(state))).toEqual(state);
  });

  it('has a usual window where it says none that can be', () => {
    for (const window of ['', '0d', '5y', 'd', '-3d', '1.5d']) {
      expect(readFunnel(new URLSearchParams({ window })).window).toEqual({ value: 30, unit: 'day' });
    }
  });
});

describe('the question of a funnel', () => {
  const query = 'step=a|b&step=&step=?c&step=d&range=2026-01-01..2026-01-31&tz=UTC';
  const state = readFunnel(new URLSearchParams(query));

  it('says what was clicked together', () => {
    expect(bodyOf(state, viewOf(`${query}&segment=plan:pro&by=plan`), nowMs)).toEqual({
      steps: [{ touchpoint: ['a', 'b'] }, { touchpoint: 'c', optional: true }, { touchpoint: 'd' }],
      window: { value: 30, unit: 'day' },
      from: '2026-01-01T00:00:00.000Z',
      to: '2026-02-01T00:00:00.000Z',
      timezone: 'UTC',
      breakdown: { by: 'trait:plan', limit: 6 },
      filter: [{ trait: 'plan', op: 'in', value: ['pro'] }],
    });
  });

  it('asks nothing that the API refuses: one step, a first step to skip, steps to skip in any order', () => {
    const body = (text: string) => bodyOf(readFunnel(new URLSearchParams(text)), viewOf(''), nowMs);
    expect(body('step=a')).toBeNull();
    expect(body('step=a&step=|')).toBeNull();
    expect(body('step=?a&step=b')?.steps).toEqual([{ touchpoint: 'a' }, { touchpoint: 'b' }]);
    expect(body('step=a&step=?b&order=any')?.steps).toEqual([{ touchpoint: 'a' }, { touchpoint: 'b' }]);
  });

  it('survives the shell as curl', () => {
    const body = bodyOf(readFunnel(new URLSearchParams("step=it's $HOME&step=`b`")), viewOf('range=7d'), nowMs);
    if (body === null) throw new Error('no body');
    const command = curlOf(body, 'http://localhost:8080').replace(/^curl/, 'printf "%s\\n"');
    const words = execFileSync('sh', ['-c', command], { encoding: 'utf8' });
    expect(JSON.parse(words.slice(words.indexOf('{')))).toEqual(body);
  });
});
