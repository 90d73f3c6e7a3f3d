import { type JourneyHealthRow, journeys } from '@michinori/client';
import { useAnswer } from '../../data/use-answer.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { useAddress } from '../../state/address.tsx';
import { segmentQuery } from '../../state/segments.ts';
import { useWords } from '../../words/use-words.tsx';
import { Scale } from '../health/scale.tsx';
import { useHealth } from '../health/use-health.ts';
import type { StageColumn } from './journey-picture.ts';

/** Mean score of each stage and who is at risk, as of the last evaluation; nothing in journeys without scores. */
export function HealthRow({ columns, journey }: { columns: readonly StageColumn[]; journey: string }) {
  const { view } = useAddress();
  const { words } = useWords();
  const isScored = columns.some(({ stage }) => stage.health !== null);
  const question = journeys.health(journey, { ...segmentQuery(view.segments), language: view.language });
  const rows = useAnswer(isScored ? question : null).answer?.rows ?? [];
  const { health } = useHealth(journey);
  if (!isScored) return null;
  return (
    <>
      <h3 class="map-label">{words.health.onMap}</h3>
      {columns.map(({ stage }) => (
        <HealthCell
          key={stage.stage}
          journey={journey}
          mean={stage.health}
          row={rows.find((row) => row.stage === stage.stage) ?? null}
          churnBelow={health?.churnBelow ?? null}
        />
      ))}
    </>
  );
}

interface CellProps {
  journey: string;
  mean: number | null;
  row: JourneyHealthRow | null;
  churnBelow: number | null;
}

function HealthCell({ journey, mean, row, churnBelow }: CellProps) {
  const { to } = useAddress();
  const { words, format } = useWords();
  if (mean === null) return <p class="faint">{words.numbers.unknown}</p>;
  const whole = (value: number | null) => format.decimal(value, { digits: 0 });
  const share = (value: number | null) => (value === null ? null : value / 100);
  return (
    <div class={`map-health ${row !== null && row.n < 30 ? 'is-insufficient' : ''}`}>
      <p>
        <b>{whole(mean)}</b>{' '}
        {row !== null && (
          <small class="faint">
            {words.numbers.to(whole(row.scoreLo), whole(row.scoreHi))} · {words.numbers.n(format.count(row.n))}{' '}
            <StateBadge state={row.n < 30 ? 'insufficient' : 'ok'} n={row.n} />
          </small>
        )}
      </p>
      <Scale
        value={share(mean)}
        lo={share(row?.scoreLo ?? null)}
        hi={share(row?.scoreHi ?? null)}
        lines={churnBelow === null ? [] : [churnBelow / 100]}
      />
      {row !== null && churnBelow !== null && (
        <a href={to({ page: 'health', journey }, { stage: row.stage })} data-board>
          {words.health.atRisk(format.count(churnBelow))}: {format.count(row.k)} ({format.share(row.rate)})
        </a>
      )}
    </div>
  );
}
