import { type JourneyPathsRow, journeys } from '@michinori/client';
import { useCallback } from 'preact/hooks';
import { Chart } from '../charts/chart.tsx';
import type { Palette } from '../charts/palette.ts';
import { sankeyOption } from '../charts/sankey-option.ts';
import { useAnswer } from '../data/use-answer.tsx';
import { Choice } from '../parts/choice.tsx';
import { Loading, Panel } from '../parts/panel.tsx';
import type { Column } from '../parts/table.tsx';
import { useAddress } from '../state/address.tsx';
import { useShared } from '../state/use-question.ts';
import type { Words } from '../words/en.ts';
import { useWords } from '../words/use-words.tsx';
import { sankeyOf, waysOf } from './paths.ts';

const shownMax = 18;

/** From which touchpoint to which, inside one stage. */
export function PathsPage({ journey }: { journey: string }) {
  const { query, view, setQuery } = useAddress();
  const { words, format } = useWords();
  const shared = useShared();
  const columns = useColumns();
  const definition = useAnswer(journeys.get(journey, { language: view.language }));
  const stages = (definition.answer?.rows ?? []).filter(({ terminal }) => !terminal);
  const named = query.get('stage') ?? '';
  const stage = stages.find(({ id }) => id === named) ?? stages[0];
  return (
    <>
      <h1>{words.paths.title}</h1>
      <div class="row">
        <Choice
          label={words.paths.stage}
          value={stage?.id ?? ''}
          options={stages.map(({ id, title }) => ({ value: id, label: title }))}
          onChoose={(value) => setQuery({ stage: value })}
        />
      </div>
      {stage === undefined && definition.error === null ? (
        <Loading />
      ) : (
        <Panel
          title={words.paths.label(stage?.title ?? named)}
          question={journeys.paths(journey, { ...shared, stage: stage?.id ?? named, limit: 200 })}
          sentence={(rows) => rows[0] && words.paths.sentence(format.count(rows[0].n))}
          picture={(rows) => <Ways rows={rows} />}
          columns={columns}
          fileName={`paths-${journey}`}
        />
      )}
    </>
  );
}

function Ways({ rows }: { rows: readonly JourneyPathsRow[] }) {
  const { words, format } = useWords();
  const { foldedCount } = waysOf(rows, shownMax);
  const option = useCallback(
    (palette: Palette) => {
      const data = sankeyOf(waysOf(rows, shownMax).ways, words.paths.begin, (outcome) => outcomeName(outcome, words));
      const tell = ({ way }: (typeof data.links)[number]) =>
        [
          `${way.isBegin ? words.paths.begin : way.from} → ${way.outcome === null ? way.to : outcomeName(way.outcome, words)}`,
          `${format.count(way.row.transitions)} · ${format.share(way.row.share)} (${format.shares(way.row.lo, way.row.hi)})`,
        ].join('\n');
      return sankeyOption(data, tell, palette);
    },
    [rows, words, format],
  );
  return (
    <>
      <Chart label={words.paths.title} height={32} option={option} />
      {foldedCount > 0 && <p class="faint">{words.paths.folded(format.count(foldedCount))}</p>}
    </>
  );
}

function outcomeName(outcome: string, words: Words): string {
  return Object.entries(words.paths.outcomes).find(([known]) => known === outcome)?.[1] ?? outcome;
}

function useColumns(): Column<JourneyPathsRow>[] {
  const { words, format } = useWords();
  const count = (title: string, cell: (row: JourneyPathsRow) => string) => ({ title, cell, isNumber: true });
  return [
    { title: words.paths.from, cell: ({ from }) => from ?? words.paths.begin },
    { title: words.paths.next, cell: ({ to, outcome }) => to ?? outcomeName(outcome ?? '', words) },
    count(words.paths.transitions, ({ transitions }) => format.count(transitions)),
    count(words.numbers.customers, ({ customers }) => format.count(customers)),
    count(words.paths.share, ({ share }) => format.share(share)),
    count(words.numbers.interval, ({ lo, hi }) => format.shares(lo, hi)),
    count(words.paths.time, ({ secondsP50 }) => format.duration(secondsP50)),
  ];
}
