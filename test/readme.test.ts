import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './architecture/source-tree.ts';

const text = (name: string) => readFileSync(join(root, name), 'utf8');
const blocksOf = (name: string) => text(name).match(/^```.*?^```$/gms) ?? [];
const linksOf = (name: string) =>
  Array.from(text(name).matchAll(/\]\(([^)\s]+)\)/g), ([, target = '']) => target).filter(
    (target) => !/^[a-z]+:|^#/.test(target),
  );
const languageOf = (target: string) => target.replace(/\.(en|ja)\.png$/, '.png');

describe.each(['README.md', 'README.ja.md'])('%s', (name) => {
  it('leads to files that are there', () => {
    const missing = linksOf(name).filter((target) => !existsSync(join(root, target.replace(/#.*/, ''))));
    expect(missing).toEqual([]);
    expect(linksOf(name).length).toBeGreaterThan(60);
  });
});

describe('README.ja.md', () => {
  it('has the commands and the output of README.md', () => {
    expect(blocksOf('README.ja.md')).toEqual(blocksOf('README.md'));
    expect(blocksOf('README.md').length).toBeGreaterThan(10);
  });

  it('leads wherever README.md leads, to pictures in its own language', () => {
    const [english, japanese] = ['README.md', 'README.ja.md'].map((name) => linksOf(name).slice(1));
    expect(new Set(japanese?.map(languageOf))).toEqual(new Set(english?.map(languageOf)));
    expect(japanese?.filter((target) => target.endsWith('.en.png'))).toEqual([]);
  });
});
