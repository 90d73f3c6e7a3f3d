import type { Dashboard, Variable } from '../dashboard-files.ts';
import { askInfinity } from '../infinity/ask.ts';
import type { Frame } from '../infinity/frame.ts';
import type { TimeRange } from '../infinity/macros.ts';
import { mapQuery, readQuery } from '../infinity/query.ts';
import type { Datasource } from '../infinity/request.ts';
import { NotEmulated } from '../not-emulated.ts';
import { interpolate, type Scope, type VariableValue } from './interpolate.ts';

/** Which of its choices a variable has: the first that the API gave, or the one that stands for none or all of them. */
export type Choice = 'first' | 'none';

export interface FilledVariables {
  values: ReadonlyMap<string, VariableValue>;
  texts: ReadonlyMap<string, string>;
  /** Choices of each variable, as a person would see them. */
  choices: ReadonlyMap<string, { value: string; text: string }[]>;
}

/**
 * Fills the variables of a dashboard in their order, each by its own query, as Grafana does when a dashboard is opened.
 *
 * @param fixed values that are given, as if they stood in the address
 * @throws Error where a query fails
 */
export async function fillVariables(
  dashboard: Dashboard,
  choice: Choice,
  fixed: Readonly<Record<string, string>>,
  range: TimeRange,
  datasource: Datasource,
): Promise<FilledVariables> {
  const values = new Map<string, VariableValue>();
  const texts = new Map<string, string>();
  const choices: Map<string, { value: string; text: string }[]> = new Map();
  for (const variable of dashboard.templating.list) {
    const scope: Scope = { variables: values, texts, ...range, timezone: 'Asia/Tokyo', intervalMs: 60_000 };
    const own = await choicesOf(variable, scope, range, datasource);
    choices.set(variable.name, own);
    const none = own.find(({ value }) => value === '*');
    // From a stage to itself is no way: two variables with the same choices get different ones.
    const taken = dashboard.templating.list
      .filter((other) => other !== variable && JSON.stringify(other.query) === JSON.stringify(variable.query))
      .map(({ name }) => values.get(name));
    const chosen =
      own.find(({ value }) => value === fixed[variable.name]) ??
      (choice === 'none' ? none : undefined) ??
      own.find(({ value }) => value !== '*' && !taken.includes(value)) ??
      none;
    // Grafana gives a variable without choices the empty text.
    const { value, text } = chosen ?? { value: '', text: '' };
    values.set(variable.name, variable.multi === true && value !== '*' ? [value] : value);
    texts.set(variable.name, text);
  }
  return { values, texts, choices };
}

async function choicesOf(
  variable: Variable,
  scope: Scope,
  range: TimeRange,
  datasource: Datasource,
): Promise<{ value: string; text: string }[]> {
  const { type, query, regex = '', staticOptions = [], staticOptionsOrder = 'before', includeAll, allValue } = variable;
  if (type === 'custom') return splitChoices(String(query ?? ''));
  if (type === 'constant') return [{ value: String(query ?? ''), text: String(query ?? '') }];
  if (type !== 'query') throw new NotEmulated(`a variable of the type ${type}`);
  if (regex !== '') throw new NotEmulated(`the regex of the variable ${variable.name}`);
  const { queryType, infinityQuery, meta } = query as {
    queryType?: string;
    infinityQuery?: unknown;
    meta?: { valueField?: string; textField?: string };
  };
  if (queryType !== 'infinity') throw new NotEmulated(`a variable query of the type ${queryType}`);
  const asked = mapQuery(readQuery(infinityQuery), (text) => interpolate(text, scope));
  const { frame } = await askInfinity(asked, range, datasource);
  const found = frame.rows === 0 ? [] : pairs(frame, meta?.valueField, meta?.textField);
  const all = includeAll === true ? [{ value: allValue ?? '*', text: 'All' }] : [];
  const before = staticOptionsOrder === 'after' ? [...found, ...staticOptions] : [...staticOptions, ...found];
  return unique([...all, ...before]);
}

/** Which fields are text and value is said by `meta`, as the plugin's variable editor writes it. */
function pairs(frame: Frame, valueField = '', textField = ''): { value: string; text: string }[] {
  const [values, texts] = [valueField, textField].map(
    (name) => frame.fields.find((field) => field.name === name)?.values,
  );
  if (values === undefined || texts === undefined)
    throw new Error(`the variable's fields ${valueField} and ${textField} aren't in the answer`);
  return values.map((value, row) => ({ value: String(value ?? ''), text: String(texts[row] ?? '') }));
}

const splitChoices = (text: string): { value: string; text: string }[] =>
  text.split(',').map((choice) => {
    const [label = '', value = label] = choice.split(' : ').map((part) => part.trim());
    return { value, text: label };
  });

const unique = (choices: { value: string; text: string }[]): { value: string; text: string }[] =>
  choices.filter(({ value }, index) => choices.findIndex((other) => other.value === value) === index);
