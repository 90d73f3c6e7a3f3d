import { type Dashboard, type DashboardFile, panelsOf, placeOf } from '../dashboard-files.ts';
import type { Problem } from './problem.ts';

const japanese = /[\u3040-\u30ff\u4e00-\u9fff]/;
/** Words that are the same in Japanese: NPS, AUC, k, n, p and q, ids, numbers and signs. */
const neutral = /^(Michinori|NPS|AUC|ID|UTC|[knpq]|[\d\s–\-%×/.,:≥<>()]*)$/;

interface Word {
  where: string;
  text: string | undefined;
}

/** What a person reads first: titles, descriptions, labels. */
function wordsOf(file: DashboardFile): Word[] {
  const { dashboard } = file;
  const place = placeOf(file);
  return [
    { where: `${place}, title`, text: dashboard.title },
    { where: `${place}, description`, text: dashboard.description },
    ...dashboard.templating.list.flatMap(({ name, label, type, staticOptions = [] }) => [
      ...(type === 'constant' ? [] : [{ where: `${place}, label of ${name}`, text: label }]),
      ...staticOptions.map(({ text }) => ({ where: `${place}, choice of ${name}`, text })),
    ]),
    ...dashboard.annotations.list.map(({ name }) => ({ where: `${place}, annotation`, text: name })),
    ...(dashboard.links ?? []).map(({ title }) => ({ where: `${place}, link`, text: title })),
    ...panelsOf(dashboard).flatMap((panel) => [
      { where: `${placeOf(file, panel)}, title`, text: panel.title },
      ...(panel.type === 'row' ? [] : [{ where: `${placeOf(file, panel)}, description`, text: panel.description }]),
      ...[...(panel.links ?? []), ...(panel.fieldConfig?.defaults?.links ?? [])].map(({ title }) => ({
        where: `${placeOf(file, panel)}, link`,
        text: title,
      })),
      ...(panel.fieldConfig?.overrides ?? []).flatMap(({ properties }) =>
        properties
          .filter(({ id }) => id === 'displayName')
          .map(({ value }) => ({ where: `${placeOf(file, panel)}, name of a field`, text: String(value ?? '') })),
      ),
    ]),
  ];
}

/** Titles and descriptions are there, in English without Japanese, in Japanese with it. */
export function checkWords(files: readonly DashboardFile[]): Problem[] {
  return files.flatMap((file) =>
    wordsOf(file).flatMap(({ where, text = '' }) => {
      const problem = (message: string): Problem[] => [{ check: 'words', where, message }];
      if (text.trim() === '') return problem('is missing');
      const plain = text.replace(/\$\{[^}]*\}/g, '').trim();
      if (neutral.test(plain)) return [];
      if (file.language === 'en' && japanese.test(plain)) return problem(`isn't English: ${text}`);
      if (file.language === 'ja' && !japanese.test(plain)) return problem(`isn't Japanese: ${text}`);
      return [];
    }),
  );
}

/** Without words, also those that a computed column gives: what has to be the same in every language. */
function bones({ panels, templating, annotations, time, refresh, timepicker }: Dashboard): unknown {
  const language = (text: string): string =>
    text
      .replace(/"language","value":"\w\w"/g, '"language"')
      .replace(/(\/d\/[\w-]+?)-ja\b/g, '$1')
      .replace(/lang=\w\w/g, 'lang=');
  const ofPanels = panels.map(({ id, type, gridPos, targets, fieldConfig }) => ({
    ...{ id, type, gridPos, unit: fieldConfig?.defaults?.unit },
    targets: targets?.map(({ legendFormat, computed_columns: computed = [], ...target }) => ({
      ...target,
      computed: (computed as { selector: string }[]).map(({ selector, ...column }) => ({
        ...column,
        selector: selector.replace(/'([^']*)'/g, (literal, text: string) => (/[$*]/.test(text) ? literal : "''")),
      })),
    })),
  }));
  const queries = templating.list.map(({ name, hide, query, multi, includeAll }) => ({
    name,
    hide,
    query,
    multi,
    includeAll,
  }));
  const marks = annotations.list.map(({ target, enable }) => ({ target, enable }));
  return JSON.parse(language(JSON.stringify({ ofPanels, queries, marks, time, refresh, timepicker })));
}

/** Every dashboard is there in both languages and asks the same in both. */
export function checkTwins(files: readonly DashboardFile[]): Problem[] {
  return files.flatMap((file) => {
    const twin = files.find(({ name, language }) => name === file.name && language !== file.language);
    const problem = (message: string): Problem[] => [{ check: 'twins', where: placeOf(file), message }];
    if (twin === undefined) return problem('is there in one language only');
    const [own, other] = [file, twin].map(({ dashboard }) => JSON.stringify(bones(dashboard), null, 1).split('\n'));
    const at = own?.findIndex((line, index) => line !== other?.[index]) ?? -1;
    if (at >= 0)
      return problem(
        `asks or shows something else than ${twin.language}: ${own?.[at]?.trim()} / ${other?.[at]?.trim()}`,
      );
    if (file.language === 'ja' && file.dashboard.uid !== `${twin.dashboard.uid}-ja`)
      return problem(`its uid isn't ${twin.dashboard.uid}-ja`);
    return [];
  });
}
