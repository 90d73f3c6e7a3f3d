import type { EvaluationRecord, RuleChange, RuleStore, StoredRule } from '../../src/rules/rule-store.ts';

/** Rules and evaluations in memory, which outlive alerters; `before` and `after` are asked around everything that is done. */
export function memoryRuleStore({
  before = () => {},
  after = () => {},
}: {
  before?: (what: string) => void;
  after?: (what: string) => void;
} = {}) {
  const changes: RuleChange[] = [];
  const applied: RuleChange[] = [];
  const rulesOf = (all: readonly RuleChange[], origin: StoredRule['origin']): StoredRule[] =>
    [...new Map(all.map((change) => [change.alert, change])).values()].flatMap(({ source, ...rule }) =>
      source === null ? [] : [{ ...rule, source, origin }],
    );
  const records = new Map<string, EvaluationRecord>();
  const told = new Set<string>();
  const nameOf = ({ alert, evaluatedUs }: Pick<EvaluationRecord, 'alert' | 'evaluatedUs'>) => `${alert} ${evaluatedUs}`;
  /** What is written travels as text, as in a table. */
  const copied = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

  async function around<T>(what: string, work: () => T): Promise<T> {
    before(what);
    const result = work();
    after(what);
    return result;
  }

  const sorted = () => [...records.values()].sort((a, b) => a.evaluatedUs - b.evaluatedUs);
  const store: RuleStore = {
    rules: () =>
      around('rules', () => {
        const ofFiles = rulesOf(changes, 'file');
        const isHidden = (alert: string) => ofFiles.some((rule) => rule.alert === alert);
        return [...ofFiles, ...rulesOf(applied, 'api').filter(({ alert }) => !isHidden(alert))];
      }),
    change: (given) => around('change', () => void changes.push(...given)),
    lastEvaluations: () =>
      around('last', () => [...new Map(sorted().map((record) => [record.alert, copied(record)])).values()]),
    untold: () =>
      around('untold', () => sorted().filter((record) => record.notices.length > 0 && !told.has(nameOf(record)))),
    append: (record) => around('append', () => void records.set(nameOf(record), copied(record))),
    markTold: (untold) => around('told', () => void told.add(nameOf(untold))),
  };
  return {
    ...store,
    records: sorted,
    changes: () => changes,
    /** Rules that came through the log. */
    viaLog: (given: readonly RuleChange[]) => void applied.push(...given),
  };
}
