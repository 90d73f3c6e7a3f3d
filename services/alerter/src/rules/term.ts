import {
  type AlertRule,
  evaluationsDue,
  noState,
  type ParsedRule,
  parseAlertRules,
  type RuleState,
} from '@michinori/alerts';
import type { ActiveDerivation } from '@michinori/queries';
import type { Logger } from '@michinori/runtime';
import type { Outbox } from '../outbox/outbox.ts';
import type { RuleOutcome } from './alerting-metrics.ts';
import { evaluationRecord, retirementRecord } from './evaluate-rule.ts';
import type { FileRule } from './load-rules.ts';
import type { ReadSeries } from './read-series.ts';
import type { EvaluationRecord, LastEvaluation, RuleStore, Untold } from './rule-store.ts';
import { ruleChanges } from './sync-rules.ts';

/** What a term works with. Times are µs since 1970. */
export interface TermOptions {
  readonly store: RuleStore;
  readonly outbox: Pick<Outbox, 'enqueue'>;
  readonly logger: Logger;
  /** Rules of files; null: there are none, and the store is left as it is. */
  readonly files: readonly FileRule[] | null;
  /** Names of the channels that are configured. */
  readonly channels: readonly string[];
  /** Missed evaluations of a rule that are made up for at most, the newest. */
  readonly catchUpMax: number;
  readonly boardUrl: string | null;
  /** Journeys that have answers. */
  journeys(): Promise<readonly ActiveDerivation[]>;
  /** Reads what an evaluation judges as of an instant. `state`: what is remembered of the rule. Never rejects. */
  read(active: ActiveDerivation, rule: AlertRule, state: RuleState, evaluationUs: number): Promise<ReadSeries>;
  /** Throws once this process may no longer write. */
  assertLeading(): void;
  evaluated(outcome: RuleOutcome): void;
}

/** One time of leading: what the store says is read once and then carried on. */
export interface Term {
  /**
   * Makes up for what a process before may have left, and evaluates what is due by `nowUs`. A rejection leaves nothing half done that the next round
   * doesn't find again in the store.
   */
  round(nowUs: number): Promise<void>;
  /** Alert → whether it fires for at least one series, of the rules that there are. */
  firing(): ReadonlyMap<string, boolean>;
}

/** Makes a term. Nothing is read before the first round. */
export function createTerm(options: TermOptions): Term {
  const { store, outbox, logger, files, catchUpMax, boardUrl, assertLeading } = options;
  /** Null: what the store says isn't known, or not any more. */
  let last: Map<string, LastEvaluation> | null = null;
  let rules: readonly ParsedRule[] = [];
  const parsed = new Map<string, ParsedRule | null>();
  /** Alerts whose journey has no answers yet. */
  const waiting = new Set<string>();

  /** Null and a line in the log for a source that this version can't read. */
  function parse(alert: string, source: string): ParsedRule | null {
    const known = parsed.get(source);
    if (known !== undefined) return known;
    const result = parseAlertRules(source, { file: alert });
    const rule = result.outcome === 'ok' ? (result.rules[0] ?? null) : null;
    if (rule === null) logger.error({ alert, problems: result }, 'a stored rule can not be read');
    const unknown = rule?.rule.channels.filter((name) => !options.channels.includes(name)) ?? [];
    if (unknown.length > 0) logger.warn({ alert, channels: unknown }, 'an alert names channels that nobody configured');
    parsed.set(source, rule);
    return rule;
  }

  async function tell(untold: Untold): Promise<void> {
    for (const { notification, to } of untold.notices) {
      assertLeading();
      await outbox.enqueue([notification], to);
    }
    await store.markTold(untold);
  }

  /** First the record, then the outbox: whoever comes after a kill in between finds what wasn't told. */
  async function keep(known: Map<string, LastEvaluation>, record: EvaluationRecord): Promise<void> {
    assertLeading();
    await store.append(record);
    known.set(record.alert, record);
    if (record.notices.length > 0) await tell(record);
  }

  async function load(nowUs: number): Promise<Map<string, LastEvaluation>> {
    if (files !== null) {
      const changes = ruleChanges(files, await store.rules());
      assertLeading();
      await store.change(changes, nowUs);
    }
    for (const untold of await store.untold()) await tell(untold);
    return new Map((await store.lastEvaluations()).map((each) => [each.alert, each]));
  }

  async function retire(known: Map<string, LastEvaluation>, journeys: readonly ActiveDerivation[], nowUs: number) {
    for (const each of [...known.values()]) {
      const rule = parse(each.alert, each.source)?.rule;
      if (rules.some((own) => own.rule.id === each.alert) || rule === undefined) continue;
      const journey = journeys.find((active) => active.journey.id === rule.journey)?.journey ?? null;
      const record = retirementRecord({ ...each, rule }, { journey, boardUrl, nowUs });
      if (record !== null) await keep(known, record);
    }
  }

  function dueOf({ rule }: ParsedRule, lastUs: number | null, nowUs: number): number[] {
    const due = evaluationsDue(rule.cron, lastUs, nowUs, catchUpMax + 1);
    if (due.length <= catchUpMax) return due;
    logger.warn({ alert: rule.id, catchUpMax }, 'more evaluations were missed than are made up for');
    return due.slice(1);
  }

  async function evaluate(
    known: Map<string, LastEvaluation>,
    own: ParsedRule,
    active: ActiveDerivation | null,
    nowUs: number,
  ): Promise<void> {
    const { id, journey } = own.rule;
    const due = dueOf(own, known.get(id)?.evaluatedUs ?? null, nowUs);
    if (active === null) {
      if (due.length > 0 && !waiting.has(id))
        logger.warn({ alert: id, journey }, 'an alert is evaluated once its journey has answers');
      waiting.add(id);
      return;
    }
    waiting.delete(id);
    for (const evaluatedUs of due) {
      const before = known.get(id);
      const rule = before === undefined ? null : parse(id, before.source)?.rule;
      const last = before === undefined ? null : { ...before, rule: rule ?? own.rule };
      const { readings, failures, omitted } = await options.read(
        active,
        own.rule,
        last?.remembered.state ?? noState(id),
        evaluatedUs,
      );
      for (const err of failures)
        logger.error({ alert: id, evaluatedUs, err }, 'what an alert watches can not be read');
      if (omitted > 0) logger.warn({ alert: id, omitted }, 'an alert has more series than are judged');
      options.evaluated(failures.length > 0 ? 'failed' : 'ok');
      const given = { parsed: own, journey: active.journey, last, boardUrl };
      await keep(known, evaluationRecord(given, readings, evaluatedUs));
    }
  }

  async function run(known: Map<string, LastEvaluation>, nowUs: number): Promise<void> {
    rules = (await store.rules()).flatMap(({ alert, source }) => parse(alert, source) ?? []);
    const journeys = await options.journeys();
    await retire(known, journeys, nowUs);
    for (const own of rules) {
      const active = journeys.find(({ journey }) => journey.id === own.rule.journey) ?? null;
      await evaluate(known, own, active, nowUs);
    }
  }

  return {
    async round(nowUs) {
      try {
        last ??= await load(nowUs);
        await run(last, nowUs);
      } catch (error) {
        last = null;
        throw error;
      }
    },
    firing() {
      const isFiring = (id: string) =>
        last?.get(id)?.remembered.state.series.some(({ episode }) => episode !== null && episode.firedUs !== null);
      return new Map(rules.map(({ rule }) => [rule.id, isFiring(rule.id) ?? false]));
    },
  };
}
