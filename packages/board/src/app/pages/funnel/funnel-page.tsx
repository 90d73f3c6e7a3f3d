import { type FunnelQueryBody, type FunnelQueryRow, funnels } from '@michinori/client';
import { useState } from 'preact/hooks';
import { useNow } from '../../data/use-now.ts';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import type { Column } from '../../parts/table.tsx';
import { useAddress } from '../../state/address.tsx';
import { useWords } from '../../words/use-words.tsx';
import { Behind, type Spot } from './behind.tsx';
import { CopyCurl } from './copy-curl.tsx';
import { readFunnel, writeFunnel } from './funnel-address.ts';
import { FunnelBars } from './funnel-bars.tsx';
import { FunnelForm } from './funnel-form.tsx';
import { bodyOf } from './funnel-state.ts';
import { TimesPanel } from './times-panel.tsx';
import { TrendPanel } from './trend-panel.tsx';

/** Build a funnel, see where customers drop, and who they are. */
export function FunnelPage() {
  const { query, view, setQuery } = useAddress();
  const { words } = useWords();
  const nowMs = useNow();
  const state = readFunnel(query);
  const body = bodyOf(state, view, nowMs);
  const example = [
    { text: 'demo.requested|trial.started', isOptional: false },
    { text: 'contract.signed', isOptional: false },
    { text: 'value.milestone', isOptional: false },
  ];
  return (
    <>
      <h1>{words.funnel.title}</h1>
      <FunnelForm state={state} onChange={(next) => setQuery(writeFunnel(next))} />
      {body === null ? (
        <Notice title={words.funnel.start}>
          <p>{words.funnel.startWhat}</p>
          {state.steps.every(({ text }) => text === '') && (
            <button type="button" onClick={() => setQuery(writeFunnel({ ...state, steps: example }))}>
              {words.funnel.example}
            </button>
          )}
        </Notice>
      ) : (
        <>
          <Result body={body} />
          {state.trend !== undefined && <TrendPanel body={body} interval={state.trend} />}
          {state.times !== undefined && (
            <TimesPanel
              body={body}
              times={state.times}
              onChange={(times) => setQuery(writeFunnel({ ...state, times }))}
            />
          )}
        </>
      )}
    </>
  );
}

function Result({ body }: { body: FunnelQueryBody }) {
  const { words, format } = useWords();
  const [spot, setSpot] = useState<Spot | null>(null);
  return (
    <>
      <Panel
        title={words.funnel.converted}
        question={funnels.query(body)}
        sentence={(rows) => <Conversion rows={rows} />}
        picture={(rows, meta) => (
          <>
            <FunnelBars rows={rows} onSpot={setSpot} />
            {meta.otherSegmentsCount > 0 && (
              <p class="faint">{words.funnel.others(format.count(meta.otherSegmentsCount))}</p>
            )}
          </>
        )}
        columns={useColumns()}
        actions={<CopyCurl body={body} />}
        fileName="funnel"
      />
      {spot !== null && <Behind body={body} spot={spot} onClose={() => setSpot(null)} />}
    </>
  );
}

/** One sentence per segment: how many get to the end. */
function Conversion({ rows }: { rows: readonly FunnelQueryRow[] }) {
  const { words, format } = useWords();
  const last = Math.max(...rows.map(({ step }) => step));
  const ends = rows.filter(({ step, segment, rate }) => step === last && segment === null && rate !== null);
  return (
    <>
      {ends.map(({ rate, lo, hi }) => words.funnel.conversion(format.share(rate), format.share(lo), format.share(hi)))}
    </>
  );
}

function useColumns(): Column<FunnelQueryRow>[] {
  const { words, format } = useWords();
  const count = (title: string, cell: (row: FunnelQueryRow) => string) => ({ title, cell, isNumber: true });
  return [
    { title: words.funnel.step(''), cell: ({ step, touchpoint }) => `${step}. ${touchpoint}` },
    {
      title: words.funnel.segment,
      cell: ({ segment }) => (segment === null ? words.numbers.everybody : segment || words.numbers.missing),
    },
    count(words.funnel.reached, ({ customers }) => format.count(customers)),
    count(words.numbers.rate, ({ rate }) => format.share(rate)),
    count(words.numbers.interval, ({ lo, hi }) => format.shares(lo, hi)),
    count(words.funnel.fromPrevious, ({ fromPreviousRate }) => format.share(fromPreviousRate)),
    count(words.funnel.dropped, ({ dropped }) => format.count(dropped)),
    count(words.funnel.open, ({ open }) => format.count(open)),
    count(words.funnel.time, ({ secondsP50 }) => format.duration(secondsP50)),
    count(words.funnel.q, ({ qValue }) => format.decimal(qValue, { digits: 3 })),
    { title: words.data.state, cell: ({ state }) => words.states[state] },
  ];
}
