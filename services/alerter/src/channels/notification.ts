import { hash } from 'node:crypto';

/** A text in the languages that it was written in, by language tag: `{ en: …, ja: … }`. Never empty. */
export type LocalText = Readonly<Record<string, string>>;

/** What a channel is told: an alert began to fire for a series, or it is over. Times are µs since the epoch, shares 0…1. */
export interface Notification {
  /** {@link notificationId}: the same transition has the same id, however often it is told. Holds no full stop, which would make signatures ambiguous. */
  readonly id: string;
  /** Name of the alert rule. */
  readonly alert: string;
  readonly journey: string;
  readonly stage: string;
  /** `{ by: 'plan', value: 'pro' }`; null: everybody together. */
  readonly segment: { readonly by: string; readonly value: string } | null;
  /** Whom it is about, where a touchpoint is watched: those whom it touched; null otherwise. */
  readonly touchpoint: string | null;
  /** What sort of alert it is, e.g. `stage-drop-off` or `volume`. */
  readonly kind: string;
  readonly state: 'firing' | 'resolved';
  /** As the rule has it, e.g. `page` or `ticket`. */
  readonly severity: string;
  /** Beginning of the episode. */
  readonly startedAtUs: number;
  /** End of the episode; null exactly while it fires. */
  readonly resolvedAtUs: number | null;
  /** Those who dropped off, of n; null where the alert is about something else than a share. */
  readonly k: number | null;
  readonly n: number | null;
  readonly rate: number | null;
  /** What is usual for the series. */
  readonly usualRate: number | null;
  /** 95 % interval of `rate`. */
  readonly lo: number | null;
  readonly hi: number | null;
  /** `rate` / `usualRate`. */
  readonly lift: number | null;
  /** Benjamini–Hochberg q-value. */
  readonly q: number | null;
  readonly title: LocalText;
  readonly text: LocalText;
  /** Where the stage is drawn; `''`: nowhere. */
  readonly boardUrl: string;
  /** Who is behind the number; `''`: unknown. */
  readonly customersUrl: string;
  readonly runbookUrl: string | null;
  /** Of a signal of health, whose `alert` is `health.` and its name, whose `segment` is the unit and whose `stage` is empty. */
  readonly health?: HealthNews | undefined;
}

/** What became of a unit's health. */
export interface HealthNews {
  readonly signal: 'churn' | 'expansion' | 'golden_time';
  readonly change: 'raised' | 'cleared';
  readonly unit: 'customer' | 'account';
  readonly name: string;
  /** `name` is an anonymous id. */
  readonly isAnonymous: boolean;
  readonly stage: string;
  /** Null of a unit that is in no stage any more: `why` is `left`. */
  readonly score: number | null;
  readonly scoreBefore: number | null;
  readonly why: 'score' | 'left';
  /** Lines of the ledger that moved since the evaluation before, the largest change first. */
  readonly moved: readonly {
    readonly line: 'start' | 'rule' | 'clamp';
    readonly rule: string | null;
    readonly from: number;
    readonly to: number;
  }[];
  readonly tasks: readonly { readonly owner: string; readonly dueUs: number; readonly text: LocalText }[];
}

/** The facts that make a transition what it is. */
export interface TransitionFact {
  readonly alert: string;
  readonly journey: string;
  readonly stage: string;
  readonly segment: Notification['segment'];
  readonly touchpoint: string | null;
  /** Beginning of the episode, µs. */
  readonly startedAtUs: number;
  readonly state: Notification['state'];
}

/**
 * The id of a transition: the first 128 bits, in hexadecimal digits, of the SHA-256 of its facts, joined by NUL. The form is frozen: receivers remember ids.
 */
export function notificationId(fact: TransitionFact): string {
  const { alert, journey, stage, segment, touchpoint, startedAtUs, state } = fact;
  const series = [alert, journey, stage, segment === null ? '' : 'segment', segment?.by ?? '', segment?.value ?? ''];
  const parts = ['michinori.alert.1', ...series, startedAtUs, state, ...(touchpoint === null ? [] : [touchpoint])];
  return hash('sha256', parts.join('\0'), 'hex').slice(0, 32);
}

/** Names the series of a notification: what follows each other in it is delivered in order. */
export function seriesOf({ alert, journey, stage, segment, touchpoint }: Notification): string {
  const parts = [
    ...(segment === null ? [] : [segment.by, segment.value]),
    ...(touchpoint === null ? [] : ['', touchpoint]),
  ];
  return [alert, journey, stage, ...parts].join('\0');
}

/** `plan:pro`, as in the labels of the metrics; `''`: everybody. */
export function segmentLabel({ segment }: Pick<Notification, 'segment'>): string {
  return segment === null ? '' : `${segment.by}:${segment.value}`;
}

/** A text in a language, else in English, else in the first one that there is. */
export function localText(text: LocalText, locale: string): string {
  return text[locale] ?? text.en ?? Object.values(text)[0] ?? '';
}
