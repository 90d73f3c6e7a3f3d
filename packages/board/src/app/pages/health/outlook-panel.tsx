import { type JourneyOutlookRow, journeys } from '@michinori/client';
import type { Format } from '../../format/format.ts';
import { Panel } from '../../parts/panel.tsx';
import type { Column } from '../../parts/table.tsx';
import { useAddress } from '../../state/address.tsx';
import { segmentQuery } from '../../state/segments.ts';
import type { Words } from '../../words/en.ts';
import { useWords } from '../../words/use-words.tsx';
import { expectedOf, outlookByStage } from './outlook.ts';
import { OutlookBar, OutlookLegend } from './outlook-bar.tsx';

/** What is likely to become of those who are open, by the time that they have spent in their stage. */
export function OutlookPanel({ journey }: { journey: string }) {
  const { view } = useAddress();
  const { words, format } = useWords();
  const columns = useColumns();
  return (
    <Panel
      title={words.health.outlook}
      question={journeys.outlook(journey, { ...segmentQuery(view.segments), language: view.language })}
      sentence={(rows) => {
        const expected = expectedOf(rows);
        const about = (value: number) => format.count(Math.round(value));
        return (
          expected &&
          words.health.outlookSentence(about(expected.advanced), about(expected.lost), format.count(expected.open))
        );
      }}
      picture={(rows) => (
        <>
          <p class="faint">{words.health.outlookLearnt}</p>
          <Stages rows={rows} />
        </>
      )}
      columns={columns}
      fileName={`outlook-${journey}`}
    />
  );
}

function Stages({ rows }: { rows: readonly JourneyOutlookRow[] }) {
  const { words, format } = useWords();
  return (
    <>
      <OutlookLegend />
      {outlookByStage(rows).map(({ stage, title, horizonSeconds, bands }) => (
        <section key={stage}>
          <h3>
            {title} <small class="faint">{words.health.within(format.duration(horizonSeconds))}</small>
          </h3>
          <ul class="ranks">
            {bands.map((band) => (
              <li key={band.spentFromSeconds} class={`rank is-${band.state}`}>
                <span class="score-name">
                  {spentOf(band, words, format)}{' '}
                  <small>
                    {words.health.openNow} {format.count(band.open)}
                  </small>
                </span>
                <OutlookBar shares={band} />
                <span>
                  {words.health.lostNext} <b>{format.share(band.lost)}</b>{' '}
                  <small>{format.shares(band.lostLo, band.lostHi)}</small>
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function spentOf({ spentFromSeconds, spentToSeconds }: JourneyOutlookRow, words: Words, format: Format): string {
  const from = format.duration(spentFromSeconds);
  return spentToSeconds === null
    ? words.health.spentFrom(from)
    : words.numbers.to(from, format.duration(spentToSeconds));
}

function useColumns(): Column<JourneyOutlookRow>[] {
  const { words, format } = useWords();
  const count = (title: string, cell: (row: JourneyOutlookRow) => string) => ({ title, cell, isNumber: true });
  const with95 = (value: number | null, lo: number | null, hi: number | null) =>
    value === null ? words.numbers.unknown : `${format.share(value)} (${format.shares(lo, hi)})`;
  return [
    { title: words.health.stage, cell: ({ title }) => title },
    { title: words.health.spent, cell: (row) => spentOf(row, words, format), isTight: true },
    count(words.health.openNow, ({ open }) => format.count(open)),
    count(words.health.advanced, (row) => with95(row.advanced, row.advancedLo, row.advancedHi)),
    count(words.health.staying, (row) => with95(row.staying, row.stayingLo, row.stayingHi)),
    count(words.health.lostNext, (row) => with95(row.lost, row.lostLo, row.lostHi)),
    { title: words.data.state, cell: ({ state }) => words.states[state] },
  ];
}
