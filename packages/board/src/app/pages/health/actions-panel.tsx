import { type JourneyActionsRow, journeys } from '@michinori/client';
import { Panel } from '../../parts/panel.tsx';
import type { Column } from '../../parts/table.tsx';
import { useWords } from '../../words/use-words.tsx';
import { effectVerdict } from './effect.ts';
import { NoActions } from './no-health.tsx';

/** What is done when signals are raised, and what became different from then on. */
export function ActionsPanel({ journey }: { journey: string }) {
  const { words, format } = useWords();
  const columns = useColumns();
  return (
    <Panel
      title={words.health.actions}
      question={journeys.actions(journey)}
      picture={(rows) => (
        <>
          <p class="faint">{words.health.actionsWhat}</p>
          <ul class="suggestions">
            {rows.map((row) => (
              <li key={nameOf(row)} class="suggestion">
                <b>
                  {words.health.kinds[row.signal]} → {nameOf(row)}
                </b>{' '}
                <span class="faint">{words.health.actionSince(format.date(row.at))}</span>
                <br />
                {effectVerdict(row, words, format)}{' '}
                <small class="faint">
                  {words.health.before180} {format.count(row.customersBefore)} · {words.health.after180}{' '}
                  {format.count(row.customersAfter)}
                </small>
              </li>
            ))}
          </ul>
        </>
      )}
      columns={columns}
      fileName={`actions-${journey}`}
      empty={<NoActions />}
    />
  );
}

const nameOf = ({ owner, webhook }: JourneyActionsRow) => [owner, webhook].filter((part) => part !== null).join(', ');

function useColumns(): Column<JourneyActionsRow>[] {
  const { words, format } = useWords();
  const count = (title: string, cell: (row: JourneyActionsRow) => string) => ({ title, cell, isNumber: true });
  return [
    { title: words.health.signal, cell: ({ signal }) => words.health.kinds[signal] },
    { title: words.health.owner, cell: nameOf },
    { title: words.health.since, cell: ({ at }) => format.date(at), isTight: true },
    count(words.health.before180, ({ customersBefore }) => format.count(customersBefore)),
    count(words.health.after180, ({ customersAfter }) => format.count(customersAfter)),
    { title: words.health.measured, cell: (row) => effectVerdict(row, words, format) },
  ];
}
