import type { CustomerGetMeta } from '@michinori/client';
import { Figure } from '../../parts/figure.tsx';
import type { Column } from '../../parts/table.tsx';
import { useWords } from '../../words/use-words.tsx';
import { OutlookBar, OutlookLegend } from '../health/outlook-bar.tsx';
import { Scale } from '../health/scale.tsx';

type Outlook = NonNullable<CustomerGetMeta['journeys'][number]['outlook']>;

interface Likely {
  id: string;
  name: string;
  value: number | null;
  lo: number | null;
  hi: number | null;
}

const csv = {
  columns: ['what', 'probability', 'lo', 'hi'],
  row: ({ id, value, lo, hi }: Likely) => [id, value, lo, hi],
};

/** What is likely to become of an open visit, and which touchpoint to come next. */
export function NextStep({ name, outlook }: { name: string; outlook: Outlook }) {
  const { words, format } = useWords();
  const columnsOf = useColumns();
  const { horizonSeconds, lastTouchpoint, nextTouchpoints, state } = outlook;
  const title = words.health.outlookOf(format.duration(horizonSeconds));
  const { advancedLo, advancedHi, stayingLo, stayingHi, lostLo, lostHi } = outlook;
  const outcomes: Likely[] = [
    { id: 'advanced', name: words.health.advanced, value: outlook.advanced, lo: advancedLo, hi: advancedHi },
    { id: 'staying', name: words.health.staying, value: outlook.staying, lo: stayingLo, hi: stayingHi },
    { id: 'lost', name: words.health.lostNext, value: outlook.lost, lo: lostLo, hi: lostHi },
  ];
  const next = nextTouchpoints.map(({ touchpoint, probability, lo, hi }): Likely => {
    return { id: touchpoint, name: touchpoint, value: probability, lo, hi };
  });
  return (
    <div class="next-step">
      {state === 'ok' ? (
        <Figure
          title={title}
          rows={outcomes}
          columns={columnsOf(words.health.outcome)}
          csv={csv}
          fileName={`outlook-${name}`}
        >
          <OutlookBar shares={outlook} />
          <OutlookLegend />
          <Ranks rows={outcomes} />
        </Figure>
      ) : (
        <p class="faint">{words.health.outlookInsufficient}</p>
      )}
      {lastTouchpoint !== null && next.length > 0 && (
        <Figure
          title={words.health.next}
          note={words.health.nextWhat(lastTouchpoint)}
          rows={next}
          columns={columnsOf(words.funnel.touchpoint)}
          csv={csv}
          fileName={`next-${name}`}
        >
          <Ranks rows={next} />
        </Figure>
      )}
    </div>
  );
}

function Ranks({ rows }: { rows: readonly Likely[] }) {
  const { format } = useWords();
  return (
    <ul class="ranks">
      {rows.map(({ id, name, value, lo, hi }) => (
        <li key={id} class="next-touchpoint">
          <span class="touchpoint-name">{name}</span>
          <Scale value={value} lo={lo} hi={hi} />
          <span>
            <b>{format.share(value)}</b> <small>{format.shares(lo, hi)}</small>
          </span>
        </li>
      ))}
    </ul>
  );
}

function useColumns() {
  const { words, format } = useWords();
  return (head: string): Column<Likely>[] => [
    { title: head, cell: ({ name }) => name },
    { title: words.numbers.rate, cell: ({ value }) => format.share(value), isNumber: true },
    { title: words.numbers.interval, cell: ({ lo, hi }) => format.shares(lo, hi), isNumber: true },
  ];
}
