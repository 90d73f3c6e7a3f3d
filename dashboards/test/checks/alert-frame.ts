import type { Frame } from '../infinity/frame.ts';

/**
 * Why Grafana's expressions can't read a frame as numbers with labels (dataplane numeric long: one number, texts as its labels, and each combination of them
 * once); empty where they can. `''` and null are the same label.
 */
export function notNumeric({ fields, rows }: Frame): string[] {
  const numbers = fields.filter(({ type }) => type === 'number');
  const labels = fields.filter(({ type }) => type === 'string');
  const combinations = Array.from({ length: rows }, (_, row) =>
    JSON.stringify(labels.map(({ values }) => values[row] ?? '')),
  );
  return [
    ...(fields.some(({ type }) => type === 'time') ? ['has a time: it would be a series'] : []),
    ...(numbers.length === 1 ? [] : [`has ${numbers.length} numbers`]),
    ...(rows > 1 && labels.length === 0 ? ['has no labels'] : []),
    ...(new Set(combinations).size === rows ? [] : ['has the same labels twice']),
    ...(numbers.some(({ values }) => values.includes(null)) ? ['has a number that is null'] : []),
  ];
}
