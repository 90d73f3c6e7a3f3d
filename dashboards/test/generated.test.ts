import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  api,
  dashboards,
  defaultBoardUrl,
  generatedFiles,
  languages,
  makeDashboard,
  prometheus,
} from '../src/index.ts';

const root = join(import.meta.dirname, '..', '..');
const files = generatedFiles({ boardUrl: defaultBoardUrl });
const made = languages.flatMap((language) =>
  dashboards.map((spec) => ({
    name: `${language}/${spec.name}`,
    language,
    spec,
    dashboard: makeDashboard(spec, { language, boardUrl: 'https://board.example.com' }),
  })),
);

/** Panels of Grafana itself: nothing has to be installed beside the datasource. */
const corePanels = ['bargauge', 'nodeGraph', 'stat', 'table', 'timeseries', 'trend'];
const japanese = /[\u3040-\u30ff\u4e00-\u9fff]/;

describe('generated files', () => {
  it('are what the sources say (npm run dashboards writes them)', () => {
    for (const { path, text } of files) expect(readFileSync(join(root, path), 'utf8'), path).toBe(text);
  });

  it('are all there are', () => {
    for (const language of languages) {
      const expected = files.map(({ path }) => path).filter((path) => path.startsWith(`dashboards/json/${language}/`));
      const there = readdirSync(join(root, 'dashboards/json', language)).map(
        (name) => `dashboards/json/${language}/${name}`,
      );
      expect(there.sort()).toEqual(expected.sort());
    }
    const alerting = files.map(({ path }) => path).filter((path) => path.includes('/alerting/'));
    const there = readdirSync(join(root, 'infra/grafana/provisioning/alerting'));
    expect(there.sort()).toEqual(alerting.map((path) => path.split('/').at(-1)).sort());
  });

  it('take the board from one place', () => {
    const elsewhere = generatedFiles({ boardUrl: 'https://board.example.com' });
    for (const { path, text } of elsewhere) {
      expect(text.includes('localhost:8082'), path).toBe(false);
      if (path.startsWith('dashboards/')) expect(text.split('https://board.example.com').length, path).toBe(2);
    }
  });
});

describe('dashboards', () => {
  it('are nine, in two languages, with uids of their own', () => {
    expect(made).toHaveLength(18);
    expect(new Set(made.map(({ dashboard }) => dashboard.uid)).size).toBe(18);
    for (const { dashboard } of made) expect(dashboard.uid).toMatch(/^michinori-[a-z-]{1,30}$/);
  });

  it.each(made)('$name: panels have ids of their own, fit into 24 columns and lie on nothing', ({ dashboard }) => {
    const panels = dashboard.panels ?? [];
    expect(panels.length).toBeGreaterThan(2);
    const taken = new Set<string>();
    for (const panel of panels) {
      const { x, y, w, h } =
        'gridPos' in panel && panel.gridPos !== undefined ? panel.gridPos : { x: 0, y: 0, w: 0, h: 0 };
      expect(w * h).toBeGreaterThan(0);
      expect(x + w).toBeLessThanOrEqual(24);
      for (let column = x; column < x + w; column += 1) {
        for (let row = y; row < y + h; row += 1) {
          expect(taken.has(`${column} ${row}`), `${panel.title} lies on another panel`).toBe(false);
          taken.add(`${column} ${row}`);
        }
      }
    }
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  it.each(made)('$name: every panel is of Grafana itself, and says what it shows', ({ dashboard, language }) => {
    for (const panel of dashboard.panels ?? []) {
      expect(corePanels).toContain(panel.type);
      if (!('description' in panel)) throw new Error(`${panel.title} has no description.`);
      expect(panel.description?.length ?? 0, panel.title).toBeGreaterThan(20);
      const isJapanese = japanese.test(`${panel.title}`) && japanese.test(`${panel.description}`);
      expect(isJapanese, panel.title).toBe(language === 'ja');
    }
    expect(japanese.test(`${dashboard.title}`)).toBe(language === 'ja');
  });

  it.each(made)('$name: asks its two sources and nobody else, with times that alerting knows, too', ({ dashboard }) => {
    const text = JSON.stringify(dashboard);
    const uids = [...text.matchAll(/"datasource":\{"type":"([^"]+)","uid":"([^"]+)"\}/g)].map(([, type, uid]) => ({
      type,
      uid,
    }));
    expect(uids.length).toBeGreaterThan(0);
    for (const one of uids) expect([api, prometheus]).toContainEqual(one);
    expect(text).not.toMatch(/\$\{?__(from|to)\b/);
  });

  it.each(made)('$name: knows every variable that it uses', ({ dashboard }) => {
    const known = new Set((dashboard.templating?.list ?? []).map(({ name }) => name));
    const used = [...JSON.stringify(dashboard).matchAll(/\$\{([a-zA-Z_]+)[^}]*\}/g)].map(([, name = '']) => name);
    expect(used.filter((name) => !name.startsWith('__') && !known.has(name))).toEqual([]);
  });

  it.each(made.filter(({ spec }) => spec.isWall !== true))(
    '$name: shows its variables and leads on',
    ({ dashboard }) => {
      expect(dashboard.timepicker?.hidden).toBe(false);
      expect(dashboard.links?.length).toBeGreaterThan(0);
      for (const { name, hide } of dashboard.templating?.list ?? []) expect(hide, name).toBe(name === 'board' ? 2 : 0);
    },
  );

  it.each(made.filter(({ spec }) => spec.isWall === true))(
    '$name: has nothing to touch, and asks by itself',
    ({ dashboard }) => {
      expect(dashboard.timepicker?.hidden).toBe(true);
      expect(dashboard.links).toEqual([]);
      for (const { name, hide } of dashboard.templating?.list ?? []) expect(hide, name).toBe(2);
      expect(dashboard.refresh).toMatch(/^\d+[sm]$/);
    },
  );

  it('say the same in both languages', () => {
    for (const { name } of dashboards) {
      const [en, ja] = languages.map((language) => {
        const found = made.find((one) => one.spec.name === name && one.language === language);
        return (found?.dashboard.panels ?? []).map((panel) => [
          panel.type,
          panel.id,
          'gridPos' in panel ? panel.gridPos : null,
        ]);
      });
      expect(ja).toEqual(en);
    }
  });
});
