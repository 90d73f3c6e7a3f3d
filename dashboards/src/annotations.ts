import type { AnnotationQuery } from '@grafana/grafana-foundation-sdk/dashboard';
import { colours } from './colours.ts';
import { api } from './datasources.ts';
import { type ColumnType, type Question, target, timeRange } from './infinity.ts';
import type { Language, Text } from './text.ts';

/** What is marked on courses over time. */
export interface MarkSpec {
  name: Text;
  color: string;
  /** Fields `time`, `title`, `text`, `tags`, and `timeEnd` of spans. */
  question: Question;
}

const column = (selector: string, text: string, type: ColumnType = 'string') => ({ selector, text, type });

/** Improvements, and versions of the journey that were applied. */
export const changes: MarkSpec = {
  name: { en: 'Improvements and versions', ja: '改善施策とバージョン' },
  color: colours.purple,
  question: {
    path: '/v1/annotations',
    parameters: { ...timeRange, journey: '${journey}' },
    columns: [
      column('time', 'time', 'timestamp'),
      column('timeEnd', 'timeEnd', 'timestamp'),
      column('title', 'title'),
      column('text', 'text'),
      column('tags', 'tags'),
    ],
  },
};

/** Alarms that fired, whether they are over or not. */
export const alarms: MarkSpec = {
  name: { en: 'Alarms', ja: 'アラート' },
  color: colours.vermillion,
  question: {
    path: '/v1/alerts/history',
    parameters: { ...timeRange, journey: '${journey}' },
    columns: [
      column('at', 'time', 'timestamp'),
      column('alert', 'title'),
      column('stage', 'text'),
      column('transition', 'tags'),
    ],
    keep: "tags == 'fired'",
  },
};

/** Marks as they stand in a dashboard. */
export function annotation({ name, color, question }: MarkSpec, language: Language): AnnotationQuery {
  return {
    name: name[language],
    datasource: api,
    enable: true,
    hide: false,
    iconColor: color,
    target: {
      ...target('Anno', { ...question, format: 'dataframe' }, language),
      _implementsDataqueryVariant: () => {},
    },
  };
}
