import { type FilterDraft, filterParts, filterText, readFilterParts, readJson, readSubject } from './filter-draft.ts';
import {
  type ExclusionDraft,
  type FunnelState,
  orders,
  type Span,
  trendIntervals,
  units,
  windowUnits,
} from './funnel-state.ts';

type Changes = Record<string, string | readonly string[] | null>;

const lettersOf = { minute: 'min', hour: 'h', day: 'd', week: 'w' } as const;

/**
 * Reads `step=trial.started&step=?training.attended&order=strict&window=14d&unit=account`, and of single steps `where=[2,"trait:plan","eq","pro"]`, `within=2:3d`,
 * `atLeast=2:1h`; `exclude=["cancelled",1,2]` with filters after it, `hold=trait:plan`, `filter=["channel","eq","web"]`, `trend=week`, `times=1..3`.
 */
export function readFunnel(query: URLSearchParams): FunnelState {
  const wheres = query.getAll('where').flatMap((text) => readWhere(text) ?? []);
  const gaps = (name: string) => new Map(query.getAll(name).flatMap((text) => readGap(text) ?? []));
  const [withins, leasts] = [gaps('within'), gaps('atLeast')];
  const steps = query.getAll('step').map((text, index) => {
    const isOptional = text.startsWith('?');
    const where = wheres.filter(({ step }) => step === index + 1).map(({ filter }) => filter);
    const within = withins.get(index + 1);
    const atLeast = leasts.get(index + 1);
    return { text: isOptional ? text.slice(1) : text, isOptional, where: filled(where), within, atLeast };
  });
  const [, from = '', to = ''] = /^(\d{1,2})\.\.(\d{1,2})$/.exec(query.get('times') ?? '') ?? [];
  return {
    steps,
    order: orders.find((order) => order === query.get('order')) ?? 'sequential',
    window: readSpan(query.get('window') ?? '') ?? { value: 30, unit: 'day' },
    unit: units.find((known) => known === query.get('unit')) ?? 'customer',
    exclude: filled(query.getAll('exclude').flatMap((text) => readExclusion(text) ?? [])),
    hold: filled(query.getAll('hold').flatMap((text) => readSubject(text) ?? [])),
    filter: filled(query.getAll('filter').flatMap((text) => readFilterParts(readJson(text)) ?? [])),
    trend: trendIntervals.find((known) => known === query.get('trend')),
    times: from === '' ? undefined : { from: Number(from), to: Number(to) },
  };
}

/** The parameters of an address for a funnel; the inverse of `readFunnel`. What is usual is left out. */
export function writeFunnel(state: FunnelState): Changes {
  const { steps, order, window, unit, exclude = [], hold = [], filter = [], trend, times } = state;
  const gaps = (name: 'within' | 'atLeast') =>
    steps.flatMap((step, index) => {
      const span = step[name];
      return span === undefined ? [] : [`${index + 1}:${spanText(span)}`];
    });
  return {
    step: steps.map(({ text, isOptional }) => `${isOptional ? '?' : ''}${text}`),
    where: steps.flatMap(({ where = [] }, index) =>
      where.map((one) => JSON.stringify([index + 1, ...filterParts(one)])),
    ),
    within: gaps('within'),
    atLeast: gaps('atLeast'),
    order: order === 'sequential' ? null : order,
    window: spanText(window),
    unit: unit === 'customer' ? null : unit,
    exclude: exclude.map(({ text, after, before, where = [] }) =>
      JSON.stringify([text, after, before, ...where.map(filterParts)]),
    ),
    hold: hold.map(({ kind, name }) => (kind === 'trait' || kind === 'property' ? `${kind}:${name}` : kind)),
    filter: filter.map(filterText),
    trend: trend ?? null,
    times: times === undefined ? null : `${times.from}..${times.to}`,
  };
}

const spanText = ({ value, unit }: Span): string => `${value}${lettersOf[unit]}`;

function readSpan(text: string): Span | undefined {
  const [, value = '', letter = ''] = /^(\d{1,5})(min|h|d|w)$/.exec(text) ?? [];
  const unit = windowUnits.find((known) => lettersOf[known] === letter);
  return unit !== undefined && Number(value) > 0 ? { value: Number(value), unit } : undefined;
}

function readGap(text: string): [number, Span][] | null {
  const [step = '', rest = ''] = text.split(':');
  const span = readSpan(rest);
  return span === undefined ? null : [[Number(step), span]];
}

function readWhere(text: string): { step: number; filter: FilterDraft } | null {
  const parts = readJson(text);
  if (!Array.isArray(parts) || typeof parts[0] !== 'number') return null;
  const filter = readFilterParts(parts.slice(1));
  return filter === null ? null : { step: parts[0], filter };
}

function readExclusion(text: string): ExclusionDraft | null {
  const parts = readJson(text);
  if (!Array.isArray(parts)) return null;
  const [name, after, before, ...rest] = parts as unknown[];
  if (typeof name !== 'string' || typeof after !== 'number' || typeof before !== 'number') return null;
  return { text: name, after, before, where: filled(rest.flatMap((one) => readFilterParts(one) ?? [])) };
}

/** Nothing in place of an empty list. */
const filled = <Item>(items: readonly Item[]): readonly Item[] | undefined => (items.length === 0 ? undefined : items);
