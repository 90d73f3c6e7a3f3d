import { type JourneyHealthTrackRecordRow, journeys } from '@michinori/client';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import type { Column } from '../../parts/table.tsx';
import { useAddress } from '../../state/address.tsx';
import { useWords } from '../../words/use-words.tsx';
import { recordSentences } from './record.ts';
import { Scale } from './scale.tsx';

/** Whether those who were lost had had the lower scores, and a signal in time. */
export function RecordPanel({ journey }: { journey: string }) {
  const { language } = useAddress().view;
  const { words, format } = useWords();
  const columns = useColumns();
  return (
    <Panel
      title={words.health.record}
      question={journeys.healthTrackRecord(journey, { language })}
      sentence={(rows) =>
        recordSentences(rows, words, format).map((sentence) => (
          <span class="line" key={sentence}>
            {sentence}
          </span>
        ))
      }
      picture={(rows) => (
        <>
          <Ranks rows={rows} />
          <p class="faint">{words.health.asOf(format.date(rows[0]?.asOf ?? null))}</p>
        </>
      )}
      columns={columns}
      fileName={`health-record-${journey}`}
      empty={
        <Notice title={words.health.recordNone}>
          <p>{words.health.recordNoneWhat}</p>
        </Notice>
      }
    />
  );
}

/** A line per stage: how rightly it ranked, on a scale on which the middle is a coin. */
function Ranks({ rows }: { rows: readonly JourneyHealthTrackRecordRow[] }) {
  const { words, format } = useWords();
  return (
    <ul class="ranks">
      {rows.map((row) => (
        <li key={row.stage} class={`rank ${row.state === 'ok' ? '' : 'is-insufficient'}`}>
          <span class="score-name">{row.stage === null ? words.health.wholeJourney : row.title}</span>
          {row.auc === null ? <span class="faint">{words.numbers.unknown}</span> : <RankScale row={row} />}
          <span>
            <b>{format.share(row.auc)}</b>{' '}
            <small>
              {row.auc !== null && `${format.shares(row.aucLo, row.aucHi)} · `}
              {words.health.lost} {format.count(row.lost)} / {format.count(row.n)}
            </small>{' '}
            {row.state !== 'ok' && <Few />}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Ten of either outcome are needed, not thirty. */
function Few() {
  const { words } = useWords();
  return (
    <span class="badge badge-insufficient" title={words.health.fewOutcomes}>
      {words.states.insufficient}
      <span class="hidden"> {words.health.fewOutcomes}</span>
    </span>
  );
}

function RankScale({ row: { auc, aucLo, aucHi } }: { row: JourneyHealthTrackRecordRow }) {
  return <Scale value={auc} lo={aucLo} hi={aucHi} lines={[0.5]} />;
}

function useColumns(): Column<JourneyHealthTrackRecordRow>[] {
  const { words, format } = useWords();
  const count = (title: string, cell: (row: JourneyHealthTrackRecordRow) => string) => ({
    title,
    cell,
    isNumber: true,
  });
  return [
    { title: words.health.stage, cell: ({ stage, title }) => (stage === null ? words.health.wholeJourney : title) },
    { title: words.health.scoredAt, cell: ({ scoresAsOf }) => format.date(scoresAsOf), isTight: true },
    count('n', ({ n }) => format.count(n)),
    count(words.health.lost, ({ lost }) => format.count(lost)),
    count(words.health.auc, ({ auc }) => format.share(auc)),
    count(words.numbers.interval, ({ auc, aucLo, aucHi }) =>
      auc === null ? words.numbers.unknown : format.shares(aucLo, aucHi),
    ),
    count(words.health.brier, ({ brier }) => format.decimal(brier, { digits: 3 })),
    count(words.health.brierBase, ({ brierBase }) => format.decimal(brierBase, { digits: 3 })),
    count(words.health.leadTime, ({ leadSecondsP50 }) => format.duration(leadSecondsP50)),
    count(words.health.losses, ({ losses }) => format.count(losses)),
    count(words.health.unflagged, ({ neverFlagged }) => format.count(neverFlagged)),
    count(words.numbers.rate, ({ neverFlaggedShare }) => format.share(neverFlaggedShare)),
  ];
}
