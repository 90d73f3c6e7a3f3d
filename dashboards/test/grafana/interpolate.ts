import { NotEmulated } from '../not-emulated.ts';

/** A value of a variable; a list where it is one of several values. */
export type VariableValue = string | number | readonly string[];

export interface Scope {
  /** Values by the names of the variables. */
  readonly variables: ReadonlyMap<string, VariableValue>;
  readonly texts?: ReadonlyMap<string, string>;
  readonly fromMs: number;
  readonly toMs: number;
  readonly timezone: string;
  readonly intervalMs: number;
}

const syntax = /\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\${(\w+)(?:\.([^:^}]+))?(?::([^}]+))?}/g;

/** Names that Grafana's pages fill in and this doesn't. */
const otherNames =
  /^__(dashboard|org|user|data|field|value|series|cell|name|all_variables|interval_ms|rate_interval_ms|searchFilter)$/;

/**
 * What Grafana's page makes of a text before a datasource sees it (@grafana/scenes, sceneInterpolator and formatRegistry): `$name`, `${name}`,
 * `${name:format}` and `[[name]]`, `glob` where nothing else is said. A name that nobody knows stays as it stands, which is what leaves Infinity's own macros alone.
 */
export function interpolate(text: string, scope: Scope): string {
  return text.replace(syntax, (whole, plain, old, oldFormat, braced, fieldPath, bracedFormat) => {
    const name: string = plain ?? old ?? braced;
    if (otherNames.test(name)) throw new NotEmulated(`the variable ${name} of Grafana`);
    const value = readValue(name, scope);
    if (value === undefined) return whole;
    if (fieldPath !== undefined) throw new NotEmulated(`a field of a variable: ${whole}`);
    const [format = 'glob', ...args] = String(oldFormat ?? bracedFormat ?? 'glob').split(':');
    return formatValue(format, args, value, name, scope);
  });
}

/** Names of the variables that a text uses and that a dashboard has to declare: without those of Grafana and of Infinity. */
export function usedVariables(text: string): string[] {
  const names = [...text.matchAll(syntax)].map(([, plain, old, , braced]) => plain ?? old ?? braced ?? '');
  return [...new Set(names.filter((name) => !name.startsWith('__') && !/^\d+$/.test(name)))];
}

function readValue(name: string, scope: Scope): VariableValue | undefined {
  if (name === '__from') return scope.fromMs;
  if (name === '__to') return scope.toMs;
  if (name === '__timezone') return scope.timezone;
  if (name === '__interval') return `${Math.round(scope.intervalMs / 1_000)}s`;
  if (name === '__rate_interval') return `${Math.round(scope.intervalMs / 250)}s`;
  if (name === '__range') return `${Math.round((scope.toMs - scope.fromMs) / 1_000)}s`;
  if (name === '__range_s') return Math.round((scope.toMs - scope.fromMs) / 1_000);
  if (name === '__range_ms') return scope.toMs - scope.fromMs;
  if (name === '__url_time_range') return `from=${scope.fromMs}&to=${scope.toMs}`;
  return scope.variables.get(name);
}

const strict = (text: string): string =>
  text.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
const encode = (value: string | number): string => strict(encodeURIComponent(value));

function formatValue(format: string, args: string[], value: VariableValue, name: string, scope: Scope): string {
  const list = typeof value === 'object' ? value : undefined;
  const each = list ?? [String(value)];
  const quoted = (sign: string, escaped: string) =>
    each.map((one) => `${sign}${one.replaceAll(sign, escaped)}${sign}`).join(',');
  switch (format) {
    case 'glob':
      return list !== undefined && list.length > 1 ? `{${list.join(',')}}` : String(value);
    case 'raw':
      return String(value);
    case 'csv':
      return each.join(',');
    case 'pipe':
      return each.join('|');
    case 'join':
      return each.join(args[0] ?? ',');
    // One value stays without quotes: only a list becomes JSON.
    case 'json':
      return typeof value === 'string' ? value : JSON.stringify(value);
    case 'doublequote':
      return quoted('"', '\\"');
    case 'singlequote':
      return quoted("'", "\\'");
    case 'percentencode':
      return encode(list === undefined ? String(value) : `{${list.join(',')}}`);
    case 'queryparam':
      return each.map((one) => `var-${name}=${encode(one)}`).join('&');
    case 'customqueryparam':
      return each.map((one) => `${encode(args[0] || name)}=${encode(args[1] ?? '')}${encode(one)}`).join('&');
    case 'regex':
      return inAlternatives(each.map((one) => one.replace(/[\\^$*+?.()|[\]{}/]/g, '\\$&')));
    case 'text':
      return scope.texts?.get(name) ?? each.join(' + ');
    case 'date':
      return formatDate(Number(value), args[0] ?? 'iso');
    default:
      throw new NotEmulated(`the format ${format} of ${name}`);
  }
}

const inAlternatives = (values: string[]): string =>
  values.length === 1 ? (values[0] ?? '') : `(${values.join('|')})`;

function formatDate(ms: number, format: string): string {
  if (Number.isNaN(ms)) return 'NaN';
  if (format === 'ms') return String(ms);
  if (format === 'seconds') return String(Math.round(ms / 1_000));
  if (format === 'iso') return new Date(ms).toISOString();
  throw new NotEmulated(`the date format ${format}`);
}
