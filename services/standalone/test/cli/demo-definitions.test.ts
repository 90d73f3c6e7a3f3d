import { MichinoriError } from '@michinori/runtime';
import { describe, expect, it } from 'vitest';
import type { Api } from '../../src/cli/api.ts';
import { applyDemoDefinitions, demoImprovements, showDemoStages } from '../../src/cli/demo-definitions.ts';
import { simulate } from '../../src/demo/simulate.ts';
import { demoDefaults } from '../../src/demo/world.ts';
import { fakeIo, run, temporaryFolder } from './fake-io.ts';

const { truth } = simulate({ ...demoDefaults, customers: 20 });
const refused = (canRetry: boolean) => new MichinoriError('api_refused', 'no', { canRetry });

describe('the improvements of the demo', () => {
  it('are its release, and one at a time when nothing was changed', () => {
    const [release, nothing] = demoImprovements(truth);
    expect(release).toMatchObject({ id: 'demo-release', stage: 'onboarding', at: truth.release.at });
    expect(nothing).toMatchObject({ id: 'demo-nothing', stage: 'value' });
    const at = Date.parse(nothing?.at ?? '');
    const change = [truth.release.at, truth.incident.from, truth.incident.to].map((time) =>
      Math.abs(Date.parse(time) - at),
    );
    expect(Math.min(...change)).toBeGreaterThan(90 * 86_400_000);
    expect(at).toBeGreaterThan(Date.parse(truth.start) + 180 * 86_400_000);
  });
});

describe('applying the definitions of the demo', () => {
  it('sends both journeys and both improvements', async () => {
    const sent: string[] = [];
    const api: Api = {
      get: () => Promise.reject(new Error('nothing is to be read')),
      post: async <T>(path: string, body?: { type: string; text: string }) => {
        sent.push(`${path} ${body?.type}`);
        const journey = /^journey: (\S+)$/m.exec(body?.text ?? '')?.[1];
        return { rows: [{ journey, version: 1 }] } as T;
      },
    };
    expect(await applyDemoDefinitions(api, truth)).toEqual(
      ['buying', 'customer-success'].map((journey) => ({ journey, version: 1, afterDerivation: 0 })),
    );
    expect(sent).toEqual([
      '/v1/journeys text/yaml',
      '/v1/journeys text/yaml',
      '/v1/improvements application/json',
      '/v1/improvements application/json',
    ]);
  });

  it('leaves journeys as they are that somebody changed, but does not pass over a log that fails', async () => {
    const apiThat = (canRetry: boolean): Api => ({
      get: () => Promise.reject(refused(canRetry)),
      post: () => Promise.reject(refused(canRetry)),
    });
    expect(await applyDemoDefinitions(apiThat(false), truth)).toEqual([]);
    await expect(applyDemoDefinitions(apiThat(true), truth)).rejects.toThrow('no');
    const { io } = fakeIo();
    expect(await showDemoStages(io, apiThat(true), truth, [], new AbortController().signal)).toBe('');
  });
});

describe('michinori demo', () => {
  it('ends with journeys that answer, and improvements that can be measured', async () => {
    const data = ['--data', temporaryFolder()];
    const { exitCode, out } = await run(['demo', '--customers', '40', ...data]);
    expect(exitCode).toBe(0);
    expect(out).toContain('Demo data: ');
    const journeys = JSON.parse((await run(['journey', 'list', '--json', ...data])).out);
    expect(journeys.map(({ journey, state }: { journey: string; state: string }) => `${journey} ${state}`)).toEqual([
      'buying active',
      'customer-success active',
    ]);
    const { out: list } = await run(['improvement', 'list', ...data]);
    expect(list).toContain('demo-release');
    expect(list).toContain('demo-nothing');
  }, 180_000);
});
