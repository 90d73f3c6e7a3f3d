import type { CustomerGetMeta } from '@michinori/client';
import { Table } from '../../parts/table.tsx';
import { useWords } from '../../words/use-words.tsx';
import { OutlookBar, OutlookLegend } from '../health/outlook-bar.tsx';
import { Scale } from '../health/scale.tsx';

type Outlook = NonNullable<CustomerGetMeta['journeys'][number]['outlook']>;

/** What is likely to become of an open visit, and which touchpoint to come next. */
export function NextStep({ outlook }: { outlook: Outlook }) {
  const { words, format } = useWords();
  const { horizonSeconds, lastTouchpoint, nextTouchpoints, state } = outlook;
  const rows = [
    { name: words.health.advanced, value: outlook.advanced, lo: outlook.advancedLo, hi: outlook.advancedHi },
    { name: words.health.staying, value: outlook.staying, lo: outlook.stayingLo, hi: outlook.stayingHi },
    { name: words.health.lostNext, value: outlook.lost, lo: outlook.lostLo, hi: outlook.lostHi },
  ];
  return (
    <div class="next-step">
      <h3>{words.health.outlookOf(format.duration(horizonSeconds))}</h3>
      <OutlookBar shares={outlook} />
      {state === 'ok' && (
        <>
          <OutlookLegend />
          <Table
            caption={words.health.outlookOf(format.duration(horizonSeconds))}
            rows={rows}
            columns={[
              { title: words.health.outcome, cell: ({ name }) => name },
              { title: words.numbers.rate, cell: ({ value }) => format.share(value), isNumber: true },
              { title: words.numbers.interval, cell: ({ lo, hi }) => format.shares(lo, hi), isNumber: true },
            ]}
          />
        </>
      )}
      {lastTouchpoint !== null && nextTouchpoints.length > 0 && (
        <>
          <h3>
            {words.health.next} <small class="faint">{words.health.nextWhat(lastTouchpoint)}</small>
          </h3>
          <ul class="ranks">
            {nextTouchpoints.map(({ touchpoint, probability, lo, hi, count }) => (
              <li key={touchpoint} class="next-touchpoint">
                <span class="touchpoint-name">{touchpoint}</span>
                <Scale value={probability} lo={lo} hi={hi} />
                <span>
                  <b>{format.share(probability)}</b>{' '}
                  <small>
                    {format.shares(lo, hi)} · {words.numbers.n(format.count(count))}
                  </small>
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
