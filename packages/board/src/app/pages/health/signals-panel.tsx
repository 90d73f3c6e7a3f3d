import { type JourneySignalsRow, journeys } from '@michinori/client';
import { useAnswer } from '../../data/use-answer.tsx';
import { Choice, Switch } from '../../parts/choice.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { useAddress } from '../../state/address.tsx';
import { segmentQuery } from '../../state/segments.ts';
import { useWords } from '../../words/use-words.tsx';
import type { HealthDefinition } from './definition.ts';
import { signedPoints } from './ledger.ts';
import { joinSignals, type OpenSignal, reasonsOf, type SignalKind, signalKinds } from './signal-list.ts';
import { UnitLink } from './unit-link.tsx';
import type { KnownHealth } from './use-health.ts';

const rowsMax = 1000;
const reasonsMax = 4;

interface SignalsProps {
  journey: string;
  known: KnownHealth;
  health: HealthDefinition;
}

/** Who has an open signal, since when and why, and who is to do what about it. */
export function SignalsPanel({ journey, known, health }: SignalsProps) {
  const { query, view, setQuery } = useAddress();
  const { words, format } = useWords();
  const kind: SignalKind = signalKinds.find((one) => one === query.get('signal')) ?? 'churn';
  const stage = known.stages.find(({ id }) => id === query.get('stage'))?.id ?? '';
  const ofStage = stage === '' ? {} : { stage };
  const question = journeys.signals(journey, { signal: kind, ...ofStage, limit: rowsMax });
  const columns = useColumns(known, health);
  const scores = useAnswer(
    journeys.healthCustomers(journey, {
      ...segmentQuery(view.segments),
      order: kind === 'churn' ? 'lowest' : 'highest',
      limit: rowsMax,
    }),
  ).answer;
  const tasks = useAnswer(journeys.tasks(journey, { limit: rowsMax, language: view.language })).answer?.rows ?? [];
  const isNarrowed = view.segments.length > 0;
  const isWaiting = isNarrowed && scores === null;
  const listOf = (rows: readonly JourneySignalsRow[]) =>
    isWaiting ? [] : joinSignals(rows, scores?.rows ?? [], tasks, isNarrowed);
  const none = (
    <Notice title={words.health.noSignals}>
      <p>{words.health.noSignalsWhat}</p>
    </Notice>
  );
  return (
    <Panel
      title={words.health.signals}
      question={question}
      actions={
        <>
          <Switch
            label={words.health.signal}
            value={kind}
            options={signalKinds.map((value) => ({ value, label: words.health.kinds[value] }))}
            onChoose={(value) => setQuery({ signal: value === 'churn' ? null : value })}
          />
          <Choice
            label={words.health.stage}
            value={stage}
            options={[
              { value: '', label: words.health.allStages },
              ...known.stages.map(({ id, title }) => ({ value: id, label: title })),
            ]}
            onChoose={(value) => setQuery({ stage: value })}
          />
        </>
      }
      sentence={(rows, { truncated }) =>
        isWaiting ? null : (
          <>
            {words.health.open(`${format.count(listOf(rows).length)}${truncated ? '+' : ''}`)}{' '}
            <small class="faint">{words.health.kindsWhat[kind]}</small>
          </>
        )
      }
      picture={(rows) => {
        const list = listOf(rows);
        if (list.length === 0) return isWaiting ? null : none;
        return (
          <>
            <Table caption={words.health.signals} rows={list} columns={columns} />
            {isNarrowed && <p class="faint">{words.health.allSegmentsInFile}</p>}
          </>
        );
      }}
      fileName={`signals-${kind}-${journey}`}
      empty={none}
    />
  );
}

function useColumns(known: KnownHealth, health: HealthDefinition): Column<OpenSignal>[] {
  const { words, format } = useWords();
  const reasonIn = (stage: string, rule: string, points: number) => {
    const title = health.titleOf(rule, stage);
    const own = health.rulesOf(stage).find(({ id }) => id === rule)?.points ?? points;
    // Points of a rule that held before and doesn't any more come back with the other sign.
    return own * points < 0 ? words.health.noLonger(title) : title;
  };
  const score = (value: number | null) => (value === null ? words.numbers.unknown : format.count(value));
  return [
    { title: words.nav.customer, cell: ({ unit }) => <UnitLink unit={unit} />, isTight: true },
    {
      title: words.health.stage,
      cell: ({ now, signal }) => (
        <>
          {known.stageTitle(now?.stage ?? signal.stage)}
          {now !== null && now.stage !== signal.stage && (
            <small class="faint"> {words.health.raisedIn(known.stageTitle(signal.stage))}</small>
          )}
        </>
      ),
      isTight: true,
    },
    {
      title: words.health.score,
      cell: ({ now, signal }) => <b>{score(now?.score ?? signal.score)}</b>,
      isNumber: true,
    },
    {
      title: words.health.since,
      cell: ({ signal }) => (
        <>
          {format.date(signal.raisedAt)}
          {signal.backfilled && (
            <abbr class="faint" title={words.health.inHistory}>
              {' '}
              *<span class="hidden"> {words.health.inHistory}</span>
            </abbr>
          )}
        </>
      ),
      isTight: true,
    },
    {
      title: words.health.why,
      cell: (signal) => (
        <ul class="reasons">
          {reasonsOf(signal)
            .slice(0, reasonsMax)
            .map(({ rule, points }) => (
              <li key={rule}>
                {reasonIn(signal.signal.stage, rule, points)} <small>{signedPoints(points, format)}</small>
              </li>
            ))}
        </ul>
      ),
    },
    {
      title: words.health.task,
      cell: ({ task }) =>
        task === null ? (
          <span class="faint">{words.numbers.unknown}</span>
        ) : (
          <span class={task.state === 'overdue' ? 'lost' : ''}>
            {words.health.due(task.owner, format.date(task.dueAt))}
            {task.state === 'overdue' && ` · ${words.health.taskStates.overdue}`}
          </span>
        ),
    },
    { title: words.customers.segment, cell: ({ now }) => <small class="faint roomy">{now?.segment ?? ''}</small> },
  ];
}
