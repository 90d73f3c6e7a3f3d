import { deadLetters, journeys, touchpoints } from '@michinori/client';
import { useAnswer } from '../data/use-answer.tsx';
import { useNow } from '../data/use-now.ts';
import { Notice } from '../parts/notice.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { useAddress } from '../state/address.tsx';
import { useWords } from '../words/use-words.tsx';
import { NoJourney } from './no-journey.tsx';

/** What has arrived, what was refused, and how far the journeys are derived. */
export function DataPage() {
  const { words } = useWords();
  return (
    <>
      <h1>{words.data.title}</h1>
      <FreshnessPanel />
      <JourneysPanel />
      <RejectsPanel />
      <TouchpointsPanel />
    </>
  );
}

function FreshnessPanel() {
  const { view } = useAddress();
  const { words, format } = useWords();
  const nowMs = useNow();
  const watermark = useAnswer(journeys.list({ language: view.language })).answer?.meta.watermark ?? null;
  return (
    <section class="panel" aria-label={words.data.freshness}>
      <h2>{words.data.watermark}</h2>
      <p class="headline">
        {watermark === null ? words.fresh.none : format.time(watermark)}{' '}
        {watermark !== null && <small>{format.ago(Date.parse(watermark), nowMs)}</small>}
      </p>
      <p class="faint">{words.data.watermarkWhat}</p>
    </section>
  );
}

function JourneysPanel() {
  const { view, to } = useAddress();
  const { words, format } = useWords();
  return (
    <Panel
      title={words.data.journeys}
      question={journeys.list({ language: view.language })}
      empty={<NoJourney />}
      fileName="journeys"
      picture={(rows) => (
        <Table
          caption={words.data.journeys}
          rows={rows}
          columns={[
            {
              title: words.controls.journey,
              cell: ({ journey, title }) => (
                <a href={to({ page: 'map', journey })} data-board>
                  {title}
                </a>
              ),
            },
            { title: words.data.version, cell: ({ version }) => format.count(version), isNumber: true },
            {
              title: words.data.state,
              cell: ({ state, progress }) =>
                `${words.data.states[state]}${progress < 1 ? ` · ${format.share(progress)}` : ''}`,
            },
            { title: words.data.applied, cell: ({ appliedAt }) => format.time(appliedAt), isTight: true },
          ]}
        />
      )}
    />
  );
}

function RejectsPanel() {
  const { words, format } = useWords();
  return (
    <Panel
      title={words.data.rejects}
      question={deadLetters.list({ limit: 100 })}
      fileName="dead-letters"
      empty={
        <Notice title={words.data.rejectsNone}>
          <p>{words.data.rejectsWhat}</p>
        </Notice>
      }
      picture={(rows) => (
        <Table
          caption={words.data.rejects}
          rows={rows}
          columns={[
            { title: words.data.received, cell: ({ receivedAt }) => format.time(receivedAt), isTight: true },
            { title: words.data.code, cell: ({ code }) => <code>{code}</code> },
            { title: words.data.message, cell: ({ message }) => message },
            { title: words.data.path, cell: ({ path }) => <code>{path}</code> },
            { title: words.data.source, cell: ({ source }) => words.data.sources[source] },
            {
              title: words.data.raw,
              cell: ({ raw, eventId }) => (
                <details>
                  <summary>{eventId || words.data.raw}</summary>
                  <pre>{raw.slice(0, 4000)}</pre>
                </details>
              ),
            },
          ]}
        />
      )}
    />
  );
}

function TouchpointsPanel() {
  const { words, format } = useWords();
  return (
    <Panel
      title={words.data.touchpoints}
      question={touchpoints.list({ limit: 500 })}
      fileName="touchpoints"
      empty={<Notice title={words.states.noData} />}
      picture={(rows) => (
        <Table
          caption={words.data.touchpoints}
          rows={rows}
          columns={[
            { title: words.funnel.touchpoint, cell: ({ touchpoint }) => touchpoint },
            { title: words.data.events, cell: ({ events }) => format.count(events), isNumber: true },
            { title: words.data.customers, cell: ({ customers }) => format.count(customers), isNumber: true },
            { title: words.data.first, cell: ({ first }) => format.time(first), isTight: true },
            { title: words.data.last, cell: ({ last }) => format.time(last), isTight: true },
          ]}
        />
      )}
    />
  );
}
