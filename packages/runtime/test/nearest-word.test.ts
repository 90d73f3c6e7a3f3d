import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { didYouMean, editDistance, nearestWord, nearestWords } from '../src/index.ts';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['prot', 'port', 1],
    ['ca', 'abc', 3],
    ['道のり', '道り', 1],
    ['😀a', 'a😀', 1],
  ])('%s → %s is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('is symmetric, zero only for equals, and at most the longer length', () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(editDistance(b, a)).toBe(distance);
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max([...a].length, [...b].length));
      }),
    );
  });
});

describe('nearestWords', () => {
  it('orders by distance, then by name, and leaves out what is too far', () => {
    expect(nearestWords('adoptoin', ['adoption', 'adaption', 'renewal', 'adoptions'])).toEqual([
      'adoption',
      'adaption',
      'adoptions',
    ]);
    expect(nearestWord('zzz', ['adoption'])).toBeNull();
    expect(nearestWord('x', ['y'])).toBe('y');
    expect(nearestWord('', ['a'])).toBeNull();
  });

  it('finds beginnings and ignores case', () => {
    expect(nearestWord('clickhouse', ['clickhouseRequestTimeoutMs'])).toBe('clickhouseRequestTimeoutMs');
    expect(nearestWord('ONBOARDING', ['onboarding'])).toBe('onboarding');
  });

  it('makes a sentence, or nothing', () => {
    expect(didYouMean('prot', ['port'])).toBe(' Did you mean "port"?');
    expect(didYouMean('prot', ['unrelated'])).toBe('');
  });

  it('is bounded for absurd input', () => {
    expect(nearestWord('a'.repeat(1_000_000), ['a'.repeat(999_999)])).toBeNull();
  });
});
