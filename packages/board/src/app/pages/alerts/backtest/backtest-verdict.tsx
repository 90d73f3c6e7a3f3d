import type { AlertBacktestMeta } from '@michinori/client';
import { useWords } from '../../../words/use-words.tsx';

/** Whether the rule keeps its budget, what it heard of and when, in sentences. */
export function BacktestVerdict({ meta }: { meta: AlertBacktestMeta }) {
  const { words, format } = useWords();
  const { withinBudget, alarmsPerWeek, alarmsPerWeekLo, alarmsPerWeekHi, budgetPerWeek } = meta;
  const rate = (value: number | null) => format.decimal(value);
  const figures = [rate(alarmsPerWeek), rate(alarmsPerWeekLo), rate(alarmsPerWeekHi), rate(budgetPerWeek)] as const;
  const weeks = format.decimal(meta.weeks, { digits: 1 });
  return (
    <>
      <p class="sentence">
        {withinBudget === null ? words.backtest.notJudged : words.backtest.verdict[withinBudget](...figures)}
      </p>
      {meta.incidents.length > 0 && (
        <ul>
          {meta.incidents.map(({ detected, delaySeconds, delayAfterMatureSeconds }, at) => {
            const number = format.count(at + 1);
            if (!detected) return <li key={at}>{words.backtest.missed(number)}</li>;
            return (
              <li key={at}>
                {words.backtest.found(number, format.duration(delaySeconds))} {afterMature(delayAfterMatureSeconds)}
              </li>
            );
          })}
        </ul>
      )}
      <p class="faint">
        {words.backtest.facts(
          format.count(meta.alarms),
          format.count(meta.evaluations),
          format.count(meta.evaluationsJudged),
          weeks,
        )}{' '}
        {meta.knownBy === 'received'
          ? words.backtest.known.received(format.count(meta.eventsMissed))
          : words.backtest.known.occurred(format.count(meta.eventsDaysLate))}{' '}
        {meta.incidents.length === 0 && meta.alarms > 0 && words.backtest.allAlarms}
      </p>
    </>
  );

  function afterMature(seconds: number | null): string {
    if (seconds === null) return '';
    const delay = format.duration(seconds);
    return seconds < 0 ? words.backtest.foundEarly(delay) : words.backtest.foundMature(delay);
  }
}
