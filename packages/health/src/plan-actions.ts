import { healthOf, type Journey, taskPlaceholders, titleOf } from '@michinori/journey';
import type { SignalChange } from './advance-signals.ts';

/** What is to be done because a signal was raised. */
export interface PlannedAction {
  readonly change: SignalChange;
  /** Name of the webhook channel; null: none. */
  readonly webhook: string | null;
  readonly task: PlannedTask | null;
}

export interface PlannedTask {
  readonly owner: string;
  readonly dueUs: number;
  /** By language, with the placeholders filled in. */
  readonly text: Readonly<Record<string, string>>;
}

const MOVEMENTS_MAX = 5;

/**
 * The actions of the definition for signals that were raised, in the order of the changes, then of the definition. A customer
 * known by an anonymous id only is named by that.
 */
export function planActions(changes: readonly SignalChange[], journey: Journey): PlannedAction[] {
  const actions = healthOf(journey)?.actions ?? [];
  return changes
    .filter(({ change }) => change === 'raised')
    .flatMap((change) =>
      actions
        .filter(({ signal }) => signal === change.signal)
        .map(({ webhook, task }) => ({
          change,
          webhook,
          task: task && {
            owner: task.owner,
            dueUs: change.atUs + task.dueUs,
            text: Object.fromEntries(
              Object.entries(task.text).map(([language, text]) => [language, filled(text, change, journey, language)]),
            ),
          },
        })),
    );
}

function filled(text: string, change: SignalChange, journey: Journey, language: string): string {
  const stage = journey.stages.find(({ id }) => id === change.stage);
  const values: Record<(typeof taskPlaceholders)[number], string> = {
    customer: change.customer.replace(/^\0/, ''),
    journey: titleOf(journey.title, journey.id, language),
    stage: titleOf(stage?.title ?? {}, change.stage, language),
    score: change.score === null ? '–' : String(change.score),
    rules: rulesText(change, journey, language),
  };
  return text.replaceAll(/\{([a-z]+)\}/g, (whole, name: string) => {
    const known = taskPlaceholders.find((placeholder) => placeholder === name);
    return known === undefined ? whole : values[known];
  });
}

/** The rules that moved the score, the largest change first: `No use −18, Tickets −12`. */
function rulesText({ moved, stage }: SignalChange, journey: Journey, language: string): string {
  const own = journey.stages.find(({ id }) => id === stage)?.health ?? [];
  const common = healthOf(journey)?.rules ?? [];
  const names = moved.flatMap(({ rule, from, to }) => {
    if (rule === null) return [];
    const title = [...own, ...common].find(({ id }) => id === rule)?.title ?? {};
    const points = to - from;
    return [`${titleOf(title, rule, language)} ${points < 0 ? `−${-points}` : `+${points}`}`];
  });
  return names.length === 0 ? '–' : names.slice(0, MOVEMENTS_MAX).join(', ');
}
