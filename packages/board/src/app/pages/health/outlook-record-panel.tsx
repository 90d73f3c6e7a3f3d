import { type FlatRow, type JourneyOutlookTrackRecordRow, journeys } from '@michinori/client';
import { Panel } from '../../parts/panel.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { useAddress } from '../../state/address.tsx';
import { segmentQuery } from '../../state/segments.ts';
import { useWords } from '../../words/use-words.tsx';
import { readBins } from './outlook.ts';
import { Scale } from './scale.tsx';
import { useHealth } from './use-health.ts';

/** Whether such forecasts had been any good, said plainly where they had not. */
export function OutlookRecordPanel({ journey }: { journey: string }) {
  const { view } = useAddress();
  const { words, format } = useWords();
  const columns = useColumns();
  return (
    <Panel
      title={words.health.outlookRecord}
      question={journeys.outlookTrackRecord(journey, { ...segmentQuery(view.segments), language: view.language })}
      sentence={(rows) =>
        rows.map(({ stage, title, verdict, skill, lo, hi }) => (
          <span class="line" key={stage}>
            {words.health.verdicts[verdict](title, format.share(skill), format.share(lo), format.share(hi))}
          </span>
        ))
      }
      picture={(rows) => <Table caption={words.health.outlookRecord} rows={rows} columns={columns} />}
      fileName={`outlook-record-${journey}`}
    />
  );
}

function useColumns(): Column<JourneyOutlookTrackRecordRow>[] {
  const { words, format } = useWords();
  const count = (title: string, cell: (row: JourneyOutlookTrackRecordRow) => string) => ({
    title,
    cell,
    isNumber: true,
  });
  const with95 = (value: number | null, lo: number, hi: number) =>
    value === null ? words.numbers.unknown : `${format.share(value)} (${format.shares(lo, hi)})`;
  return [
    { title: words.health.stage, cell: ({ title }) => title },
    count(words.health.forecasts, ({ forecasts }) => format.count(forecasts)),
    count(words.health.skill, ({ skill, lo, hi }) =>
      skill === null ? words.numbers.unknown : `${format.share(skill)} (${format.shares(lo, hi)})`,
    ),
    count(words.health.brier, ({ brier }) => format.decimal(brier, { digits: 3 })),
    count(words.health.brierBase, ({ brierBase }) => format.decimal(brierBase, { digits: 3 })),
    count(words.health.aucAdvanced, (row) => with95(row.advancedAuc, row.advancedAucLo, row.advancedAucHi)),
    count(words.health.aucLost, (row) => with95(row.lostAuc, row.lostAucLo, row.lostAucHi)),
  ];
}

/** Forecasts of losses against what happened, by tenths of the forecasts. */
export function OutlookCalibrationPanel({ journey }: { journey: string }) {
  const { view } = useAddress();
  const { words, format } = useWords();
  const { stageTitle } = useHealth(journey);
  const question = journeys.outlookTrackRecord(journey, {
    ...segmentQuery(view.segments),
    language: view.language,
    detail: 'calibration',
  });
  const columns: Column<FlatRow>[] = [
    { title: words.health.stage, cell: ({ stage }) => stageTitle(String(stage)) },
    {
      title: words.health.outcome,
      cell: ({ outcome }) => (outcome === 'advanced' ? words.health.advanced : words.health.lostNext),
    },
    ...(['n', 'k'] as const).map((name) => ({
      title: name,
      cell: (row: FlatRow) => format.count(Number(row[name])),
      isNumber: true,
    })),
    { title: words.health.forecast, cell: ({ forecast }) => format.share(Number(forecast)), isNumber: true },
    { title: words.health.happened, cell: ({ rate }) => format.share(Number(rate)), isNumber: true },
    { title: words.numbers.interval, cell: ({ lo, hi }) => format.shares(Number(lo), Number(hi)), isNumber: true },
  ];
  return (
    <Panel
      title={words.health.outlookCalibration}
      question={question}
      picture={(rows) => <Bins rows={rows} stageTitle={stageTitle} />}
      columns={columns}
      fileName={`outlook-calibration-${journey}`}
    />
  );
}

function Bins({ rows, stageTitle }: { rows: readonly FlatRow[]; stageTitle: (id: string) => string }) {
  const { words, format } = useWords();
  const lost = readBins(rows).filter(({ outcome }) => outcome === 'lost');
  return (
    <>
      <p class="faint">{words.health.outlookCalibrationWhat}</p>
      {[...new Set(lost.map(({ stage }) => stage))].map((stage) => (
        <section key={stage}>
          <h3>{stageTitle(stage)}</h3>
          <ul class="ranks">
            {lost
              .filter((bin) => bin.stage === stage)
              .map(({ forecast, rate, lo, hi, n, k }) => (
                <li key={forecast} class={`rank ${n < 30 ? 'is-insufficient' : ''}`}>
                  <span class="score-name">
                    {words.health.forecast} {format.share(forecast)}
                  </span>
                  <Scale value={rate} lo={lo} hi={hi} mark={forecast} />
                  <span>
                    {words.health.happened} <b>{format.share(rate)}</b>{' '}
                    <small>
                      {format.shares(lo, hi)} · {format.count(k)} / {format.count(n)}
                    </small>{' '}
                    <StateBadge state={n < 30 ? 'insufficient' : 'ok'} n={n} />
                  </span>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}
