import { type Condition, formatDuration, type Journey, type Rule, type Stage, titleOf } from '@michinori/journey';
import { displayWidth, fitColumns, printable } from './columns.ts';

/** Draws a journey for a terminal: its stages one below the other, how each is entered, and what ends a visit. */
export function drawJourney(journey: Journey, width: number, language = 'en'): string {
  const { id, version, title, unit, progress, timezone, segments, stages, exit } = journey;
  const name = titleOf(title, id, language);
  const facts = [
    `per ${unit}`,
    progress === 'forward' ? 'only forward' : 'forward and back',
    timezone,
    segments.length === 0 ? '' : `by ${segments.join(', ')}`,
  ];
  const lines = [
    `${id} ${version}${name === id ? '' : ` · ${name}`}`,
    facts.filter((fact) => fact !== '').join(' · '),
    '',
    ...stages.flatMap((stage, index) => drawStage(stage, index === stages.length - 1, longestOf(stages), language)),
  ];
  if (exit.length > 0) lines.push('', ...list('✗ lost by ', exit.map(ruleText)));
  return `${lines.map((line) => cut(line, width)).join('\n')}\n`;
}

function longestOf(stages: readonly Stage[]): number {
  return Math.max(...stages.map(({ id }) => displayWidth(id)));
}

function drawStage(stage: Stage, isLast: boolean, width: number, language: string): string[] {
  const { id, title, terminal, enter, expectedUs, lostAfterUs, horizonUs } = stage;
  const name = titleOf(title, id, language);
  const facts = terminal
    ? ['completes the journey']
    : [
        expectedUs === null ? '' : `expected ${formatDuration(expectedUs)}`,
        lostAfterUs === null ? 'silence is no loss' : `lost after ${formatDuration(lostAfterUs)} of silence`,
        `judged after ${formatDuration(horizonUs)}`,
      ];
  const heading = [name === id ? '' : name, ...facts].filter((fact) => fact !== '').join(' · ');
  const rail = isLast ? ' ' : '│';
  return [
    `  ${terminal ? '◼' : '●'} ${fitColumns(id, width)}  ${heading}`,
    ...list(`  ${rail}   ← `, enter.map(ruleText), `  ${rail}     `),
    ...(isLast ? [] : [`  ${rail}`]),
  ];
}

function list(first: string, texts: readonly string[], next = ' '.repeat(first.length)): string[] {
  return texts.map((text, index) => `${index === 0 ? first : next}${text}`);
}

function ruleText({ touchpoint, where, count }: Rule): string {
  const times = count === null ? '' : `${count.times} × `;
  const within = count === null || count.withinUs === null ? '' : ` within ${formatDuration(count.withinUs)}`;
  return `${times}${touchpoint}${within}${where.length === 0 ? '' : ` where ${where.map(conditionText).join(' and ')}`}`;
}

function conditionText({ property, trait, channel, team, op, value }: Condition): string {
  const subject =
    property !== undefined
      ? `property ${property}`
      : trait !== undefined
        ? `trait ${trait}`
        : channel
          ? 'channel'
          : team
            ? 'team'
            : 'account';
  return `${subject} ${op}${value === undefined ? '' : ` ${[value].flat().join(', ')}`}`;
}

function cut(line: string, width: number): string {
  const safe = printable(line);
  return displayWidth(safe) <= width ? safe : fitColumns(safe, width);
}
