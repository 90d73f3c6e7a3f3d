import { type FunnelCustomersRow, type FunnelQueryBody, funnels } from '@michinori/client';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useAnswer } from '../../data/use-answer.tsx';
import { Failure } from '../../parts/notice.tsx';
import { Loading } from '../../parts/panel.tsx';
import { Table } from '../../parts/table.tsx';
import { useAddress } from '../../state/address.tsx';
import { useWords } from '../../words/use-words.tsx';

/** One number of a funnel. */
export interface Spot {
  step: number;
  touchpoint: string;
  outcome: 'converted' | 'dropped' | 'open';
  segment: string | null;
}

interface BehindProps {
  body: FunnelQueryBody;
  spot: Spot;
  onClose: () => void;
}

/** The customers behind a number, in a sheet over the page. */
export function Behind({ body, spot, onClose }: BehindProps) {
  const { to } = useAddress();
  const { words, format } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const [limit, setLimit] = useState(50);
  const { step, outcome, segment, touchpoint } = spot;
  const { trend: _, ...plain } = body;
  const question = funnels.customers({ ...plain, step, outcome, limit, ...(segment === null ? {} : { segment }) });
  const { answer, error } = useAnswer(question);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const outcomeName = { converted: words.funnel.reached, dropped: words.funnel.dropped, open: words.funnel.open }[
    outcome
  ];
  const title = [`${step}. ${touchpoint}`, segment === null ? null : segment || words.numbers.missing, outcomeName];

  function name({ customer, anonymous }: FunnelCustomersRow) {
    if (customer === null) return `${anonymous} (${words.behind.anonymous})`;
    if (body.unit === 'account') return customer;
    return (
      <a href={to({ page: 'customer', customer })} data-board>
        {customer}
      </a>
    );
  }

  return (
    <dialog ref={dialog} class="sheet" onClose={onClose} aria-label={words.behind.title}>
      <header class="panel-head">
        <h2>{title.filter((part) => part !== null).join(' · ')}</h2>
        <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
          {words.behind.close}
        </button>
      </header>
      {error !== null && answer === null && <Failure error={error} />}
      {answer === null && error === null && <Loading />}
      {answer !== null && answer.rows.length === 0 && <p>{words.behind.none}</p>}
      {answer !== null && answer.rows.length > 0 && (
        <Table
          caption={words.behind.title}
          rows={answer.rows}
          columns={[
            { title: words.nav.customer, cell: name },
            { title: words.behind.entered, cell: ({ enteredAt }) => format.time(enteredAt), isTight: true },
            { title: words.behind.furthest, cell: ({ furthest }) => format.count(furthest), isNumber: true },
          ]}
        />
      )}
      {answer?.meta.cursor != null && limit < 1000 && (
        <button type="button" onClick={() => setLimit(Math.min(1000, limit * 4))}>
          {words.behind.more}
        </button>
      )}
    </dialog>
  );
}
