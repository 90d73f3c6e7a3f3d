import { type DashboardFile, panelsOf, placeOf, type SourceRef } from '../dashboard-files.ts';
import { usedVariables } from '../grafana/interpolate.ts';
import type { Problem } from './problem.ts';

/** Every variable that is used is declared, before the variables that need it, and every one that is declared is used, constants aside. */
export function checkVariables(files: readonly DashboardFile[]): Problem[] {
  return files.flatMap((file) => {
    const { templating, panels, annotations, links, title } = file.dashboard;
    const declared = templating.list.map(({ name }) => name);
    const problem = (message: string): Problem => ({ check: 'variables', where: placeOf(file), message });
    const outside = used({ panels, annotations, links, title });
    const inside = templating.list.flatMap(({ name, query }, index) => {
      const needed = used(query ?? '');
      return needed.map((other) => ({ name, other, isBefore: declared.indexOf(other) < index }));
    });
    const constants = templating.list.flatMap(({ name, type }) => (type === 'constant' ? [name] : []));
    const all = new Set([...constants, ...outside, ...inside.map(({ other }) => other)]);
    return [
      ...[...all]
        .filter((name) => !declared.includes(name))
        .map((name) => problem(`uses the variable ${name}, which nobody declares`)),
      ...inside
        .filter(({ other, isBefore }) => declared.includes(other) && !isBefore)
        .map(({ name, other }) => problem(`the variable ${name} needs ${other}, which comes after it`)),
      ...declared
        .filter((name) => !all.has(name))
        .map((name) => problem(`declares the variable ${name} and doesn't use it`)),
    ];
  });
}

const used = (part: unknown): string[] => usedVariables(JSON.stringify(part ?? ''));

const ofGrafana = new Set(['-- Grafana --', '-- Dashboard --', '-- Mixed --', '__expr__']);

/** Every source that is named is provisioned, with the type that it says. */
export function checkSources(files: readonly DashboardFile[], provisioned: readonly Required<SourceRef>[]): Problem[] {
  return files.flatMap((file) => {
    const { dashboard } = file;
    const named: { where: string; source: SourceRef | undefined }[] = [
      ...panelsOf(dashboard).flatMap((panel) => [
        ...(panel.type === 'row' || panel.type === 'text'
          ? []
          : [{ where: placeOf(file, panel), source: panel.datasource }]),
        ...(panel.targets ?? []).map(({ datasource, refId }) => ({
          where: `${placeOf(file, panel)}, query ${refId}`,
          source: datasource ?? panel.datasource,
        })),
      ]),
      ...dashboard.templating.list
        .filter(({ type }) => type === 'query')
        .map(({ name, datasource }) => ({ where: `${placeOf(file)}, variable ${name}`, source: datasource })),
      ...dashboard.annotations.list.map(({ name, datasource }) => ({
        where: `${placeOf(file)}, annotation ${name}`,
        source: datasource,
      })),
    ];
    return named
      .filter(
        ({ source }) =>
          !ofGrafana.has(source?.uid ?? '') &&
          !provisioned.some(({ uid, type }) => uid === source?.uid && type === source.type),
      )
      .map(({ where, source }) => ({
        check: 'sources',
        where,
        message: `${JSON.stringify(source ?? null)} isn't provisioned`,
      }));
  });
}

/** Links to dashboards lead to some that are there, in the same language. */
export function checkLinks(files: readonly DashboardFile[]): Problem[] {
  return files.flatMap((file) => {
    const siblings = files.filter(({ language }) => language === file.language);
    const uids = siblings.map(({ dashboard }) => dashboard.uid);
    const text = JSON.stringify(file.dashboard);
    const named = [...text.matchAll(/\/d\/([\w-]+)/g)].map(([, uid = '']) => uid);
    const empty = (file.dashboard.links ?? []).filter(
      ({ type, tags = [] }) =>
        type === 'dashboards' && !siblings.some(({ dashboard }) => tags.every((tag) => dashboard.tags?.includes(tag))),
    );
    return [
      ...named
        .filter((uid) => !uids.includes(uid))
        .map((uid) => ({
          check: 'links',
          where: placeOf(file),
          message: `leads to ${uid}, which isn't there in this language`,
        })),
      ...empty.map(({ tags }) => ({
        check: 'links',
        where: placeOf(file),
        message: `no dashboard has the tags ${tags?.join(', ')}`,
      })),
    ];
  });
}
