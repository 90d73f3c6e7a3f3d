import { type PlannedAction, planActions, type SignalChange } from '@michinori/health';
import { healthOf, type Journey, titleOf } from '@michinori/journey';
import type { LocalText, Notification } from '../channels/notification.ts';
import { changeId } from './page-records.ts';

/** A change of a signal and the channels that are to hear of it. */
export interface HealthNotice {
  readonly notification: Notification;
  readonly to: readonly string[];
}

const words = {
  en: { churn: 'At risk of churn', expansion: 'Ready for expansion', golden_time: 'Golden time', over: 'over' },
  ja: { churn: '解約リスク', expansion: '拡大の機会', golden_time: 'ゴールデンタイム', over: '解除' },
} as const;

function titleIn(language: 'en' | 'ja', change: SignalChange): string {
  const { customer, signal } = change;
  const over = change.change === 'cleared' ? ` (${words[language].over})` : '';
  return `${words[language][signal]}${over}: ${customer.replace(/^\0/, '')}`;
}

/** Score, stage and the rules that moved it, then what is to be done. */
function textIn(
  language: 'en' | 'ja',
  change: SignalChange,
  journey: Journey,
  actions: readonly PlannedAction[],
): string {
  const stage = journey.stages.find(({ id }) => id === change.stage);
  const score = change.score === null ? '–' : String(change.score);
  const head = `${titleOf(journey.title, journey.id, language)} · ${titleOf(stage?.title ?? {}, change.stage, language)} · ${score}`;
  const moved = change.moved
    .filter(({ rule }) => rule !== null)
    .map(({ rule, from, to }) => `${rule} ${to - from < 0 ? `−${from - to}` : `+${to - from}`}`);
  const tasks = actions.flatMap(({ task }) => (task === null ? [] : [task.text[language] ?? task.text.en ?? '']));
  return [head, ...(moved.length === 0 ? [] : [moved.join(', ')]), ...tasks].join('\n');
}

function local(text: (language: 'en' | 'ja') => string): LocalText {
  return { en: text('en'), ja: text('ja') };
}

/**
 * Who hears of the changes of an evaluation: the webhooks that the definition names for the signal, and `always` (channels to the topic of signals). A
 * change that nobody is to hear of is left out. Pure.
 */
export function healthNotices(
  changes: readonly SignalChange[],
  journey: Journey,
  { always, boardUrl }: { readonly always: readonly string[]; readonly boardUrl: string | null },
): HealthNotice[] {
  const actions = healthOf(journey)?.actions ?? [];
  return changes.flatMap((change) => {
    const named = actions.flatMap(({ signal, webhook }) => (signal === change.signal && webhook ? [webhook] : []));
    const to = [...new Set([...named, ...always])];
    if (to.length === 0) return [];
    return [{ to, notification: notificationOf(change, journey, planActions([change], journey), boardUrl) }];
  });
}

function notificationOf(
  change: SignalChange,
  journey: Journey,
  actions: readonly PlannedAction[],
  boardUrl: string | null,
): Notification {
  const { customer, signal, atUs, raisedUs, stage, score, scoreBefore, moved, why } = change;
  const isRaised = change.change === 'raised';
  const name = customer.replace(/^\0/, '');
  const none = { k: null, n: null, rate: null, usualRate: null, lo: null, hi: null, lift: null, q: null };
  const base = boardUrl?.replace(/\/+$/, '');
  const isAnonymous = customer.startsWith('\0');
  const query = new URLSearchParams({ signal, who: `${isAnonymous ? 'anonymous' : journey.unit}:${name}` });
  const person =
    journey.unit === 'customer' ? `/customers/${encodeURIComponent(name)}${isAnonymous ? '?anonymous=true' : ''}` : '';
  return {
    id: changeId(journey, change),
    alert: `health.${signal}`,
    journey: journey.id,
    // A unit may change its stage while a signal stands: what names the series is the unit alone.
    stage: '',
    segment: { by: journey.unit, value: name },
    touchpoint: null,
    kind: 'health',
    state: isRaised ? 'firing' : 'resolved',
    severity: 'info',
    startedAtUs: raisedUs,
    resolvedAtUs: isRaised ? null : atUs,
    ...none,
    title: local((language) => titleIn(language, change)),
    text: local((language) => textIn(language, change, journey, actions)),
    boardUrl: base === undefined ? '' : `${base}/journeys/${encodeURIComponent(journey.id)}/health?${query}`,
    customersUrl: base === undefined || person === '' ? '' : `${base}${person}`,
    customersPath: person === '' ? '' : `/v1${person}`,
    runbookUrl: null,
    health: {
      signal,
      change: change.change,
      unit: journey.unit,
      name,
      isAnonymous,
      ...{ stage, score, scoreBefore, why },
      moved: [...moved],
      tasks: actions.flatMap(({ task }) => (task === null ? [] : [{ ...task }])),
    },
  };
}
