import { Choice, Field } from '../../../parts/choice.tsx';
import { useWords } from '../../../words/use-words.tsx';
import type { IncidentDraft } from './backtest-state.ts';

interface IncidentsProps {
  incidents: readonly IncidentDraft[];
  stages: readonly { id: string; title: string }[];
  onChange: (incidents: readonly IncidentDraft[]) => void;
}

/** Times in which something is known to have gone wrong, a row each. */
export function Incidents({ incidents, stages, onChange }: IncidentsProps) {
  const { words, format } = useWords();
  const set = (at: number, incident: IncidentDraft) => onChange(incidents.with(at, incident));
  return (
    <fieldset class="incidents">
      <legend class="field-name">{words.backtest.incidents}</legend>
      <p class="faint">{words.backtest.incidentsWhat}</p>
      {incidents.map((incident, at) => {
        const number = format.count(at + 1);
        return (
          <div class="row" key={at}>
            <Field label={words.backtest.incidentFrom(number)}>
              <input
                type="date"
                value={incident.first}
                onChange={(event) => {
                  const first = event.currentTarget.value;
                  set(at, { ...incident, first, last: incident.last === '' ? first : incident.last });
                }}
              />
            </Field>
            <Field label={words.backtest.incidentTo(number)}>
              <input
                type="date"
                value={incident.last}
                min={incident.first}
                onChange={(event) => set(at, { ...incident, last: event.currentTarget.value })}
              />
            </Field>
            <Choice
              label={words.backtest.incidentStage(number)}
              value={incident.stage}
              options={[
                { value: '', label: words.backtest.everyStage },
                ...stages.map(({ id, title }) => ({ value: id, label: title })),
                ...(incident.stage === '' || stages.some(({ id }) => id === incident.stage)
                  ? []
                  : [{ value: incident.stage, label: incident.stage }]),
              ]}
              onChoose={(stage) => set(at, { ...incident, stage })}
            />
            <button
              type="button"
              class="icon"
              aria-label={words.backtest.removeIncident(number)}
              onClick={() => onChange(incidents.toSpliced(at, 1))}
            >
              ×
            </button>
          </div>
        );
      })}
      <button
        type="button"
        disabled={incidents.length >= 100}
        onClick={() => onChange([...incidents, { first: '', last: '', stage: '' }])}
      >
        {words.backtest.addIncident}
      </button>
    </fieldset>
  );
}
