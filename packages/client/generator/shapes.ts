import type { Operation, Schema } from './document.ts';
import { pascalCase, singular } from './names.ts';
import { type Direction, renderMembers } from './render-type.ts';

/** Names of shapes by the members that have them, where the member's own name would say too little. */
const chosen: Readonly<Record<string, string>> = {
  where: 'Filter',
  filter: 'Filter',
  window: 'Duration',
  within: 'Duration',
  atLeast: 'Duration',
  steps: 'FunnelStep',
  exclude: 'FunnelExclusion',
  breakdown: 'FunnelBreakdown',
  trend: 'FunnelTrend',
};

/** Objects that stand in several places: each has a name and is written once. */
export interface Shapes {
  /** The name of a shared shape, or null for an object that stands in one place only. */
  nameFor(schema: Schema, direction: Direction, member: string): string | null;
  /** All that were named, as TypeScript. */
  render(): { name: string; text: string }[];
}

/** Counts the objects inside what is sent and what comes; those that stand twice or more are shared. */
export function sharedShapes(operations: readonly Operation[]): Shapes {
  const counts = new Map<string, number>();
  const keyOf = (schema: Schema, direction: Direction): string =>
    `${direction} ${JSON.stringify({ ...schema, default: undefined, description: undefined })}`;
  const count = (schema: Schema, direction: Direction): void => {
    for (const inner of objectsInside(schema)) {
      const key = keyOf(inner, direction);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  };
  for (const { body, row, meta } of operations) {
    if (body !== null) count(body, 'in');
    count(row, 'out');
    count(meta, 'out');
  }
  const named = new Map<string, { name: string; schema: Schema; direction: Direction }>();
  const shapes: Shapes = {
    nameFor(schema, direction, member) {
      const key = keyOf(schema, direction);
      if ((counts.get(key) ?? 0) < 2) return null;
      const before = named.get(key);
      if (before !== undefined) return before.name;
      const wanted = chosen[member] ?? pascalCase(singular(member));
      const taken = new Set([...named.values()].map(({ name }) => name));
      let name = wanted;
      for (let n = 2; taken.has(name); n++) name = `${wanted}${n}`;
      named.set(key, { name, schema, direction });
      return name;
    },
    render() {
      const texts = new Map<string, string>();
      // Rendering one may name another.
      for (let before = -1; before !== texts.size; ) {
        before = texts.size;
        for (const { name, schema, direction } of [...named.values()]) {
          if (!texts.has(name)) texts.set(name, `export type ${name} = ${renderMembers(schema, direction, shapes)};\n`);
        }
      }
      return [...texts].map(([name, text]) => ({ name, text })).sort((a, b) => (a.name < b.name ? -1 : 1));
    },
  };
  return shapes;
}

function objectsInside(schema: Schema): Schema[] {
  const inner = [
    ...(schema.anyOf ?? schema.oneOf ?? []),
    ...(schema.items === undefined ? [] : [schema.items]),
    ...Object.values(schema.properties ?? {}),
    ...(typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []),
  ];
  return inner.flatMap((one) => [
    ...(Object.keys(one.properties ?? {}).length >= 2 ? [one] : []),
    ...objectsInside(one),
  ]);
}
