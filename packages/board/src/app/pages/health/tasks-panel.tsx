import { type JourneyTasksRow, journeys } from '@michinori/client';
import { Choice } from '../../parts/choice.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { useAddress } from '../../state/address.tsx';
import { useWords } from '../../words/use-words.tsx';
import { unitOf } from './unit.ts';
import { UnitLink } from './unit-link.tsx';
import type { KnownHealth } from './use-health.ts';

const states = ['open', 'overdue', 'settled', 'all'] as const;

/** What somebody is to do because of a signal, the next that is due first. */
export function TasksPanel({ journey, known }: { journey: string; known: KnownHealth }) {
  const { query, view, setQuery } = useAddress();
  const { words } = useWords();
  const columns = useColumns(known);
  const state = states.find((one) => one === query.get('tasks')) ?? 'open';
  return (
    <Panel
      title={words.health.tasks}
      question={journeys.tasks(journey, { state, limit: 1000, language: view.language })}
      actions={
        <Choice
          label={words.health.taskState}
          value={state}
          options={states.map((value) => ({ value, label: words.health.taskStates[value] }))}
          onChoose={(value) => setQuery({ tasks: value === 'open' ? null : value })}
        />
      }
      picture={(rows) => <Table caption={words.health.tasks} rows={rows} columns={columns} />}
      fileName={`tasks-${journey}`}
      empty={
        <Notice title={words.health.noTasks}>
          <p>{words.health.noTasksWhat}</p>
        </Notice>
      }
    />
  );
}

function useColumns(known: KnownHealth): Column<JourneyTasksRow>[] {
  const { words, format } = useWords();
  return [
    { title: words.health.dueAt, cell: ({ dueAt }) => format.time(dueAt), isTight: true },
    {
      title: words.health.taskState,
      cell: ({ state }) => <span class={state === 'overdue' ? 'lost' : ''}>{words.health.taskStates[state]}</span>,
      isTight: true,
    },
    { title: words.health.owner, cell: ({ owner }) => owner },
    { title: words.health.task, cell: ({ text }) => <span class="roomy">{text}</span> },
    { title: words.nav.customer, cell: (row) => <UnitLink unit={unitOf(row)} />, isTight: true },
    { title: words.health.stage, cell: ({ stage }) => known.stageTitle(stage), isTight: true },
    { title: words.health.signal, cell: ({ signal }) => words.health.kinds[signal], isTight: true },
    {
      title: words.health.score,
      cell: ({ score }) => (score === null ? words.numbers.unknown : format.count(score)),
      isNumber: true,
    },
  ];
}
