import { useEffect, useRef } from 'preact/hooks';
import { Notice } from '../../parts/notice.tsx';
import { Loading } from '../../parts/panel.tsx';
import { useAddress } from '../../state/address.tsx';
import { useWords } from '../../words/use-words.tsx';
import { LedgerTable } from './ledger-table.tsx';
import { ScoreHistory } from './score-history.tsx';
import type { Unit } from './unit.ts';
import type { KnownHealth } from './use-health.ts';
import { useUnitHealth } from './use-unit-health.ts';

interface SheetProps {
  journey: string;
  unit: Unit;
  known: KnownHealth;
  onClose: () => void;
}

/** One customer's score in a sheet over the page: every point, why, and how it came to that. */
export function LedgerSheet({ journey, unit, known, onClose }: SheetProps) {
  const { to } = useAddress();
  const { words, format } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const found = useUnitHealth(journey, unit);
  const { health } = known;
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} class="sheet" onClose={onClose} aria-label={unit.id}>
      <header class="panel-head">
        <h2>{unit.id}</h2>
        <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
          {words.behind.close}
        </button>
      </header>
      {found === undefined && <Loading />}
      {found === null && <Notice title={words.health.noScore} />}
      {found != null && health !== null && (
        <div class="sheet-body">
          <p class="headline">
            {words.health.ledgerOf(format.count(found.score))}{' '}
            <small>
              {known.stageTitle(found.stage)} · {words.health.asOf(format.time(found.at))}
            </small>
          </p>
          <h3>{words.health.ledger}</h3>
          <LedgerTable lines={found.ledger} stage={found.stage} health={health} />
          <ScoreHistory name={unit.id} history={found.history} health={health} />
        </div>
      )}
      {unit.kind !== 'account' && (
        <p>
          <a
            href={to(
              { page: 'customer', customer: unit.id },
              { journey, ...(unit.kind === 'anonymous' ? { anonymous: 'true' } : {}) },
            )}
            data-board
          >
            {words.health.toCustomer}
          </a>
        </p>
      )}
    </dialog>
  );
}
