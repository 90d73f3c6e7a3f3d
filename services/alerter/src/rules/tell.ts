import { type AlertRule, describeAlert, type Transition } from '@michinori/alerts';
import type { Journey } from '@michinori/journey';
import { type Notification, notificationId } from '../channels/notification.ts';
import { linksOf } from './links.ts';

/** A notification and who is to hear of it. */
export interface Notice {
  readonly notification: Notification;
  /** Names of channels. */
  readonly to: readonly string[];
}

export interface TellingContext {
  readonly rule: AlertRule;
  /** For titles; null: ids are shown. */
  readonly journey: Journey | null;
  /** Address of the board; null: there is none. */
  readonly boardUrl: string | null;
}

/** What a transition tells: that an alert fires, or that it is over. `null` for the others: nobody hears of what is only pending. Pure. */
export function notificationOf(
  transition: Transition,
  { rule, journey, boardUrl }: TellingContext,
): Notification | null {
  const { kind, key, episode, atUs, verdict } = transition;
  if (kind !== 'fired' && kind !== 'resolved') return null;
  const figures = verdict?.figures ?? null;
  const isRate = rule.kind !== 'volume';
  const { board, customers, customersPath } = linksOf(boardUrl, rule, transition);
  const links = board === null || customers === null ? {} : { links: { board, customers } };
  const context = { rule, ...(journey === null ? {} : { journey }), ...links };
  const words = { en: describeAlert(transition, context, 'en'), ja: describeAlert(transition, context, 'ja') };
  const fact = {
    alert: rule.id,
    journey: rule.journey,
    stage: key.stage,
    segment: key.segment === '' ? null : segmentOf(key.segment),
    touchpoint: key.touchpoint,
    state: kind === 'fired' ? ('firing' as const) : ('resolved' as const),
    startedAtUs: episode.startedUs,
  };
  return {
    id: notificationId(fact),
    ...fact,
    kind: rule.kind,
    severity: rule.severity,
    resolvedAtUs: kind === 'resolved' ? atUs : null,
    ...{ k: isRate ? (figures?.k ?? null) : null, n: figures?.n ?? null },
    ...(isRate && figures !== null
      ? { rate: figures.rate, usualRate: figures.usual, lo: figures.lo, hi: figures.hi }
      : { rate: null, usualRate: null, lo: null, hi: null }),
    ...{ lift: figures?.lift ?? null, q: verdict?.q ?? null },
    title: { en: words.en.title, ja: words.ja.title },
    text: { en: words.en.lines.join('\n'), ja: words.ja.lines.join('\n') },
    ...{ boardUrl: board ?? '', customersUrl: customers ?? '', customersPath, runbookUrl: rule.runbook },
  };
}

const segmentOf = (segment: string): { by: string; value: string } => {
  const colon = segment.indexOf(':');
  return { by: segment.slice(0, colon), value: segment.slice(colon + 1) };
};
