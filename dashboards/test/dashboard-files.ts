import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const languages = ['en', 'ja'] as const;
export type Language = (typeof languages)[number];

export interface SourceRef {
  type?: string;
  uid?: string;
}

export interface FieldSetting {
  id: string;
  value?: unknown;
}

export interface Target {
  refId?: string;
  datasource?: SourceRef;
  hide?: boolean;
  expr?: string;
  [setting: string]: unknown;
}

export interface Panel {
  id: number;
  type: string;
  title?: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: SourceRef;
  targets?: Target[];
  /** Of a row that is folded. */
  panels?: Panel[];
  links?: { title?: string; url?: string }[];
  transformations?: { id: string; options?: Record<string, unknown> }[];
  options?: Record<string, unknown>;
  fieldConfig?: {
    defaults?: { unit?: string; links?: { title?: string; url?: string }[]; [setting: string]: unknown };
    overrides?: { matcher: { id: string; options?: unknown }; properties: FieldSetting[] }[];
  };
  timeShift?: string;
  timeFrom?: string;
}

export interface Variable {
  type: string;
  name: string;
  label?: string;
  hide?: number;
  datasource?: SourceRef;
  query?: unknown;
  multi?: boolean;
  includeAll?: boolean;
  allValue?: string;
  regex?: string;
  staticOptions?: { text: string; value: string }[];
  staticOptionsOrder?: 'before' | 'after' | 'sorted';
}

/** A classic dashboard, as much of it as is looked at here. */
export interface Dashboard {
  uid: string;
  title: string;
  description?: string;
  tags?: string[];
  schemaVersion: number;
  refresh?: string;
  time?: { from: string; to: string };
  timepicker?: { hidden?: boolean };
  templating: { list: Variable[] };
  annotations: { list: { name: string; datasource?: SourceRef; target?: Target; enable?: boolean }[] };
  links?: { title?: string; type?: string; url?: string; tags?: string[] }[];
  panels: Panel[];
}

export interface DashboardFile {
  language: Language;
  /** Of the file, without its ending: the same in every language. */
  name: string;
  dashboard: Dashboard;
}

const folder = join(import.meta.dirname, '../json');

/** The committed dashboards. */
export function readDashboards(): DashboardFile[] {
  return languages.flatMap((language) =>
    readdirSync(join(folder, language))
      .sort()
      .map((file) => ({
        language,
        name: file.replace(/\.json$/, ''),
        dashboard: JSON.parse(readFileSync(join(folder, language, file), 'utf8')) as Dashboard,
      })),
  );
}

/** Every panel, also those in folded rows. */
export const panelsOf = (dashboard: Dashboard): Panel[] =>
  dashboard.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);

/** Where something is, for a message: `en/wall, panel 3 "Drop-off"`. */
export const placeOf = ({ language, name }: Pick<DashboardFile, 'language' | 'name'>, panel?: Panel): string =>
  `${language}/${name}${panel === undefined ? '' : `, panel ${panel.id} ${JSON.stringify(panel.title ?? '')}`}`;

export const infinityType = 'yesoreyeram-infinity-datasource';
export const prometheusType = 'prometheus';

/** A query with its place. */
export interface PlacedTarget {
  where: string;
  panel: Panel | undefined;
  target: Target;
  source: SourceRef | undefined;
}

/** Every query of a dashboard: of panels, variables and annotations. */
export function targetsOf(file: DashboardFile): PlacedTarget[] {
  const { dashboard } = file;
  const ofPanels = panelsOf(dashboard).flatMap((panel) =>
    (panel.targets ?? []).map((target) => ({
      where: `${placeOf(file, panel)}, query ${target.refId ?? ''}`,
      panel,
      target,
      source: target.datasource ?? panel.datasource,
    })),
  );
  const ofVariables = dashboard.templating.list.flatMap(({ name, query, datasource: source }) => {
    const target = (query as { infinityQuery?: Target } | undefined)?.infinityQuery;
    return target === undefined
      ? []
      : [{ where: `${placeOf(file)}, variable ${name}`, panel: undefined, target, source }];
  });
  const ofAnnotations = dashboard.annotations.list.flatMap(({ name, target, datasource: source }) =>
    target === undefined ? [] : [{ where: `${placeOf(file)}, annotation ${name}`, panel: undefined, target, source }],
  );
  return [...ofPanels, ...ofVariables, ...ofAnnotations];
}
