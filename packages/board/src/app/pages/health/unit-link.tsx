import { useAddress } from '../../state/address.tsx';
import { useWords } from '../../words/use-words.tsx';
import { type Unit, writeUnit } from './unit.ts';

/** The name of a customer or an account; leads to its ledger beside this page. */
export function UnitLink({ unit }: { unit: Unit }) {
  const { query, route } = useAddress();
  const { words } = useWords();
  const next = new URLSearchParams(query);
  next.set('who', writeUnit(unit));
  const path = 'journey' in route ? `/journeys/${encodeURIComponent(route.journey)}/health` : '';
  return (
    <a href={`${path}?${next}`} data-board>
      {unit.kind === 'anonymous' ? `${unit.id} (${words.behind.anonymous})` : unit.id}
    </a>
  );
}
