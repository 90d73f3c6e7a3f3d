import { describe, expect, test } from 'vitest';
import { withoutLongParameters } from '../src/long-parameters.ts';
import { checkParameters } from '../src/parameters.ts';
import { scanPlaceholders } from '../src/placeholders.ts';

const sql =
  "SELECT {list:Array(String)}, {word:String}, '{list:Array(String)}', {list: Array(String)} -- {word:String}";

function shortened(values: Record<string, unknown>, place: 'form' | 'address') {
  return withoutLongParameters(sql, checkParameters('q', scanPlaceholders('q', sql.replace(': ', ':')), values), place);
}

describe('parameters of a request', () => {
  test('stay bound as long as each is short', () => {
    const { sql: text, parameters } = shortened({ list: ['a'], word: 'b'.repeat(1024) }, 'address');
    expect(text).toBe(sql);
    expect([...parameters.keys()]).toEqual(['list', 'word']);
  });

  test('move into the text when one is too long, quoted, wherever a placeholder stands and nowhere else', () => {
    const word = `it's \\ ${'x'.repeat(1100)}`;
    const { sql: text, parameters } = shortened({ list: ["a'"], word }, 'address');
    const quoted = `'it\\'s \\\\ ${'x'.repeat(1100)}'`;
    expect(text).toBe(sql.replace('{word:String},', `CAST(${quoted}, 'String'),`));
    expect([...parameters.keys()]).toEqual(['list']);

    const list = Array.from({ length: 300 }, () => "a'");
    const inner = `[${list.map(() => "\\'a\\\\\\'\\'").join(',')}]`;
    const moved = shortened({ list, word: 'b' }, 'address');
    const cast = `CAST('${inner}', 'Array(String)')`;
    expect(moved.sql).toBe(`SELECT ${cast}, {word:String}, '{list:Array(String)}', ${cast} -- {word:String}`);
    expect([...moved.parameters.keys()]).toEqual(['word']);
  });

  test('may be longer in a form than in an address', () => {
    const values = { list: ['a'], word: 'b'.repeat(20_000) };
    expect(shortened(values, 'form').sql).toBe(sql);
    expect(shortened(values, 'address').sql).not.toBe(sql);
    expect(shortened({ list: ['a'], word: 'b'.repeat(40_000) }, 'form').sql).not.toBe(sql);
  });
});
