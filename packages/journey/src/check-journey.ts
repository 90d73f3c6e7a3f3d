import { checkHealth } from './check-health.ts';
import { checkRules } from './check-rules.ts';
import type { Journey, Persona, Stage } from './journey.ts';
import type { Places } from './places.ts';
import type { Report } from './problem.ts';
import { canHoldTogether } from './satisfiable.ts';

/** Reports what is wrong with the parts of a journey together; parts that couldn't be read are not there. */
export function checkJourney(journey: Journey, places: Places, report: Report): void {
  checkIds(journey.stages, 'stage', places, report);
  checkIds(journey.personas, 'persona', places, report);
  checkPersonas(journey, places, report);
  checkTerminals(journey, places, report);
  checkRules(journey, places, report);
  checkHealth(journey, places, report);
}

function checkIds(parts: readonly (Stage | Persona)[], kind: string, places: Places, report: Report): void {
  const seen = new Set(['']);
  for (const part of parts) {
    if (part.id !== '' && seen.has(part.id)) {
      report('duplicate_id', places.of(part, 'id'), `there is another ${kind} with the id ${part.id}`);
    }
    seen.add(part.id);
  }
}

function checkPersonas(journey: Journey, places: Places, report: Report): void {
  for (const persona of journey.personas) {
    if (!canHoldTogether(persona.where)) {
      report(
        'conditions_contradict',
        places.of(persona, 'where'),
        'nobody is this persona: the conditions exclude each other',
      );
    }
  }
  const isEmptyList = journey.personas.length === 0 && !places.has(journey, 'personas');
  if (journey.segments.includes('persona') && isEmptyList) {
    report(
      'persona_without_personas',
      places.of(journey, 'segments'),
      'the segment persona needs personas, and none are defined',
    );
  }
}

function checkTerminals(journey: Journey, places: Places, report: Report): void {
  for (const [index, stage] of journey.stages.entries()) {
    if (!stage.terminal) continue;
    if (journey.progress === 'forward' && index < journey.stages.length - 1) {
      report(
        'terminal_not_last',
        places.of(stage, 'terminal'),
        'a terminal stage completes the journey, so with progress: forward it is the last one',
      );
    }
    if (stage.lostAfterUs !== null) {
      report(
        'terminal_with_lost_after',
        places.of(stage, 'lost_after'),
        'nobody stays in a terminal stage, so nobody is lost there: leave lost_after out',
      );
    }
  }
}
