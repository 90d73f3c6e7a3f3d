import { useWords } from '../../words/use-words.tsx';

interface Shares {
  advanced: number | null;
  staying: number | null;
  lost: number | null;
}

const kinds = ['advanced', 'staying', 'lost'] as const;
const looks = { advanced: 'stack-advanced', staying: 'stack-open', lost: 'stack-lost' } as const;

/** What is likely to come, as one bar; who returns to an earlier stage is what is missing to the whole. */
export function OutlookBar({ shares }: { shares: Shares }) {
  const { words } = useWords();
  if (shares.advanced === null) return <span class="faint">{words.health.outlookInsufficient}</span>;
  return (
    <span class="stack" aria-hidden="true">
      {kinds.map((kind) => (
        <i key={kind} class={looks[kind]} style={{ width: `${100 * (shares[kind] ?? 0)}%` }} />
      ))}
    </span>
  );
}

export function OutlookLegend() {
  const { health } = useWords().words;
  const names = { advanced: health.advanced, staying: health.staying, lost: health.lostNext };
  return (
    <ul class="legend" aria-hidden="true">
      {kinds.map((kind) => (
        <li key={kind}>
          <i class={`key ${looks[kind]}`} />
          {names[kind]}
        </li>
      ))}
    </ul>
  );
}
