import {
  ConstantVariableBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type DashboardLink,
  DashboardLinkType,
  VariableHide,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { annotation, type MarkSpec } from './annotations.ts';
import { layOut } from './layout.ts';
import type { Part } from './panels/panel.ts';
import type { Language, Text } from './text.ts';
import { type VariableSpec, variableModel } from './variables.ts';

/** A dashboard in no language yet. */
export interface DashboardSpec {
  /** Of the file; the uid is `michinori-` and this, with `-ja` in Japanese. */
  name: string;
  title: Text;
  description: Text;
  variables: readonly VariableSpec[];
  rows: readonly (readonly Part[])[];
  /** Beginning of the time range; it ends now. */
  from: string;
  /** How often it asks again by itself, in Grafana's words; none: by hand. */
  refresh?: string;
  /** For a wall: nobody touches it, so variables, time picker and links are hidden. */
  isWall?: boolean;
  /** What is marked on courses over time. */
  marks?: readonly MarkSpec[];
  /** Page of the board about the same; variables are filled in. */
  boardPage?: string;
}

export interface MakeOptions {
  language: Language;
  /** Address of the board, for links. */
  boardUrl: string;
}

export const uidOf = (name: string, language: Language): string =>
  language === 'en' ? `michinori-${name}` : `michinori-${name}-${language}`;

/** The dashboard's classic JSON (schema 42: file provisioning takes no other). */
export function makeDashboard(spec: DashboardSpec, { language, boardUrl }: MakeOptions): Dashboard {
  const { name, title, description, variables, rows, from, refresh, isWall = false, marks = [], boardPage } = spec;
  const dashboard = new DashboardBuilder(title[language])
    .uid(uidOf(name, language))
    .description(description[language])
    .tags(['michinori', language])
    .timezone('browser')
    .time({ from, to: 'now' })
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .build();
  return {
    ...dashboard,
    refresh: refresh ?? '',
    timepicker: { hidden: isWall, refresh_intervals: ['30s', '1m', '5m', '15m', '1h'] },
    templating: { list: [board(boardUrl), ...variables.map((each) => variableModel(each, language, isWall))] },
    annotations: { list: marks.map((mark) => annotation(mark, language)) },
    links: isWall ? [] : links(boardPage, language),
    panels: layOut(rows, language),
  };
}

/** The board's address: links are `${board}/…`. */
const board = (boardUrl: string): VariableModel => ({
  ...new ConstantVariableBuilder('board').value(boardUrl).build(),
  hide: VariableHide.HideVariable,
});

function links(page: string | undefined, language: Language): DashboardLink[] {
  const all = { en: 'Michinori dashboards', ja: 'Michinoriのダッシュボード' };
  const board = { en: 'Open in the board', ja: 'ボードで開く' };
  const common = { icon: 'external link', tooltip: '', targetBlank: false, keepTime: true, includeVars: true };
  const others: DashboardLink = {
    ...common,
    title: all[language],
    type: DashboardLinkType.Dashboards,
    tags: ['michinori', language],
    asDropdown: true,
    url: '',
  };
  if (page === undefined) return [others];
  const url = `\${board}${page}?lang=${language}`;
  return [
    others,
    {
      ...common,
      title: board[language],
      type: DashboardLinkType.Link,
      tags: [],
      asDropdown: false,
      url,
      targetBlank: true,
      keepTime: false,
      includeVars: false,
    },
  ];
}
