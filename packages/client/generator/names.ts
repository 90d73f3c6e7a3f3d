import type { Operation } from './document.ts';

/** Where the rule of `nameOf` gives a name that nobody would look for. */
const chosen: Readonly<Record<string, readonly [group: string, name: string]>> = {
  'POST /v1/journeys': ['journeys', 'apply'],
  'POST /v1/improvements': ['improvements', 'record'],
  'POST /v1/alerts/rules': ['alerts', 'applyRules'],
  'POST /v1/rebuild': ['journeys', 'rebuildAll'],
  'POST /v1/erasures': ['erasures', 'request'],
};

/** Groups whose first segment is a word that TypeScript keeps to itself. */
const groupNames: Readonly<Record<string, string>> = { export: 'exports', import: 'imports' };
const reserved =
  /^(break|case|catch|class|const|continue|default|delete|do|else|enum|export|false|finally|for|function|if|import|in|new|null|return|super|switch|this|throw|true|try|typeof|var|void|while|with|let|static|yield|await)$/;

const collectionNames: Readonly<Record<string, string>> = { GET: 'list', POST: 'create' };
const memberNames: Readonly<Record<string, string>> = {
  GET: 'get',
  POST: 'act',
  PUT: 'put',
  PATCH: 'change',
  DELETE: 'remove',
};

/** `dead-letters` → `deadLetters` */
export const camelCase = (text: string): string =>
  text.replace(/[-_]+(\w)/g, (_, letter: string) => letter.toUpperCase());

/** `dead-letters` → `DeadLetters` */
export function pascalCase(text: string): string {
  const camel = camelCase(text);
  return camel.charAt(0).toUpperCase() + camel.slice(1);
}

/** `journeys` → `journey`, `entries` → `entry` */
export const singular = (text: string): string => text.replace(/ies$/, 'y').replace(/([^s])s$/, '$1');

/**
 * The name of an operation in the client. The first segment after `/v1` is the group; then `/journeys` is `journeys.list`, `/journeys/{journey}`
 * `journeys.get`, `/journeys/{journey}/cycle-time` `journeys.cycleTime`, `/journeys/{journey}/visits/{visit}` `journeys.getVisit`.
 *
 * @throws Error for a reserved word
 */
export function nameOf(operation: Pick<Operation, 'method' | 'path'>): { group: string; name: string } {
  const { group, name } = ruledName(operation);
  if (reserved.test(group) || reserved.test(name))
    throw new Error(`no name for ${group}.${name}: choose one in names.ts`);
  return { group, name };
}

function ruledName({ method, path }: Pick<Operation, 'method' | 'path'>): { group: string; name: string } {
  const override = chosen[`${method} ${path}`];
  if (override !== undefined) return { group: override[0], name: override[1] };
  const [first = '', ...rest] = path.split('/').slice(2);
  const group = groupNames[first] ?? camelCase(first);
  const last = rest.at(-1);
  if (last === undefined) return { group, name: collectionNames[method] ?? method.toLowerCase() };
  const fixed = rest.filter((segment) => !segment.startsWith('{')).join('-');
  if (last.startsWith('{')) {
    const verb = memberNames[method] ?? method.toLowerCase();
    return { group, name: fixed === '' ? verb : camelCase(`${verb}-${singular(fixed)}`) };
  }
  return { group, name: camelCase(method === 'GET' || method === 'POST' ? fixed : `${method.toLowerCase()}-${fixed}`) };
}

/**
 * Names of all operations, in their order. A path that is both asked and written to keeps its name for GET; the other one has its method in front.
 *
 * @throws Error if two have one name
 */
export function nameAll(operations: readonly Operation[]): { group: string; name: string }[] {
  const reads = new Set(operations.filter(({ method }) => method === 'GET').map((operation) => key(nameOf(operation))));
  const names = operations.map((operation) => {
    const { group, name } = nameOf(operation);
    const isTaken = operation.method !== 'GET' && reads.has(key({ group, name }));
    return { group, name: isTaken ? operation.method.toLowerCase() + pascalCase(name) : name };
  });
  const twice = names.map(key).find((name, i, all) => all.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`two operations are called ${twice}: choose a name in names.ts`);
  return names;
}

const key = ({ group, name }: { group: string; name: string }): string => `${group}.${name}`;
