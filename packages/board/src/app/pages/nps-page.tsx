import { type JourneyNpsRow, journeys } from '@michinori/client';
import { useSegmentNames } from '../data/use-segment-names.ts';
import { Choice } from '../parts/choice.tsx';
import { Panel } from '../parts/panel.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import type { Column } from '../parts/table.tsx';
import { useAddress } from '../state/address.tsx';
import { segmentOf } from '../state/segments.ts';
import { useShared } from '../state/use-question.ts';
import { useWords } from '../words/use-words.tsx';

const cohorts = ['none', 'entry', 'stage', 'touchpoint'] as const;
const intervals = ['none', 'week', 'month'] as const;

/** The score per cohort with its interval, and who answered at all. */
export function NpsPage({ journey }: { journey: string }) {
  const { query, view, setQuery } = useAddress();
  const { words, format } = useWords();
  const shared = useShared();
  const columns = useColumns();
  const by = segmentOf(view.by, useSegmentNames(journey));
  const cohort = cohorts.find((known) => known === query.get('cohort')) ?? 'none';
  const interval = intervals.find((known) => known === query.get('interval')) ?? 'month';
  const question = journeys.nps(journey, {
    ...shared,
    cohort,
    ...(interval === 'none' ? {} : { interval }),
    ...(by === undefined ? {} : { by }),
  });
  return (
    <>
      <h1>{words.nps.title}</h1>
      <div class="row">
        <Choice
          label={words.nps.cohort}
          value={cohort}
          options={cohorts.map((value) => ({ value, label: words.nps.cohorts[value] }))}
          onChoose={(value) => setQuery({ cohort: value === 'none' ? null : value })}
        />
        <Choice
          label={words.nps.interval}
          value={interval}
          options={intervals.map((value) => ({ value, label: words.nps.intervals[value] }))}
          onChoose={(value) => setQuery({ interval: value === 'month' ? null : value })}
        />
      </div>
      <Panel
        title={words.nps.score}
        question={question}
        sentence={(rows) => {
          const scored = rows.filter(({ nps }) => nps !== null);
          const last = scored.length === 1 || cohort === 'none' ? scored.at(-1) : undefined;
          if (last === undefined) return null;
          const signed = (value: number | null) => format.decimal(value, { digits: 0, signed: true });
          const when = last.bucket === null ? '' : `${bucketName(last.bucket, interval, format)}: `;
          return (
            when + words.nps.sentence(signed(last.nps), signed(last.lo), signed(last.hi), format.count(last.responses))
          );
        }}
        picture={(rows) => <Scores rows={rows} interval={interval} />}
        columns={columns}
        fileName={`nps-${journey}`}
      />
    </>
  );
}

const bucketName = (
  bucket: string,
  interval: string,
  format: { month(iso: string): string; date(iso: string): string },
) => (interval === 'month' ? format.month(bucket) : format.date(bucket));

/** A line per cohort: what share answered how, and the score with its interval on a scale from −100 to 100. */
function Scores({ rows, interval }: { rows: readonly JourneyNpsRow[]; interval: string }) {
  const { words, format } = useWords();
  const shown = rows.filter(({ responses }) => responses > 0);
  const place = (score: number) => `${(score + 100) / 2}%`;
  const kinds = ['promoters', 'passives', 'detractors'] as const;
  const signed = (value: number | null) => format.decimal(value, { digits: 0, signed: true });
  return (
    <>
      <ul class="legend" aria-hidden="true">
        {kinds.map((kind) => (
          <li key={kind}>
            <i class={`key nps-${kind}`} />
            {words.nps[kind]}
          </li>
        ))}
      </ul>
      <ul class="scores">
        {shown.map((row) => (
          <li key={[row.cohort, row.segment, row.bucket].join(' ')} class={`score is-${row.state}`}>
            <span class="score-name">{nameOf(row)}</span>
            <span class="stack" aria-hidden="true">
              {kinds.map((kind) => (
                <i key={kind} class={`nps-${kind}`} style={{ width: `${(100 * row[kind]) / row.responses}%` }} />
              ))}
            </span>
            <span class="scale" aria-hidden="true">
              <i class="scale-zero" />
              {row.lo !== null && row.hi !== null && (
                <i
                  class="whisker"
                  style={{
                    left: place(Math.max(-100, row.lo)),
                    width: `${(Math.min(100, row.hi) - Math.max(-100, row.lo)) / 2}%`,
                  }}
                />
              )}
              {row.nps !== null && <i class="scale-dot" style={{ left: place(row.nps) }} />}
            </span>
            <span class="score-number">
              <b>{signed(row.nps)}</b>{' '}
              <small>
                {words.numbers.to(signed(row.lo), signed(row.hi))} · {words.numbers.n(format.count(row.responses))}
              </small>{' '}
              <StateBadge state={row.state} n={row.responses} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );

  function nameOf({ cohort, segment, bucket }: JourneyNpsRow): string {
    const parts = [
      bucket === null ? null : bucketName(bucket, interval, format),
      cohort === null || cohort === '' ? cohort && words.numbers.missing : cohort,
      segment === '' ? words.numbers.missing : segment,
    ];
    return parts.filter((part) => part !== null).join(' · ') || words.nps.whole;
  }
}

function useColumns(): Column<JourneyNpsRow>[] {
  const { words, format } = useWords();
  const count = (title: string, cell: (row: JourneyNpsRow) => string) => ({ title, cell, isNumber: true });
  return [
    {
      title: words.nps.cohort,
      cell: ({ cohort, segment }) => [cohort, segment].filter((part) => part !== null).join(' · ') || words.nps.whole,
    },
    { title: words.nps.interval, cell: ({ bucket }) => (bucket === null ? '' : format.date(bucket)) },
    count(words.nps.score, ({ nps }) => format.decimal(nps, { digits: 1, signed: true })),
    count(words.numbers.interval, ({ lo, hi }) =>
      words.numbers.to(format.decimal(lo, { digits: 1 }), format.decimal(hi, { digits: 1 })),
    ),
    count(words.nps.responses, ({ responses }) => format.count(responses)),
    count(words.nps.promoters, ({ promoters }) => format.count(promoters)),
    count(words.nps.passives, ({ passives }) => format.count(passives)),
    count(words.nps.detractors, ({ detractors }) => format.count(detractors)),
    count(words.nps.asked, ({ asked }) => format.count(asked)),
    count(words.nps.responseShare, ({ responseShare }) => format.share(responseShare)),
    { title: words.data.state, cell: ({ state }) => words.states[state] },
  ];
}
