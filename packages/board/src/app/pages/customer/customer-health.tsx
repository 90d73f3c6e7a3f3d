import type { CustomerGetMeta } from '@michinori/client';
import { useJourneys } from '../../data/use-journeys.ts';
import { Loading } from '../../parts/panel.tsx';
import { useAddress } from '../../state/address.tsx';
import { useWords } from '../../words/use-words.tsx';
import { LedgerTable } from '../health/ledger-table.tsx';
import { ScoreHistory } from '../health/score-history.tsx';
import { type Unit, writeUnit } from '../health/unit.ts';
import { useHealth } from '../health/use-health.ts';
import { useUnitHealth } from '../health/use-unit-health.ts';
import { NextStep } from './next-step.tsx';

type Standing = CustomerGetMeta['journeys'][number];

interface CustomerHealthProps {
  unit: Unit;
  meta: CustomerGetMeta;
}

/** How a customer is doing in each journey, and what is likely to come; nothing where neither is known. */
export function CustomerHealth({ unit, meta }: CustomerHealthProps) {
  const told = meta.journeys.filter(({ health, outlook }) => health !== null || outlook !== null);
  const scoredFirst = told.toSorted((a, b) => Number(b.health !== null) - Number(a.health !== null));
  return (
    <>
      {scoredFirst.map((standing) => (
        <OneJourney key={standing.journey} unit={unit} standing={standing} meta={meta} />
      ))}
    </>
  );
}

function OneJourney({ unit, standing, meta }: CustomerHealthProps & { standing: Standing }) {
  const { to } = useAddress();
  const { words, format } = useWords();
  const { all } = useJourneys();
  const { journey, outlook } = standing;
  const known = useHealth(journey);
  const found = useUnitHealth(journey, unit, meta);
  const title = all?.find((one) => one.journey === journey)?.title ?? journey;
  const heading = `${title} · ${standing.health === null ? words.health.aheadOf : words.health.onMap}`;
  return (
    <section class="panel" aria-label={heading}>
      <header class="panel-head">
        <h2>{heading}</h2>
        {found != null && (
          <a href={to({ page: 'health', journey }, { who: writeUnit(unit) })} data-board>
            {words.health.toLedger}
          </a>
        )}
      </header>
      <div class="customer-health">
        {standing.health !== null && found === undefined && <Loading />}
        {found != null && known.health !== null && (
          <div>
            <p class="headline">
              {words.health.ledgerOf(format.count(found.score))}{' '}
              <small>
                {known.stageTitle(found.stage)} · {words.health.asOf(format.time(found.at))}
              </small>
            </p>
            <LedgerTable lines={found.ledger} stage={found.stage} health={known.health} />
            <ScoreHistory name={unit.id} history={found.history} health={known.health} />
          </div>
        )}
        {outlook !== null && <NextStep name={`${unit.id}-${journey}`} outlook={outlook} />}
      </div>
    </section>
  );
}
