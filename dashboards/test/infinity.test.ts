import { describe, expect, it } from 'vitest';
import { orNothing, target, timeRange, titles } from '../src/infinity.ts';
import { layOut } from '../src/layout.ts';
import { stat } from '../src/panels/stat.ts';

const columns = [{ selector: 'stage', text: 'stage', type: 'string' as const }];

describe('a question', () => {
  it('is a GET of the backend parser with its parameters in order', () => {
    const query = target(
      'A',
      { path: '/v1/x', parameters: { ...timeRange, ...titles }, columns, keep: "stage == 'a'" },
      'ja',
    );
    expect(query).toMatchObject({
      refId: 'A',
      type: 'json',
      source: 'url',
      parser: 'backend',
      format: 'table',
      url: '/v1/x',
      root_selector: 'rows',
      columns,
      filterExpression: "stage == 'a'",
    });
    expect(query.url_options).toEqual({
      method: 'GET',
      params: [
        { key: 'from', value: '${__timeFrom:date}' },
        { key: 'to', value: '${__timeTo:date}' },
        { key: 'language', value: 'ja' },
      ],
    });
  });

  it('with a body is a POST of JSON', () => {
    const { url_options } = target('A', { path: '/v1/x', body: '{"a":1}', columns }, 'en');
    expect(url_options).toEqual({
      method: 'POST',
      params: [],
      body_type: 'raw',
      body_content_type: 'application/json',
      data: '{"a":1}',
    });
  });

  it('leaves a parameter empty when its variable is *', () => {
    expect(orNothing('value', '${segment:raw}:')).toBe('$__combineValues(${segment:raw}:,,__comma,${value:raw})');
  });
});

describe('the layout', () => {
  const part = (width: number, height: number) =>
    stat({
      title: titles.language,
      description: titles.language,
      width,
      height,
      question: { path: '/v1/x' },
      value: 'n',
    });

  it('puts rows below the highest panel of the row before', () => {
    const places = layOut([[part(12, 4), part(12, 6)], [part(24, 2)]], 'en').map(({ id, gridPos }) => ({
      id,
      ...gridPos,
    }));
    expect(places).toEqual([
      { id: 1, x: 0, y: 0, w: 12, h: 4 },
      { id: 2, x: 12, y: 0, w: 12, h: 6 },
      { id: 3, x: 0, y: 6, w: 24, h: 2 },
    ]);
  });

  it('refuses a row that is too wide', () => {
    expect(() => layOut([[part(12, 4), part(13, 4)]], 'en')).toThrow('wider than 24');
  });
});
