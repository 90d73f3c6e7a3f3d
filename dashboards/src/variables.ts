import {
  QueryVariableBuilder,
  VariableHide,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { api } from './datasources.ts';
import { orNothing, type Question, target, titles } from './infinity.ts';
import type { Language, Text } from './text.ts';

/** A variable whose choices are an answer of the API. */
export interface VariableSpec {
  name: string;
  label: Text;
  question: Question;
  /** Columns of what is put in and what is read; default: the question's only one. */
  valueField: string;
  textField: string;
  /** A choice before all others with the value `*`: what it is called. */
  none?: Text;
  /** Several at once, and all of them (`*`). */
  all?: boolean;
  /** Further choices after those of the API. */
  further?: readonly string[];
  /** Choices that are left out. */
  regex?: string;
}

const string = (selector: string) => ({ selector, text: selector, type: 'string' as const });

/** The journey; default: the first. */
export const journey: VariableSpec = {
  name: 'journey',
  label: { en: 'Journey', ja: 'ジャーニー' },
  question: { path: '/v1/journeys', parameters: titles, columns: [string('journey'), string('title')] },
  valueField: 'journey',
  textField: 'title',
};

const segments = {
  path: '/v1/segments',
  parameters: { journey: '${journey}' },
};

/** A segment of the journey that answers are split by, or none. */
export const segment: VariableSpec = {
  name: 'segment',
  label: { en: 'Split by', ja: '分割' },
  question: { ...segments, columns: [string('segment')] },
  valueField: 'segment',
  textField: 'segment',
  none: { en: '(not split)', ja: '（分割しない）' },
};

/** As `segment`, where there is nothing to see without a split. */
export const segmentAlways: VariableSpec = {
  name: segment.name,
  label: segment.label,
  question: segment.question,
  valueField: segment.valueField,
  textField: segment.textField,
};

/** One value of the segment that answers are narrowed to, or all. */
export const value: VariableSpec = {
  name: 'value',
  label: { en: 'Only', ja: '絞り込み' },
  question: {
    ...segments,
    columns: [string('segment'), string('value')],
    keep: "segment == '${segment}' && value != ''",
  },
  valueField: 'value',
  textField: 'value',
  none: { en: '(everybody)', ja: '（全体）' },
};

/** A stage of the journey. */
export const stage: VariableSpec = {
  name: 'stage',
  label: { en: 'Stage', ja: 'ステージ' },
  question: {
    path: '/v1/journeys/${journey}',
    parameters: titles,
    columns: [string('id'), string('title')],
  },
  valueField: 'id',
  textField: 'title',
};

const anyStage = { en: '(default)', ja: '（既定）' };

/** First stage of a way; none: the journey's first. */
export const fromStage: VariableSpec = {
  ...stage,
  name: 'fromStage',
  label: { en: 'From', ja: '開始ステージ' },
  none: anyStage,
};

/** Last stage of a way; none: the one after the first. */
export const toStage: VariableSpec = {
  ...stage,
  name: 'toStage',
  label: { en: 'To', ja: '到達ステージ' },
  none: anyStage,
};

/** An improvement of the journey. */
export const improvement: VariableSpec = {
  name: 'improvement',
  label: { en: 'Improvement', ja: '改善施策' },
  question: {
    path: '/v1/improvements',
    parameters: { journey: '${journey}' },
    columns: [string('id'), string('title')],
  },
  valueField: 'id',
  textField: 'title',
};

/** The moment of an improvement of the journey. */
export const release: VariableSpec = {
  ...improvement,
  name: 'release',
  question: { ...improvement.question, columns: [string('at'), string('title')] },
  valueField: 'at',
};

/** Time zone in which days, weeks and months begin: the journey's own, or UTC. */
export const timezone: VariableSpec = {
  name: 'timezone',
  label: { en: 'Time zone', ja: 'タイムゾーン' },
  question: { path: '/v1/journeys/${journey}', root: 'meta', columns: [string('timezone')] },
  valueField: 'timezone',
  textField: 'timezone',
  further: ['UTC'],
};

/** Parameters by which an answer is split and narrowed as the variables say. */
export const split = { by: orNothing('segment') } as const;
export const narrowed = { segment: orNothing('value', '${segment:raw}:') } as const;
export const way = { fromStage: orNothing('fromStage'), toStage: orNothing('toStage') } as const;
export const buckets = { timezone: '${timezone}' } as const;

/** The variable as it stands in a dashboard; `isHidden` on wall screens. */
export function variableModel(spec: VariableSpec, language: Language, isHidden: boolean): VariableModel {
  const { name, label, question, valueField, textField, none, all = false, further = [], regex } = spec;
  const choices = [
    ...(none === undefined ? [] : [{ text: none[language], value: '*' }]),
    ...further.map((choice) => ({ text: choice, value: choice })),
  ];
  const builder = new QueryVariableBuilder(name)
    .label(label[language])
    .datasource(api)
    .query({
      queryType: 'infinity',
      refId: 'variable',
      infinityQuery: target('variable', question, language),
      meta: { valueField, textField },
    })
    .refresh(VariableRefresh.OnDashboardLoad)
    .sort(VariableSort.Disabled)
    .multi(all)
    .includeAll(all)
    .hide(isHidden ? VariableHide.HideVariable : VariableHide.DontHide)
    .allowCustomValue(false);
  if (all) builder.allValue('*');
  if (regex !== undefined) builder.regex(regex);
  if (choices.length > 0) builder.staticOptions(choices).staticOptionsOrder(none === undefined ? 'after' : 'before');
  if (none !== undefined) builder.current({ text: none[language], value: '*', selected: true });
  return builder.build();
}
