import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(join(import.meta.dirname, '../src/app/style/tokens.css'), 'utf8');
const pairs = [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)];
const themes = [
  ['light', new Map(pairs.map(([, name = '', light = '']) => [name, light]))],
  ['dark', new Map(pairs.map(([, name = '', , dark = '']) => [name, dark]))],
] as const;

/** Contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance). */
function contrast(a: string, b: string): number {
  const luminance = (colour: string) => {
    const [r = 0, g = 0, b2 = 0] = [1, 3, 5]
      .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b2;
  };
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(themes)('colours, %s', (_name, tokens) => {
  const of = (name: string) => tokens.get(name) ?? 'missing';

  it.each([
    ['ink', 'paper'],
    ['ink', 'ground'],
    ['ink', 'wash'],
    ['faint', 'paper'],
    ['faint', 'ground'],
    ['accent', 'paper'],
    ['accent', 'ground'],
    ['accent', 'wash'],
    ['on-accent', 'accent'],
    ['lost-ink', 'paper'],
    ['lost-ink', 'ground'],
    ['good-ink', 'paper'],
    ['warn-ink', 'warn-wash'],
  ])('%s can be read on %s (4.5 : 1)', (text, ground) => {
    expect(contrast(of(text), of(ground))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['edge', 'advanced', 'lost'])('%s can be seen on paper (3 : 1)', (name) => {
    expect(contrast(of(name), of('paper'))).toBeGreaterThanOrEqual(3);
  });
});

describe('the tokens', () => {
  it('stand once, each for light and for dark, whichever way a scheme is chosen', () => {
    const names = [...css.matchAll(/--([\w-]+):/g)].map(([, name]) => name);
    expect(pairs.length).toBeGreaterThan(20);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !pairs.some(([, paired]) => paired === name))).toEqual([
      'shadow-near',
      'shadow-far',
      'shadow',
    ]);
    for (const scheme of ['light', 'dark'])
      expect(css).toMatch(`[data-theme="${scheme}"] {\n  color-scheme: ${scheme};`);
  });
});
