import { type Cursor, shapeOf } from './cursor.ts';
import { type HealthAction, healthSignals, taskPlaceholders } from './health.ts';
import { readId } from './identifiers.ts';
import { journeyLimits } from './limits.ts';
import { nearestWord } from './nearest-word.ts';
import type { Places } from './places.ts';
import type { Report } from './problem.ts';
import { readTitle } from './read-title.ts';
import { readDuration, readText, readWord } from './scalars.ts';

/** An action on a signal, or null if anything of it is wrong. */
export function readHealthAction(cursor: Cursor, places: Places, report: Report): HealthAction | null {
  const members = shapeOf(cursor, ['signal', 'webhook', 'task'], ['signal'], report);
  if (members === null) return null;
  const [named, webhook, task] = [members.get('signal'), members.get('webhook'), members.get('task')];
  const signal = named === undefined ? null : readWord(named, healthSignals, report);
  if (webhook === undefined && task === undefined) {
    report('action_without_effect', cursor, 'an action needs a webhook, a task, or both');
    return null;
  }
  const channel = webhook === undefined ? null : readId(webhook, report);
  const work = task === undefined ? null : readTask(task, report);
  if (signal === null || (webhook !== undefined && channel === null) || (task !== undefined && work === null))
    return null;
  const action: HealthAction = { signal, webhook: channel, task: work };
  places.set(action, cursor, members);
  return action;
}

function readTask(cursor: Cursor, report: Report): HealthAction['task'] {
  const needed = ['owner', 'due', 'text'];
  const members = shapeOf(cursor, needed, needed, report);
  if (members === null) return null;
  const [named, due, text] = [members.get('owner'), members.get('due'), members.get('text')];
  const owner = named === undefined ? null : readText(named, journeyLimits.nameLengthMax, report);
  const dueUs = due === undefined ? null : readDuration(due, report);
  const texts = readTitle(text, report);
  for (const each of Object.values(texts)) if (text !== undefined) checkPlaceholders(each, text, report);
  return owner === null || dueUs === null || Object.keys(texts).length === 0 ? null : { owner, dueUs, text: texts };
}

function checkPlaceholders(text: string, at: Cursor, report: Report): void {
  for (const [whole, name = ''] of text.matchAll(/\{([^{}]*)\}/g)) {
    if (taskPlaceholders.some((known) => known === name)) continue;
    const near = nearestWord(name, taskPlaceholders);
    report(
      'unknown_placeholder',
      at,
      `there is no placeholder ${whole.slice(0, 60)}, only ${taskPlaceholders.map((known) => `{${known}}`).join(', ')}`,
      near === null ? null : `{${near}}`,
    );
  }
}
