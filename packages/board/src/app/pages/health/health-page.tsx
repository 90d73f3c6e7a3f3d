import { Switch } from '../../parts/choice.tsx';
import { Failure } from '../../parts/notice.tsx';
import { Loading } from '../../parts/panel.tsx';
import { useAddress } from '../../state/address.tsx';
import { useWords } from '../../words/use-words.tsx';
import { ActionsPanel } from './actions-panel.tsx';
import { CalibrationPanel } from './calibration-panel.tsx';
import { LedgerSheet } from './ledger-sheet.tsx';
import { LossesPanel } from './losses-panel.tsx';
import { NoRules } from './no-health.tsx';
import { OutlookPanel } from './outlook-panel.tsx';
import { OutlookCalibrationPanel, OutlookRecordPanel } from './outlook-record-panel.tsx';
import { OverviewPanel } from './overview-panel.tsx';
import { healthPart, healthParts } from './parts.ts';
import { RecordPanel } from './record-panel.tsx';
import { SignalsPanel } from './signals-panel.tsx';
import { SuggestionsPanel } from './suggestions-panel.tsx';
import { TasksPanel } from './tasks-panel.tsx';
import { readUnit, writeUnit } from './unit.ts';
import { type KnownHealth, useHealth } from './use-health.ts';

/** Who is at risk and why; whether scores were right; what is likely to come. */
export function HealthPage({ journey }: { journey: string }) {
  const { query, setQuery } = useAddress();
  const { words } = useWords();
  const known = useHealth(journey);
  const isKiosk = query.has('kiosk');
  const part = isKiosk ? 'now' : healthPart(query);
  // Names of customers don't belong on a wall.
  const who = isKiosk ? null : readUnit(query.get('who'));
  return (
    <>
      <h1>{words.health.title}</h1>
      <div class="row">
        <Switch
          label={words.health.part}
          value={part}
          options={healthParts.map((value) => ({ value, label: words.health.parts[value] }))}
          onChoose={(value) => setQuery({ part: value === 'now' ? null : value })}
        />
      </div>
      <Part journey={journey} known={known} part={part} isKiosk={isKiosk} />
      {who !== null && known.health !== null && (
        <LedgerSheet
          key={writeUnit(who)}
          journey={journey}
          unit={who}
          known={known}
          onClose={() => setQuery({ who: null })}
        />
      )}
    </>
  );
}

interface PartProps {
  journey: string;
  known: KnownHealth;
  part: (typeof healthParts)[number];
  isKiosk: boolean;
}

function Part({ journey, known, part, isKiosk }: PartProps) {
  if (known.error !== null) return <Failure error={known.error} />;
  if (!known.isKnown) return <Loading />;
  if (part === 'ahead') {
    return (
      <>
        <OutlookPanel journey={journey} />
        <OutlookRecordPanel journey={journey} />
        <OutlookCalibrationPanel journey={journey} />
        <LossesPanel journey={journey} />
      </>
    );
  }
  if (known.health === null) return <NoRules journey={journey} />;
  const own = { journey, known, health: known.health };
  if (part === 'record') {
    return (
      <>
        <RecordPanel {...own} />
        <CalibrationPanel {...own} />
        <SuggestionsPanel {...own} />
        <ActionsPanel {...own} />
      </>
    );
  }
  return (
    <>
      <OverviewPanel {...own} />
      {isKiosk ? <RecordPanel {...own} /> : <SignalsPanel {...own} />}
      {!isKiosk && <TasksPanel {...own} />}
    </>
  );
}
