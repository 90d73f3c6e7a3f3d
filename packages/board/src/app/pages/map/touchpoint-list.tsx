import { StateBadge } from '../../parts/state-badge.tsx';
import { useWords } from '../../words/use-words.tsx';
import type { StageColumn, TouchpointCell } from './journey-picture.ts';

/** The touchpoints of a stage: how many of its customers each touched and how many of those were lost after. */
export function TouchpointList({ column }: { column: StageColumn }) {
  return (
    <ul class="touchpoints">
      {column.touchpoints.map((cell) => (
        <Cell key={cell.row.touchpoint} cell={cell} />
      ))}
    </ul>
  );
}

function Cell({ cell: { row, isEvidenced } }: { cell: TouchpointCell }) {
  const { words, format } = useWords();
  if (!isEvidenced) {
    return (
      <li class="touchpoint is-assumed" title={words.map.assumedWhat}>
        <span class="touchpoint-name">{row.title}</span>
        <span class="faint">{words.map.assumed}</span>
      </li>
    );
  }
  const lostShare = (row.lost ?? 0) / row.entered;
  return (
    <li class="touchpoint">
      <span class="touchpoint-name">{row.title}</span>
      <span class="touchpoint-bar" aria-hidden="true">
        <i style={{ width: `${100 * Math.min(1, row.share ?? 0)}%` }} />
      </span>
      <span class="touchpoint-numbers">
        <span title={words.map.touched}>
          {format.share(row.share)} <small>{words.numbers.n(format.count(row.entered))}</small>
        </span>
        <span class="lost">
          {words.map.lost} {format.share(lostShare)}{' '}
          <StateBadge state={row.state === 'insufficient' ? 'insufficient' : 'ok'} n={row.entered} />
        </span>
      </span>
    </li>
  );
}
