import { describe, expect, it } from 'vitest';
import { fileChecks } from './checked-files.ts';
import type { Problem } from './checks/problem.ts';
import { type Dashboard, type DashboardFile, readDashboards } from './dashboard-files.ts';
import { type Mistake, mistakes } from './mistakes.ts';

const files = readDashboards();
const checks = await fileChecks();
/** A mistake in one dashboard, in both languages. */
function mutate(mistake: Mistake, name: string): { changed: DashboardFile[]; isMade: boolean } {
  const changed = structuredClone(files.filter((file) => file.name === name));
  return { changed, isMade: changed.map(({ dashboard }) => mistake.make(dashboard) !== false).every((one) => one) };
}

/** What all checks say about it, but for the comparison of languages; links may lead to the others. */
function findings(changed: readonly DashboardFile[]): Problem[] {
  const others = files.filter(({ name }) => name !== changed[0]?.name);
  return [...checks].flatMap(([check, run]) => {
    if (check === 'twins') return [];
    return run(check === 'links' ? [...others, ...changed] : changed);
  });
}

describe('a mistake is found by the check that is meant for it, and by no other', () => {
  const names = [...new Set(files.map(({ name }) => name))];
  it.each(mistakes)('$what', (mistake) => {
    const places = names.map((name) => ({ name, ...mutate(mistake, name) })).filter(({ isMade }) => isMade);
    expect(places.length).toBeGreaterThan(0);
    for (const { name, changed } of places) {
      const found = findings(changed);
      const own = found.filter(({ check }) => check === mistake.found);
      expect(own.map(({ message, where }) => `${where}: ${message}`).join('\n'), name).toMatch(mistake.says);
      expect(
        own.some(({ where }) => where.startsWith(`en/${name}`)) &&
          own.some(({ where }) => where.startsWith(`ja/${name}`)),
        name,
      ).toBe(true);
      expect(
        found.filter(({ check }) => check !== mistake.found),
        name,
      ).toEqual([]);
    }
  });

  it('every check finds something', () => {
    const found = new Set([...mistakes.map((mistake) => mistake.found), 'walls', 'twins']);
    expect([...checks.keys()].filter((name) => !found.has(name))).toEqual([]);
  });

  it.each<[string, (dashboard: Dashboard) => void, RegExp]>([
    [
      'variables to be seen',
      ({ templating }) => {
        for (const one of templating.list) one.hide = 0;
      },
      /variable \w+ is to be seen/,
    ],
    [
      'a time picker',
      (dashboard) => Object.assign(dashboard, { timepicker: { hidden: false } }),
      /time picker is to be seen/,
    ],
    ['nothing that asks again', (dashboard) => Object.assign(dashboard, { refresh: '' }), /does not ask again/],
  ])('a wall with %s', (_what, change, says) => {
    const changed = structuredClone(files);
    for (const { name, dashboard } of changed) if (name === 'wall') change(dashboard);
    const problems = checks.get('walls')?.(changed) ?? [];
    expect(problems.map(({ message }) => message).join('\n')).toMatch(says);
  });

  it.each(names)('%s asks something else in one language, or is there in one only', (name) => {
    const changed = structuredClone(files);
    const japanese = changed.find((file) => file.name === name && file.language === 'ja');
    const target = japanese?.dashboard.panels.flatMap(({ targets = [] }) => targets)[0];
    if (target === undefined) throw new Error('there is no query');
    target.refId = 'Z';
    const wheres = (problems: { where: string }[] = []) => [...new Set(problems.map(({ where }) => where))].sort();
    expect(wheres(checks.get('twins')?.(changed))).toEqual([`en/${name}`, `ja/${name}`]);
    const alone = files.filter((file) => file.name !== name || file.language !== 'ja');
    expect(wheres(checks.get('twins')?.(alone))).toEqual([`en/${name}`]);
  });

  it('an uid that two dashboards have', () => {
    const changed = structuredClone(files);
    const [first, second] = changed;
    if (first === undefined || second === undefined) throw new Error('there are no dashboards');
    second.dashboard.uid = first.dashboard.uid;
    expect(
      checks
        .get('ids')?.(changed)
        .map(({ message }) => message),
    ).toEqual([`the uid ${first.dashboard.uid} is there more than once`]);
  });
});
