import { StateBadge } from '../../parts/state-badge.tsx';
import { useAddress } from '../../state/address.tsx';
import { useWords } from '../../words/use-words.tsx';
import { goalsOf, type StageColumn } from './journey-picture.ts';

interface CardProps {
  column: StageColumn;
  journey: string;
  /** Of the customers behind the numbers, `name:value`. */
  segments: readonly string[];
}

/** The head of a column: how many entered, what became of them, goal and time. */
export function StageCard({ column, journey, segments }: CardProps) {
  const { words, format } = useWords();
  const { to } = useAddress();
  const { stage, isLast, isTerminal } = column;
  const { entered, advanced, lost, open } = stage;
  const whole = Math.max(1, (advanced ?? 0) + (lost ?? 0) + (open ?? 0));
  const parts = [
    ['advanced', advanced, words.map.advanced, 'advanced'],
    ['open', open, words.map.open, 'open'],
    ['lost', lost, words.map.lost, 'dropped'],
  ] as const;
  return (
    <div class="stage-card">
      <h2>{stage.title}</h2>
      <p class="stage-entered">
        <b>{format.count(entered)}</b> {words.map.entered}
      </p>
      {isTerminal ? (
        <p class="faint">{words.map.terminal}</p>
      ) : (
        <>
          <div class="stack" aria-hidden="true">
            {parts.map(([kind, count]) => (
              <i key={kind} class={`stack-${kind}`} style={{ width: `${(100 * (count ?? 0)) / whole}%` }} />
            ))}
          </div>
          <dl class="stage-parts">
            {parts.map(([kind, count, name, outcome]) => (
              <div key={kind}>
                <dt>
                  <i class={`key stack-${kind}`} aria-hidden="true" />
                  {name}
                </dt>
                <dd>
                  <a
                    href={to({ page: 'customers' }, { journey, stage: stage.stage ?? '', outcome, segment: segments })}
                    data-board
                    aria-label={`${stage.title}: ${name} ${format.count(count ?? 0)}`}
                  >
                    {format.count(count ?? 0)}
                  </a>
                </dd>
              </div>
            ))}
          </dl>
          {isLast ? <p class="faint">{words.map.terminal}</p> : <Advance stage={stage} />}
        </>
      )}
    </div>
  );
}

function Advance({ stage }: { stage: StageColumn['stage'] }) {
  const { words, format } = useWords();
  const { entered, rate, lo, hi, state, secondsP50 } = stage;
  return (
    <>
      <p class={`stage-rate is-${state}`}>
        <b>{format.share(rate)}</b> {words.map.advancedRate}
        <small>
          {format.shares(lo, hi)} <StateBadge state={state} n={entered} />
        </small>
      </p>
      <p class="faint">{secondsP50 === null ? words.map.never : `${words.map.p50} ${format.duration(secondsP50)}`}</p>
    </>
  );
}

/** The goals of a stage, and whether they are met; words and a sign, not only a colour. */
export function GoalCell({ column }: { column: StageColumn }) {
  const { words, format } = useWords();
  const { goal, goalMet } = column.stage;
  if (goal === null) return <p class="faint">{words.map.noGoal}</p>;
  const [kind, sign, word] =
    goalMet === null
      ? (['undecided', '…', words.map.undecided] as const)
      : goalMet
        ? (['met', '✓', words.map.met] as const)
        : (['missed', '✗', words.map.missed] as const);
  const values: Record<string, (value: number) => string> = {
    advanced_rate: format.share,
    drop_off_rate: format.share,
    median_seconds: format.duration,
  };
  const names: Record<string, string> = words.map.metrics;
  const tell = ({ metric, sign, value }: { metric: string; sign: string; value: number }) =>
    `${names[metric] ?? metric} ${sign} ${values[metric]?.(value) ?? format.count(value)}`;
  return (
    <p class={`goal goal-${kind}`}>
      <b>
        <span aria-hidden="true">{sign} </span>
        {word}
      </b>
      {goalsOf(goal).map((one) => (
        <span key={one?.metric ?? goal}>{one === null ? goal : tell(one)}</span>
      ))}
    </p>
  );
}
