import type { FunnelQueryRow } from '@michinori/client';
import { StateBadge } from '../../parts/state-badge.tsx';
import { useWords } from '../../words/use-words.tsx';
import type { Spot } from './behind.tsx';

interface BarsProps {
  rows: readonly FunnelQueryRow[];
  onSpot: (spot: Spot) => void;
}

/** A bar per step, or per step and segment, with its interval; every count leads to the customers. */
export function FunnelBars({ rows, onSpot }: BarsProps) {
  const { format, words } = useWords();
  const numbers = [...new Set(rows.map(({ step }) => step))].sort((a, b) => a - b);
  const segments = [...new Set(rows.map(({ segment }) => segment))];
  return (
    <ol class="funnel">
      {numbers.map((number) => {
        const ofStep = rows.filter(({ step }) => step === number);
        return (
          <li key={number} class="funnel-step">
            <h3>
              <span class="step-number" aria-hidden="true">
                {format.count(number)}
              </span>
              <span class="hidden">{words.funnel.step(format.count(number))}: </span>
              {(ofStep[0]?.touchpoint ?? '').replaceAll('|', ` ${words.funnel.or} `)}
            </h3>
            {ofStep.map((row) => (
              <Bar
                key={row.segment}
                mayFollow={mayFollow(rows, row)}
                row={row}
                colour={segments.indexOf(row.segment)}
                onSpot={onSpot}
                isLast={number === numbers.at(-1)}
              />
            ))}
          </li>
        );
      })}
    </ol>
  );
}

interface BarProps {
  row: FunnelQueryRow;
  /** Customers that are open at an earlier step, 0…1 of the entries. */
  mayFollow: number;
  colour: number;
  isLast: boolean;
  onSpot: (spot: Spot) => void;
}

function Bar({ row, mayFollow, colour, isLast, onSpot }: BarProps) {
  const { words, format } = useWords();
  const { segment, step, touchpoint, customers, dropped, open, rate, lo, hi, state, n } = row;
  const spot = (outcome: Spot['outcome']) => () => onSpot({ step, outcome, segment, touchpoint });
  return (
    <div class="funnel-row">
      {segment !== null && (
        <span class="funnel-segment">
          <i class={`key colour-${colour % 8}`} aria-hidden="true" />
          {segment || words.numbers.missing}
        </span>
      )}
      <div class={`bar bar-${state}`} aria-hidden="true">
        <i class={`bar-fill colour-${colour % 8}`} style={{ width: percent(rate) }} />
        {mayFollow > 0 && (
          <i
            class={`bar-open colour-${colour % 8}`}
            title={words.funnel.mayFollow}
            style={{ left: percent(rate), width: percent(mayFollow) }}
          />
        )}
        {step > 1 && lo !== null && hi !== null && (
          <i class="whisker" style={{ left: percent(lo), width: percent(hi - lo) }} />
        )}
      </div>
      <div class="funnel-numbers">
        <button type="button" class="figure" onClick={spot('converted')}>
          {format.count(customers)}
          <span class="hidden"> {words.funnel.whoReached(touchpoint)}</span>
        </button>
        <span class="funnel-rate">
          <b>{format.share(rate)}</b> {step > 1 && <span class="faint">{format.shares(lo, hi)}</span>}
          {step > 1 && <StateBadge state={state} n={n} />}
        </span>
        {!isLast && (
          <span class="funnel-losses">
            <button type="button" class="figure lost" onClick={spot('dropped')}>
              {format.count(dropped)} <small>{words.funnel.dropped}</small>
              <span class="hidden"> {words.funnel.after(touchpoint)}</span>
            </button>
            <button type="button" class="figure open" onClick={spot('open')}>
              {format.count(open)} <small>{words.funnel.open}</small>
              <span class="hidden"> {words.funnel.after(touchpoint)}</span>
            </button>
          </span>
        )}
        {step > 1 && row.secondsP50 !== null && (
          <span class="faint">
            {words.funnel.time} {format.duration(row.secondsP50)}
          </span>
        )}
        {row.qValue !== null && row.qValue < 0.05 && <span class="badge badge-differs">{words.funnel.differs}</span>}
      </div>
    </div>
  );
}

/** The share of the entries that wait before a step and may reach it yet. */
function mayFollow(rows: readonly FunnelQueryRow[], { step, segment, n }: FunnelQueryRow): number {
  const before = rows.filter((row) => row.segment === segment && row.step < step);
  return n === 0 ? 0 : before.reduce((sum, row) => sum + row.open, 0) / n;
}

const percent = (share: number | null) => `${(100 * (share ?? 0)).toFixed(2)}%`;
