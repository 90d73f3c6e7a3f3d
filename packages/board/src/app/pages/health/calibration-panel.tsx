import { type FlatRow, journeys } from '@michinori/client';
import { Choice } from '../../parts/choice.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import type { Column } from '../../parts/table.tsx';
import { useAddress } from '../../state/address.tsx';
import { useWords } from '../../words/use-words.tsx';
import { readBands } from './record.ts';
import { Scale } from './scale.tsx';
import type { KnownHealth } from './use-health.ts';

/** What share was lost of those with about the same score. */
export function CalibrationPanel({ journey, known }: { journey: string; known: KnownHealth }) {
  const { query, view, setQuery } = useAddress();
  const { words } = useWords();
  const columns = useColumns();
  const stage = known.stages.find(({ id }) => id === query.get('stage'))?.id ?? null;
  return (
    <Panel
      title={words.health.calibration}
      question={journeys.healthTrackRecord(journey, { detail: 'bands', language: view.language })}
      actions={
        <Choice
          label={words.health.stage}
          value={stage ?? ''}
          options={[
            { value: '', label: words.health.wholeJourney },
            ...known.stages.map(({ id, title }) => ({ value: id, label: title })),
          ]}
          onChoose={(value) => setQuery({ stage: value })}
        />
      }
      picture={(rows) => <Bands rows={rows} stage={stage} />}
      columns={columns}
      fileName={`health-bands-${journey}`}
      empty={
        <Notice title={words.health.recordNone}>
          <p>{words.health.recordNoneWhat}</p>
        </Notice>
      }
    />
  );
}

function Bands({ rows, stage }: { rows: readonly FlatRow[]; stage: string | null }) {
  const { words, format } = useWords();
  const bands = readBands(rows).filter((band) => band.stage === stage);
  if (bands.length === 0) return <p>{words.health.noScores}</p>;
  return (
    <>
      <p class="faint">{words.health.calibrationWhat}</p>
      <ul class="ranks">
        {bands.map(({ from, to, n, k, rate, lo, hi }) => (
          <li key={from} class={`rank ${n < 30 ? 'is-insufficient' : ''}`}>
            <span class="score-name">
              {words.health.score}{' '}
              {from === to ? format.count(from) : words.numbers.to(format.count(from), format.count(to))}
            </span>
            <Scale value={rate} lo={lo} hi={hi} />
            <span>
              <b>{format.share(rate)}</b>{' '}
              <small>
                {format.shares(lo, hi)} · {format.count(k)} / {format.count(n)}
              </small>{' '}
              <StateBadge state={n < 30 ? 'insufficient' : 'ok'} n={n} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function useColumns(): Column<FlatRow>[] {
  const { words, format } = useWords();
  const of = (row: FlatRow) => readBands([row])[0];
  const count = (title: string, cell: Column<FlatRow>['cell']) => ({ title, cell, isNumber: true });
  return [
    {
      title: words.health.stage,
      cell: (row) => (of(row)?.stage === null ? words.health.wholeJourney : of(row)?.title),
    },
    count(words.health.band, ({ from, to }) => words.numbers.to(format.count(Number(from)), format.count(Number(to)))),
    count('n', ({ n }) => format.count(Number(n))),
    count(words.health.lost, ({ lost }) => format.count(Number(lost))),
    count(words.health.lostShare, (row) => format.share(of(row)?.rate ?? null)),
    count(words.numbers.interval, (row) => format.shares(of(row)?.lo ?? null, of(row)?.hi ?? null)),
  ];
}
