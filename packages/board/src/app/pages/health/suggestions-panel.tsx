import { type JourneyHealthSuggestionsRow, journeys } from '@michinori/client';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import type { Column } from '../../parts/table.tsx';
import { useAddress } from '../../state/address.tsx';
import { useWords } from '../../words/use-words.tsx';
import { signedPoints } from './ledger.ts';
import { distinctSentences } from './record.ts';
import type { KnownHealth } from './use-health.ts';

/** What the points of rules could be, by what happened, in sentences. Nothing applies them. */
export function SuggestionsPanel({ journey, known }: { journey: string; known: KnownHealth }) {
  const { language } = useAddress().view;
  const { words } = useWords();
  const columns = useColumns(known);
  return (
    <Panel
      title={words.health.suggestions}
      question={journeys.healthSuggestions(journey, { language })}
      picture={(rows) => (
        <>
          <p class="faint">{words.health.suggestionsWhat}</p>
          <ul class="suggestions">
            {distinctSentences(rows).map(({ state, sentence }) => (
              <li key={sentence} class={`suggestion is-${state}`}>
                {sentence}
              </li>
            ))}
          </ul>
        </>
      )}
      columns={columns}
      fileName={`health-suggestions-${journey}`}
      empty={
        <Notice title={words.health.recordNone}>
          <p>{words.health.recordNoneWhat}</p>
        </Notice>
      }
    />
  );
}

function useColumns(known: KnownHealth): Column<JourneyHealthSuggestionsRow>[] {
  const { words, format } = useWords();
  const count = (title: string, cell: (row: JourneyHealthSuggestionsRow) => string) => ({
    title,
    cell,
    isNumber: true,
  });
  const points = (value: number | null) =>
    value === null ? words.numbers.unknown : signedPoints(Math.round(value), format);
  return [
    { title: words.health.rule, cell: ({ title }) => title },
    {
      title: words.health.stage,
      cell: ({ stage }) => (stage === null ? words.health.wholeJourney : known.stageTitle(stage)),
    },
    count(words.health.points, (row) => points(row.points)),
    count(words.health.suggested, ({ suggested }) => points(suggested)),
    count(words.numbers.interval, ({ lo, hi }) =>
      lo === null ? words.numbers.unknown : words.numbers.to(points(lo), points(hi)),
    ),
    count(words.health.held, ({ held, units }) => `${format.count(held)} / ${format.count(units)}`),
    count(words.health.lost, ({ heldLost, losses }) => `${format.count(heldLost)} / ${format.count(losses)}`),
  ];
}
