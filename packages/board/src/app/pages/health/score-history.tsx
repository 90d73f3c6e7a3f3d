import { Figure } from '../../parts/figure.tsx';
import { useWords } from '../../words/use-words.tsx';
import type { HealthDefinition } from './definition.ts';

const width = 600;
const height = 120;
const inset = 8;

interface HistoryProps {
  name: string;
  history: readonly { at: string; score: number }[];
  health: HealthDefinition;
}

/** The course of a score over its evaluations, with the threshold of churn. */
export function ScoreHistory({ name, history, health }: HistoryProps) {
  const { words, format } = useWords();
  const [first] = history;
  const last = history.at(-1);
  if (first === undefined || last === undefined || history.length < 2) return null;
  const begin = Date.parse(first.at);
  const span = Math.max(1, Date.parse(last.at) - begin);
  const x = (at: string) => inset + ((Date.parse(at) - begin) / span) * (width - 2 * inset);
  const y = (score: number) => height - inset - (score / 100) * (height - 2 * inset);
  return (
    <Figure
      title={words.health.history}
      note={words.health.historyWhat(format.date(first.at), format.date(last.at), format.count(history.length))}
      rows={history.toReversed()}
      columns={[
        { title: words.customer.at, cell: ({ at }) => format.time(at), isTight: true },
        { title: words.health.score, cell: ({ score }) => format.count(score), isNumber: true },
      ]}
      csv={{ columns: ['at', 'score'], row: ({ at, score }) => [at, score] }}
      fileName={`score-${name}`}
    >
      <svg class="history" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        <line class="history-threshold" x1="0" x2={width} y1={y(health.churnBelow)} y2={y(health.churnBelow)} />
        <polyline class="history-line" points={history.map(({ at, score }) => `${x(at)},${y(score)}`).join(' ')} />
      </svg>
      <p class="history-ends faint">
        <span>{format.count(first.score)}</span>
        <span>- - {words.health.atRisk(format.count(health.churnBelow))}</span>
        <span>{format.count(last.score)}</span>
      </p>
    </Figure>
  );
}
