import { type FlatRow, type JourneyCycleTimeRow, journeys } from '@michinori/client';
import { useCallback } from 'preact/hooks';
import { Chart } from '../charts/chart.tsx';
import { type Curve, curveOption } from '../charts/curve-option.ts';
import type { Palette } from '../charts/palette.ts';
import { useAnswer } from '../data/use-answer.tsx';
import { useSegmentNames } from '../data/use-segment-names.ts';
import { Choice } from '../parts/choice.tsx';
import { Failure } from '../parts/notice.tsx';
import { Loading, Panel } from '../parts/panel.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { useAddress } from '../state/address.tsx';
import { segmentOf } from '../state/segments.ts';
import { useShared } from '../state/use-question.ts';
import { useWords } from '../words/use-words.tsx';
import { cohortName, curvesOf, verdictOf } from './cycle-time.ts';

/** How long the way between two stages takes, and whether a change made it shorter. */
export function CycleTimePage({ journey }: { journey: string }) {
  const { query, view, setQuery } = useAddress();
  const { words } = useWords();
  const { from, to, ...shared } = useShared();
  const stages = useAnswer(journeys.get(journey, { language: view.language })).answer?.rows ?? [];
  const improvements = useAnswer(journeys.improvements(journey)).answer?.rows ?? [];
  const by = segmentOf(view.by, useSegmentNames(journey));
  const columns = useColumns();
  const improvement = query.get('improvement') ?? '';
  const fromStage = query.get('fromStage') ?? '';
  const toStage = query.get('toStage') ?? '';
  // A comparison looks to both sides of the change, whatever range the page has.
  const question = journeys.cycleTime(journey, {
    ...shared,
    ...(improvement === '' ? { from, to } : { improvement }),
    ...(by === undefined ? {} : { by }),
    ...(fromStage === '' ? {} : { fromStage }),
    ...(toStage === '' ? {} : { toStage }),
  });
  const ends = (usual: string) => [
    { value: '', label: usual },
    ...stages.map(({ id, title }) => ({ value: id, label: title })),
  ];
  return (
    <>
      <h1>{words.cycle.title}</h1>
      <div class="row">
        <Choice
          label={words.cycle.from}
          value={fromStage}
          options={ends(words.cycle.firstStage)}
          onChoose={(value) => setQuery({ fromStage: value })}
        />
        <Choice
          label={words.cycle.to}
          value={toStage}
          options={ends(words.cycle.nextStage)}
          onChoose={(value) => setQuery({ toStage: value })}
        />
        <Choice
          label={words.cycle.compare}
          value={improvement}
          options={[
            { value: '', label: words.cycle.noCompare },
            ...improvements.map(({ id, title }) => ({ value: id, label: `${words.cycle.improvement}: ${title}` })),
          ]}
          onChoose={(value) => setQuery({ improvement: value })}
        />
      </div>
      <Panel
        title={words.cycle.share}
        question={question}
        sentence={(rows) => <Sentences rows={rows} />}
        picture={(rows) => (
          <>
            <CurveOf journey={journey} query={question.query ?? {}} rows={rows} />
            <Table caption={words.cycle.title} rows={rows} columns={columns} />
          </>
        )}
        fileName={`cycle-time-${journey}`}
      />
    </>
  );
}

/** A line per verdict; without a comparison, how long it takes. */
function Sentences({ rows }: { rows: readonly JourneyCycleTimeRow[] }) {
  const { words, format } = useWords();
  const told = rows.filter(({ verdict }) => verdict !== null);
  const plain = ({ secondsP50, n, advancedShare, horizonSeconds }: JourneyCycleTimeRow) =>
    secondsP50 !== null
      ? words.cycle.plain(format.duration(secondsP50), format.count(n))
      : words.cycle.plainNever(format.share(advancedShare), format.duration(horizonSeconds), format.count(n));
  return (
    <>
      {(told.length > 0 ? told : rows).map((row) => (
        <span class="line" key={`${row.period} ${row.segment}`}>
          {row.segment !== null && <b>{row.segment || words.numbers.missing}: </b>}
          {row.verdict !== null ? verdictOf(row, words, format) : plain(row)}
        </span>
      ))}
    </>
  );
}

interface CurveProps {
  journey: string;
  query: object;
  rows: readonly JourneyCycleTimeRow[];
}

function CurveOf({ journey, query, rows }: CurveProps) {
  const { words, format } = useWords();
  const { answer, error } = useAnswer(journeys.cycleTime(journey, { ...query, detail: 'curve' }));
  const points: readonly FlatRow[] = answer?.rows ?? [];
  const curves: Curve[] = curvesOf(points, words);
  const horizonDays = Math.max(...rows.map(({ horizonSeconds }) => horizonSeconds)) / 86_400;
  const option = useCallback(
    (palette: Palette) =>
      curveOption(
        curvesOf(points, words),
        horizonDays,
        {
          x: words.cycle.days,
          share: (value) => format.share(value),
          days: (value) => format.duration(value * 86_400),
          to: words.numbers.to,
        },
        palette,
      ),
    [points, words, format, horizonDays],
  );
  if (answer === null) return error === null ? <Loading /> : <Failure error={error} />;
  return (
    <>
      <ul class="legend" aria-hidden="true">
        {curves.map(({ name }, index) => (
          <li key={name}>
            <i class={`key line colour-${index % 8} ${index % 2 === 0 ? '' : 'dashed'}`} />
            {name}
          </li>
        ))}
      </ul>
      <Chart label={words.cycle.share} height={23} option={option} />
    </>
  );
}

function useColumns(): Column<JourneyCycleTimeRow>[] {
  const { words, format } = useWords();
  const count = (title: string, cell: Column<JourneyCycleTimeRow>['cell']) => ({ title, cell, isNumber: true });
  return [
    {
      title: words.funnel.segment,
      cell: ({ period, segment, state, n }) => (
        <>
          {cohortName(period, segment === null ? null : segment, words)} <StateBadge state={state} n={n} />
        </>
      ),
    },
    count('n', ({ n }) => format.count(n)),
    count(words.cycle.arrived, ({ advancedShare }) => format.share(advancedShare)),
    count(words.numbers.interval, ({ advancedShareLo, advancedShareHi }) =>
      format.shares(advancedShareLo, advancedShareHi),
    ),
    count(words.numbers.median, ({ secondsP50 }) => format.duration(secondsP50)),
    count(words.cycle.rmst, ({ restrictedMeanSeconds }) => format.duration(restrictedMeanSeconds)),
    count(words.numbers.interval, ({ restrictedMeanLo, restrictedMeanHi }) =>
      restrictedMeanLo === null
        ? words.numbers.unknown
        : words.numbers.to(format.duration(restrictedMeanLo), format.duration(restrictedMeanHi)),
    ),
    count(words.cycle.naive, ({ naiveMeanSeconds }) => (
      <span title={words.cycle.naiveWhy}>{format.duration(naiveMeanSeconds)}</span>
    )),
  ];
}
