import { type JourneyCustomersRow, journeys } from '@michinori/client';
import { useState } from 'preact/hooks';
import { useAnswer } from '../../data/use-answer.tsx';
import { useJourneys } from '../../data/use-journeys.ts';
import { Choice, Field } from '../../parts/choice.tsx';
import { Loading, Panel } from '../../parts/panel.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { useAddress } from '../../state/address.tsx';
import { linkedInstants } from '../../state/linked-instants.ts';
import { useShared } from '../../state/use-question.ts';
import { useWords } from '../../words/use-words.tsx';
import { NoJourney } from '../no-journey.tsx';
import { visitsSentence } from './visits-sentence.ts';

const outcomes = ['open', 'advanced', 'returned', 'lost', 'silent', 'completed', 'dropped'] as const;

/** The customers of a journey by stage and outcome; or one of them by id. */
export function CustomersPage() {
  const { words } = useWords();
  const { all, current } = useJourneys();
  return (
    <>
      <h1>{words.customers.title}</h1>
      <Find />
      {current !== null && <Visits journey={current} />}
      {current === null && (all === null ? <Loading /> : <NoJourney />)}
    </>
  );
}

function Find() {
  const { to, go } = useAddress();
  const { words } = useWords();
  const [typed, setTyped] = useState('');
  return (
    <form
      class="row"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() !== '') go(to({ page: 'customer', customer: typed.trim() }));
      }}
    >
      <Field label={words.customers.find}>
        <input type="search" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
      </Field>
      <button type="submit">{words.customers.open}</button>
    </form>
  );
}

function Visits({ journey }: { journey: string }) {
  const { query, view, setQuery } = useAddress();
  const { words, format } = useWords();
  const shared = useShared();
  const linked = linkedInstants(query);
  const { from, to } = linked ?? shared;
  const columns = useColumns();
  const [limit, setLimit] = useState(50);
  const stages = useAnswer(journeys.get(journey, { language: view.language })).answer?.rows ?? [];
  const stage = query.get('stage') ?? '';
  const outcome = outcomes.find((known) => known === query.get('outcome'));
  const touchpoint = query.get('touchpoint') || null;
  const question = journeys.customers(journey, {
    ...shared,
    ...{ from, to, limit },
    ...(touchpoint === null ? {} : { touchpoint }),
    ...(stage === '' ? {} : { stage }),
    ...(outcome === undefined ? {} : { outcome }),
  });
  const stageTitle = stages.find(({ id }) => id === stage)?.title ?? (stage || null);
  const asked = { stage: stageTitle, outcome: outcome ?? null, touchpoint, segments: view.segments, from, to };
  return (
    <>
      <div class="row">
        <Choice
          label={words.customers.stage}
          value={stage}
          options={[
            { value: '', label: words.customers.anyStage },
            ...stages.map(({ id, title }) => ({ value: id, label: title })),
          ]}
          onChoose={(value) => setQuery({ stage: value })}
        />
        <Choice
          label={words.customers.outcome}
          value={outcome ?? ''}
          options={[
            { value: '', label: words.customers.anyOutcome },
            ...outcomes.map((value) => ({ value, label: words.customers.outcomes[value] })),
          ]}
          onChoose={(value) => setQuery({ outcome: value })}
        />
        {touchpoint !== null && (
          <button
            type="button"
            class="chip"
            aria-label={words.customers.removeTouchpoint(touchpoint)}
            onClick={() => setQuery({ touchpoint: null })}
          >
            {touchpoint} <span aria-hidden="true">×</span>
          </button>
        )}
        {linked !== null && (
          <button type="button" onClick={() => setQuery({ from: null, to: null })}>
            {words.customers.anyTime}
          </button>
        )}
      </div>
      <p class="sentence">{visitsSentence(asked, words, format)}</p>
      <Panel
        title={words.customers.title}
        question={question}
        picture={(rows, { cursor }) => (
          <>
            <Table caption={words.customers.title} rows={rows} columns={columns(stages)} />
            {cursor !== null && (
              <p>
                <button type="button" onClick={() => setLimit(limit * 4)}>
                  {words.behind.more}
                </button>{' '}
                <span class="faint">{words.numbers.n(format.count(rows.length))} …</span>
              </p>
            )}
          </>
        )}
        fileName={`customers-${journey}`}
      />
    </>
  );
}

function useColumns() {
  const { words, format } = useWords();
  const { to } = useAddress();
  return (stages: readonly { id: string; title: string }[]): Column<JourneyCustomersRow>[] => [
    {
      title: words.nav.customer,
      isTight: true,
      cell: ({ customer, account, anonymous }) =>
        customer === null ? (
          (account ?? `${anonymous} (${words.behind.anonymous})`)
        ) : (
          <a href={to({ page: 'customer', customer })} data-board>
            {customer}
          </a>
        ),
    },
    { title: words.customers.stage, cell: ({ stage }) => stages.find(({ id }) => id === stage)?.title ?? stage },
    { title: words.customers.outcome, cell: ({ outcome }) => words.customers.outcomes[outcome] },
    { title: words.customers.entered, cell: ({ enteredAt }) => format.time(enteredAt), isTight: true },
    { title: words.customers.duration, cell: ({ seconds }) => format.duration(seconds), isNumber: true },
    { title: words.customers.reason, cell: ({ reason }) => reason ?? '' },
    { title: words.customers.lastActivity, cell: ({ lastActivityAt }) => format.time(lastActivityAt), isTight: true },
    { title: words.customers.segment, cell: ({ segment }) => segment },
  ];
}
