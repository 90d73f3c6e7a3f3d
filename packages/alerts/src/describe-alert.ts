import { type Journey, titleOf } from '@michinori/journey';
import type { Transition } from './episode.ts';
import type { AlertRule } from './rule.ts';
import { type AlertWords, wordsOf } from './words.ts';

export type AlertLocale = 'en' | 'ja';

export interface AlertContext {
  readonly rule: AlertRule;
  /** For titles and the time zone; without it ids and UTC are shown. */
  readonly journey?: Pick<Journey, 'id' | 'title' | 'timezone' | 'stages'>;
  /** Addresses of the board at this stage, and of the customers behind the number. */
  readonly links?: { readonly board?: string; readonly customers?: string };
}

/** A message about a transition, for a person. Plain text. */
export interface AlertMessage {
  readonly title: string;
  /** Sentences; each stands by itself. */
  readonly lines: readonly string[];
  readonly links: readonly { readonly label: string; readonly url: string }[];
  /** Title, lines and links as one text, without a newline at the end. */
  readonly text: string;
}

/** Says in plain words what happened: where, how many of how many, what is usual, since when, where to look. */
export function describeAlert(transition: Transition, context: AlertContext, locale: AlertLocale): AlertMessage {
  const { rule, journey, links = {} } = context;
  const words = wordsOf(locale, journey?.timezone ?? 'UTC');
  const where = placeOf(transition, context, locale, words);
  const title = words.title(transition.kind, rule.kind, where);
  const lines = [
    ...figureLines(transition, rule, words),
    words.since(transition.episode.startedUs, transition.kind === 'resolved' ? transition.atUs : null),
    ...(transition.reason === null || transition.kind === 'fired' ? [] : [words.reason(transition.reason)]),
    words.rule(titleOf(rule.title, rule.id, locale), rule.falseAlarmsPerWeek),
  ];
  const shown = [
    ...(links.board === undefined ? [] : [{ label: words.labels.board, url: links.board }]),
    ...(links.customers === undefined ? [] : [{ label: words.labels.customers, url: links.customers }]),
    ...(rule.runbook === null ? [] : [{ label: words.labels.runbook, url: rule.runbook }]),
  ];
  const text = [title, ...lines, ...shown.map(({ label, url }) => `${label}: ${url}`)].join('\n');
  return { title, lines, links: shown, text };
}

/** Journey, stage, touchpoint and segment by their titles. */
function placeOf({ key }: Transition, { rule, journey }: AlertContext, locale: AlertLocale, words: AlertWords): string {
  const stage = journey?.stages.find(({ id }) => id === key.stage);
  const stageTitle = stage === undefined ? key.stage : titleOf(stage.title, stage.id, locale);
  const journeyTitle = journey === undefined ? rule.journey : titleOf(journey.title, journey.id, locale);
  return words.place(journeyTitle, stageTitle, key.touchpoint, key.segment);
}

function figureLines({ verdict }: Transition, rule: AlertRule, words: AlertWords): string[] {
  const figures = verdict?.figures ?? null;
  if (figures === null) return [];
  return rule.kind === 'volume' ? words.volume(figures) : words.rate(figures, rule.kind);
}
