import { type CustomerGetMeta, type CustomerGetRow, customers } from '@michinori/client';
import { useState } from 'preact/hooks';
import { useAnswer } from '../../data/use-answer.tsx';
import { useJourneys } from '../../data/use-journeys.ts';
import { Panel } from '../../parts/panel.tsx';
import type { Column } from '../../parts/table.tsx';
import { useAddress } from '../../state/address.tsx';
import { useWords } from '../../words/use-words.tsx';
import { CustomerHealth } from './customer-health.tsx';
import { timelineDays } from './timeline.ts';

/** One customer: where he stands, what he is, and all that happened. */
export function CustomerPage({ customer }: { customer: string }) {
  const { words } = useWords();
  const { current } = useJourneys();
  const [limit, setLimit] = useState(200);
  const columns = useColumns();
  // As messages about somebody who is known by an anonymous id only link to him.
  const isAnonymous = useAddress().query.get('anonymous') === 'true';
  const question = customers.get(customer, {
    limit,
    ...(isAnonymous ? { anonymous: true } : {}),
    ...(current === null ? {} : { journey: current }),
  });
  const meta = useAnswer(question).answer?.meta ?? null;
  return (
    <>
      <h1>{customer}</h1>
      {meta !== null && (
        <CustomerHealth unit={{ kind: isAnonymous ? 'anonymous' : 'customer', id: customer }} meta={meta} />
      )}
      <Panel
        title={words.customer.timeline}
        question={question}
        picture={(rows, meta) => (
          <div class="customer">
            <Facts meta={meta} />
            <div>
              <Timeline rows={rows} />
              {meta.cursor !== null && (
                <button type="button" onClick={() => setLimit(limit * 4)}>
                  {words.customer.later}
                </button>
              )}
            </div>
          </div>
        )}
        columns={columns}
        fileName={`customer-${customer}`}
      />
    </>
  );
}

function Facts({ meta }: { meta: CustomerGetMeta }) {
  const { words, format } = useWords();
  const facts: [string, string][] = [
    [words.customer.events, format.count(meta.events)],
    [words.customer.firstSeen, format.time(meta.firstSeen)],
    [words.customer.lastSeen, format.time(meta.lastSeen)],
    ...(meta.account === null ? [] : [[words.customer.account, meta.account] as [string, string]]),
    ...Object.entries(meta.traits),
  ];
  return (
    <aside class="facts">
      {meta.journeys.map((journey) => (
        <div key={journey.journey} class="fact-journey">
          <h3>{journey.journey}</h3>
          <p>
            <b>{journey.stage}</b> · {words.customers.outcomes[journey.state]}
          </p>
          <p class="faint">{words.customer.since(format.date(journey.since))}</p>
          {journey.nextStep !== null && (
            <p class="faint">
              {words.customer.next(
                journey.nextStep.touchpoint,
                format.share(journey.nextStep.share),
                format.count(journey.nextStep.n),
              )}
            </p>
          )}
        </div>
      ))}
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {meta.identities.length > 0 && (
          <div>
            <dt>{words.customer.identities}</dt>
            <dd>{meta.identities.map(({ id }) => id).join(', ')}</dd>
          </div>
        )}
      </dl>
    </aside>
  );
}

function Timeline({ rows }: { rows: readonly CustomerGetRow[] }) {
  const { view } = useAddress();
  const { words, format, language } = useWords();
  const clock = new Intl.DateTimeFormat(language, { timeZone: view.timezone, timeStyle: 'short' });
  return (
    <ol class="timeline">
      {timelineDays(rows, view.timezone).map(({ date, events }) => (
        <li key={date}>
          <h3>{format.date(events[0]?.at ?? null)}</h3>
          <ol>
            {events.map((event) => (
              <li key={event.id} class={`event ${event.direction ?? ''}`}>
                <time dateTime={event.at}>{clock.format(Date.parse(event.at))}</time>
                <span>
                  <b>{event.touchpoint}</b>{' '}
                  <small>{[event.channel, event.team, event.topic].filter((part) => part !== null).join(' · ')}</small>
                </span>
                <span class="event-facts">
                  {event.stage !== null && <span class="badge">{event.stage}</span>}
                  {event.nps !== null && <span class="badge">{words.customer.nps(format.count(event.nps))}</span>}
                  {event.sentiment !== null && (
                    <span title={words.customer.sentiment} class={event.sentiment < 0 ? 'lost' : ''}>
                      {event.sentiment < 0 ? '☹' : '☺'} {format.decimal(event.sentiment, { signed: true })}
                    </span>
                  )}
                  {event.amount !== null && `${event.amount} ${event.currency ?? ''}`}
                </span>
              </li>
            ))}
          </ol>
        </li>
      ))}
    </ol>
  );
}

function useColumns(): Column<CustomerGetRow>[] {
  const { words, format } = useWords();
  return [
    { title: words.customer.at, cell: ({ at }) => format.time(at), isTight: true },
    { title: words.funnel.touchpoint, cell: ({ touchpoint }) => touchpoint },
    { title: words.customer.channel, cell: ({ channel }) => channel ?? '' },
    { title: words.customer.team, cell: ({ team }) => team ?? '' },
    { title: words.customer.stage, cell: ({ stage }) => stage ?? '' },
    {
      title: words.customer.sentiment,
      cell: ({ sentiment }) => (sentiment === null ? '' : format.decimal(sentiment)),
      isNumber: true,
    },
    { title: 'NPS', cell: ({ nps }) => (nps === null ? '' : format.count(nps)), isNumber: true },
    {
      title: words.customer.amount,
      cell: ({ amount, currency }) => (amount === null ? '' : `${amount} ${currency ?? ''}`),
      isNumber: true,
    },
  ];
}
