import { checkAnswer, checkGraph } from './checks/answers.ts';
import type { Problem } from './checks/problem.ts';
import { type DashboardFile, infinityType, type Language, type Panel, targetsOf } from './dashboard-files.ts';
import { interpolate, type Scope } from './grafana/interpolate.ts';
import { readTimeRange } from './grafana/time-range.ts';
import { type Choice, type FilledVariables, fillVariables } from './grafana/variables.ts';
import { type Asked, askInfinity } from './infinity/ask.ts';
import { type InfinityQuery, mapQuery, readQuery } from './infinity/query.ts';
import type { Datasource } from './infinity/request.ts';
import type { Operation } from './schema.ts';

/** What came of one query under one filling of the variables. */
export interface Outcome {
  /** Language, dashboard, panel and query: `en/wall#1A`; annotations by their name. */
  key: string;
  journey: string | null;
  choice: Choice;
  rows: number;
  problems: Problem[];
}

export interface AskOptions {
  datasource: Datasource;
  nowMs: number;
  operations: readonly Operation[];
  /** Keys of the queries that are asked; default: all. */
  only?: readonly string[];
}

/** In Japanese the same is asked (the check `twins`), so once is enough there. */
const choices: Record<Language, readonly Choice[]> = { en: ['first', 'none'], ja: ['none'] };

/**
 * Asks every query of a dashboard, of each journey that it can be about, once with the first choice of every variable and once with none or all. Queries of annotations are
 * asked, too; those of variables are asked by filling them.
 */
export async function askDashboard(file: DashboardFile, options: AskOptions): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const journey of await journeysOf(file, options)) {
    for (const choice of choices[file.language]) {
      outcomes.push(...(await askFilled(file, choice, journey, options)));
    }
  }
  return outcomes;
}

/** The choices of the variable `journey`; `null` where a dashboard has none. */
async function journeysOf({ dashboard }: DashboardFile, { datasource, nowMs }: AskOptions): Promise<(string | null)[]> {
  const [first, ...rest] = dashboard.templating.list.filter(({ type }) => type !== 'constant');
  if (first?.name !== 'journey') {
    if (rest.some(({ name }) => name === 'journey')) throw new Error('the variable journey has to be the first');
    return [null];
  }
  const range = readTimeRange(dashboard.time ?? { from: 'now-6h', to: 'now' }, nowMs);
  const alone = { ...dashboard, templating: { list: [first] } };
  const { choices: found } = await fillVariables(alone, 'first', {}, range, datasource);
  return (found.get('journey') ?? []).map(({ value }) => value).filter((value) => value !== '*');
}

async function askFilled(
  file: DashboardFile,
  choice: Choice,
  journey: string | null,
  options: AskOptions,
): Promise<Outcome[]> {
  const { dashboard } = file;
  const { datasource, nowMs } = options;
  const time = dashboard.time ?? { from: 'now-6h', to: 'now' };
  const given: Record<string, string> = journey === null ? {} : { journey };
  const filled = await fillVariables(dashboard, choice, given, readTimeRange(time, nowMs), datasource);
  const filling = journey === null ? choice : `${journey}, ${choice}`;
  const outcomes: Outcome[] = [];
  const graphs = new Map<Panel, { query: InfinityQuery; asked: Asked }[]>();
  for (const { where, panel, target, source } of targetsOf(file)) {
    if (source?.type !== infinityType || where.includes(', variable ')) continue;
    const name = panel === undefined ? where.replace(/^.*, /, '') : `${panel.id}${target.refId}`;
    const about = { key: `${file.language}/${file.name}#${name}`, journey, choice };
    if (options.only?.includes(about.key) === false) continue;
    const range = readTimeRange(time, nowMs, panel);
    const scope: Scope = { ...scopeOf(filled), ...range };
    const read = readQuery(target);
    const query = mapQuery(read, (text) => interpolate(text, scope));
    const place = `${where} (${filling})`;
    try {
      const asked = await askInfinity(query, range, datasource);
      const problems = checkAnswer(place, asked, { ...query, url: read.url }, panel?.type, options.operations);
      outcomes.push({ ...about, rows: asked.frame.rows, problems });
      if (panel?.type === 'nodeGraph') graphs.set(panel, [...(graphs.get(panel) ?? []), { query, asked }]);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      outcomes.push({ ...about, rows: 0, problems: [{ check: 'answers', where: place, message }] });
    }
  }
  for (const [panel, frames] of graphs) {
    const problems = checkGraph(`panel ${panel.id} (${filling})`, frames);
    outcomes.push({ key: `${file.language}/${file.name}#${panel.id}`, journey, choice, rows: 1, problems });
  }
  return outcomes;
}

const scopeOf = ({ values, texts }: FilledVariables) => ({
  variables: values,
  texts,
  timezone: 'Asia/Tokyo',
  intervalMs: 60_000,
});
