import { describe, expect, it } from 'vitest';
import { readRoute } from '../../packages/board/src/app/state/route.ts';
import { defaultBoardUrl, generatedFiles } from '../src/index.ts';

const addresses = generatedFiles({ boardUrl: defaultBoardUrl })
  .filter(({ path }) => path.endsWith('.json'))
  .flatMap(({ path, text }) =>
    [...text.matchAll(/\$\{board\}([^"?]*)/g)].map(([, address = '']) => ({
      path,
      address: address.replace(/\$\{[^}]*\}/g, 'x'),
    })),
  );

describe('links to the board', () => {
  it('lead to pages that it has', () => {
    expect(addresses.length).toBeGreaterThan(16);
    for (const { path, address } of addresses)
      expect(readRoute(address).page, `${path}: ${address}`).not.toBe('unknown');
    expect(readRoute('/nowhere/x').page).toBe('unknown');
  });

  it('open one journey or one customer, never the start', () => {
    const pages = new Set(addresses.map(({ address }) => readRoute(address).page));
    expect(pages).toContain('customer');
    expect(pages).toContain('health');
    expect(pages).not.toContain('start');
  });
});
